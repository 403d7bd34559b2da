using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// t the number of the step from 1, c1 and c2 the bias corrections, R the rectification of the step:
//
//     m = b1 m + (1 - b1) g
//     v = b2 v + (1 - b2) g^2
//     w = (1 - r d) w - (r / c1) R m sqrt(c2) / (sqrt(v) + epsilon)      where the variance of v can be rectified,
//     w = (1 - r d) w - (r / c1) m                                       in the first steps, where it cannot

/// <summary>Rectified Adam: plain momentum until the second moment can be trusted (Liu et al., ICLR 2020).</summary>
internal sealed class RAdamOptimizer(int parameterCount)
    : ParameterOptimizer(parameterCount, ["first moment", "second moment"], [.. BiasCorrection.Scalars, ("steps", 0)])
{
    // As PyTorch; the paper's 4 lets in one step more.
    private const double LeastLength = 5;

    public override bool IsAdaptive => true;

    public override double StepSize(int index, double rate, in StepValues values)
    {
        var correction = BiasCorrection.Of(Scalars);
        return Rectification.Of(values.Beta2, Scalars[1], Scalars[2]).Factor(LeastLength) is double factor
            ? rate / correction.First * factor * Math.Sqrt(correction.Second) / (Math.Sqrt(Slots[1].Span[index]) + values.Epsilon)
            : rate / correction.First;
    }

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        var correction = BiasCorrection.Advance(Scalars, values);
        Scalars[2]++;
        double? factor = Rectification.Of(values.Beta2, Scalars[1], Scalars[2]).Factor(LeastLength);
        foreach (ref readonly var group in groups)
            target.Apply(new RAdamRule(values, group, correction, factor), group);
    }
}

internal readonly struct RAdamRule(in StepValues values, in ParameterGroup group, in BiasCorrection correction, double? factor) : IUpdateRule
{
    private readonly double _beta1 = values.Beta1;
    private readonly double _beta2 = values.Beta2;
    private readonly double _rate = values.RateOf(group) / correction.First * (factor * Math.Sqrt(correction.Second) ?? 1);
    private readonly bool _isRectified = factor is not null;
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
        slot1 = Moments.MeanSquare<TSimd, TVector, TElement>(_beta2, slot1, g);
        var direction = _isRectified ? TSimd.Divide(slot0, TSimd.Add(TSimd.SquareRoot(slot1), TSimd.Parameter(_epsilon))) : slot0;
        weight = Moments.Move<TSimd, TVector, TElement>(_kept, weight, _rate, direction);
    }
}
