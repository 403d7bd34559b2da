using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

//     c = b1 m + (1 - b1) g
//     w = (1 - r d) w - r sign(c)
//     m = b2 m + (1 - b2) g

/// <summary>Lion: every parameter moves by the rate, in the direction of an interpolated gradient (Chen et al., NeurIPS 2023).</summary>
internal sealed class LionOptimizer(int parameterCount) : ParameterOptimizer(parameterCount, ["momentum"])
{
    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        foreach (ref readonly var group in groups)
            target.Apply(new LionRule(values, group), group);
    }
}

internal readonly struct LionRule(in StepValues values, in ParameterGroup group) : IUpdateRule
{
    private readonly double _rate = values.RateOf(group);
    private readonly double _beta1 = values.Beta1;
    private readonly double _beta2 = values.Beta2;
    private readonly double _penalty = values.PenaltyOf(group);
    private readonly double _kept = values.KeptShareOf(group);

    public static int NumberOfSlots => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = TSimd.FusedMultiplyAdd(TSimd.Parameter(_penalty), weight, gradient);
        var direction = Moments.Mean<TSimd, TVector, TElement>(_beta1, slot0, g);
        weight = Moments.Move<TSimd, TVector, TElement>(_kept, weight, _rate, Moments.Sign<TSimd, TVector, TElement>(direction));
        slot0 = Moments.Mean<TSimd, TVector, TElement>(_beta2, slot0, g);
    }
}
