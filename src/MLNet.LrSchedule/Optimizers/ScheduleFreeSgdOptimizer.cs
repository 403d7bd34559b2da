using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// s = g + d y; see ScheduleFreeOptimizer for z, x and y, with the momentum as b.

/// <summary>Schedule-free SGD (Defazio et al., NeurIPS 2024).</summary>
internal sealed class ScheduleFreeSgdOptimizer(int stepPower, int ratePower, int parameterCount)
    : ScheduleFreeOptimizer(parameterCount, stepPower, ratePower)
{
    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        StartWhereNew(target, groups);
        double share = NextShare(values.LearningRate);
        foreach (ref readonly var group in groups)
            target.Apply(new ScheduleFreeSgdRule(values, group, share), group);
    }
}

internal readonly struct ScheduleFreeSgdRule(in StepValues values, in ParameterGroup group, double share) : IUpdateRule
{
    private readonly Averaging _averaging = new(values.RateOf(group), share, values.Momentum);
    private readonly double _penalty = values.PenaltyOf(group) + (group.IsDecayed ? values.WeightDecay : 0);

    public static int NumberOfSlots => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var direction = TSimd.FusedMultiplyAdd(TSimd.Parameter(_penalty), weight, gradient);
        _averaging.Move<TSimd, TVector, TElement>(out weight, direction, ref slot0, ref slot1);
    }
}
