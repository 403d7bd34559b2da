using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// c2 the bias correction of v; see ScheduleFreeOptimizer for z, x and y, with Beta1 as b:
//
//     v = b2 v + (1 - b2) g^2
//     s = g / (sqrt(v / c2) + epsilon) + d y
//
// The rectified form multiplies the rate by RAdam's rectification, and rests (with the rate 0) while there is none.

/// <summary>Schedule-free AdamW and RAdam (Defazio et al., NeurIPS 2024).</summary>
internal sealed class ScheduleFreeAdamOptimizer(bool isRectified, int stepPower, int ratePower, int parameterCount)
    : ScheduleFreeOptimizer(parameterCount, stepPower, ratePower, "second moment")
{
    private const double LeastLength = 4;

    public override bool IsAdaptive => true;

    public override double StepSize(int index, double rate, in StepValues values) =>
        rate * RateFactor(values) / (Math.Sqrt(Slots[2].Span[index] / (1 - Scalars[Beta2Product])) + values.Epsilon);

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        StartWhereNew(target, groups);
        Scalars[Beta2Product] *= values.Beta2;
        double factor = RateFactor(values, Scalars[Steps] + 1);
        double share = NextShare(values.LearningRate * factor);
        foreach (ref readonly var group in groups)
            target.Apply(new ScheduleFreeAdamRule(values, group, factor, share, 1 - Scalars[Beta2Product]), group);
    }

    private double RateFactor(in StepValues values) => RateFactor(values, Scalars[Steps]);

    private double RateFactor(in StepValues values, double steps) =>
        isRectified ? Rectification.Of(values.Beta2, Scalars[Beta2Product], steps).Factor(LeastLength) ?? 0 : 1;
}

internal readonly struct ScheduleFreeAdamRule(in StepValues values, in ParameterGroup group, double rateFactor, double share, double correction) : IUpdateRule
{
    private readonly Averaging _averaging = new(values.RateOf(group) * rateFactor, share, values.Beta1);
    private readonly double _beta2 = values.Beta2;
    private readonly double _rootScale = 1 / Math.Sqrt(correction);
    private readonly double _epsilon = values.Epsilon;
    private readonly double _penalty = values.PenaltyOf(group);
    private readonly double _decay = group.IsDecayed ? values.WeightDecay : 0;

    public static int NumberOfSlots => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = TSimd.FusedMultiplyAdd(TSimd.Parameter(_penalty), weight, gradient);
        slot2 = Moments.MeanSquare<TSimd, TVector, TElement>(_beta2, slot2, g);
        var denominator = TSimd.FusedMultiplyAdd(TSimd.SquareRoot(slot2), TSimd.Parameter(_rootScale), TSimd.Parameter(_epsilon));
        var direction = TSimd.FusedMultiplyAdd(TSimd.Parameter(_decay), weight, TSimd.Divide(g, denominator));
        _averaging.Move<TSimd, TVector, TElement>(out weight, direction, ref slot0, ref slot1);
    }
}
