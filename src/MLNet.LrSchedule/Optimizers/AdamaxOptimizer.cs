using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// c1 the bias correction of m:
//
//     m = b1 m + (1 - b1) g
//     u = max(b2 u, |g| + epsilon)
//     w = (1 - r d) w - (r / c1) m / u

/// <summary>Adam with the largest gradient in place of the root of the mean square (Kingma and Ba, ICLR 2015, section 7.1).</summary>
internal sealed class AdamaxOptimizer(int parameterCount)
    : ParameterOptimizer(parameterCount, ["first moment", "largest gradient"], ("product of beta1", 1))
{
    public override bool IsAdaptive => true;

    public override double StepSize(int index, double rate, in StepValues values) => rate / (1 - Scalars[0]) / Slots[1].Span[index];

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        Scalars[0] *= values.Beta1;
        foreach (ref readonly var group in groups)
            target.Apply(new AdamaxRule(values, group, 1 - Scalars[0]), group);
    }
}

internal readonly struct AdamaxRule(in StepValues values, in ParameterGroup group, double correction) : IUpdateRule
{
    private readonly double _rate = values.RateOf(group) / correction;
    private readonly double _beta1 = values.Beta1;
    private readonly double _beta2 = values.Beta2;
    private readonly double _epsilon = values.Epsilon;
    private readonly double _penalty = values.PenaltyOf(group);
    private readonly double _kept = values.KeptShareOf(group);

    public static int NumberOfSlots => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = TSimd.FusedMultiplyAdd(TSimd.Parameter(_penalty), weight, gradient);
        slot0 = Moments.Mean<TSimd, TVector, TElement>(_beta1, slot0, g);
        var faded = TSimd.Multiply(TSimd.Parameter(_beta2), slot1);
        var current = TSimd.Add(TSimd.Absolute(g), TSimd.Parameter(_epsilon));
        slot1 = TSimd.SelectLessThanOrEqual(current, faded, faded, current);
        weight = Moments.Move<TSimd, TVector, TElement>(_kept, weight, _rate, TSimd.Divide(slot0, slot1));
    }
}
