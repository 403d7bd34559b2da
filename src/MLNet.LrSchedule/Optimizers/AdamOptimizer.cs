using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// g the gradient with the L2 penalty, r the rate, d the decoupled decay, c1 and c2 the bias corrections (see BiasCorrection):
//
//     m = b1 m + (1 - b1) g
//     v = b2 v + (1 - b2) g^2
//     w = (1 - r d) w - (r / c1) m / (sqrt(u / c2) + epsilon)
//
// u is v, or with AMSGrad the largest v so far. Where epsilon comes before the correction, it is divided by sqrt(c2) as well.

/// <summary>Adam (Kingma and Ba, ICLR 2015) with AMSGrad (Reddi, Kale and Kumar, ICLR 2018); AdamW by its decoupled decay (Loshchilov and Hutter, ICLR 2019).</summary>
internal sealed class AdamOptimizer(bool amsGrad, EpsilonPlacement placement, int parameterCount) : ParameterOptimizer(
    parameterCount,
    amsGrad ? ["first moment", "second moment", "largest second moment"] : ["first moment", "second moment"],
    BiasCorrection.Scalars)
{
    public override bool IsAdaptive => true;

    public override double StepSize(int index, double rate, in StepValues values)
    {
        var numbers = new AdamNumbers(values, new ParameterGroup(0, 0), BiasCorrection.Of(Scalars), placement);
        return rate / BiasCorrection.Of(Scalars).First / (Math.Sqrt(Slots[^1].Span[index]) * numbers.RootScale + numbers.Epsilon);
    }

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        var correction = BiasCorrection.Advance(Scalars, values);
        foreach (ref readonly var group in groups)
        {
            var numbers = new AdamNumbers(values, group, correction, placement);
            if (amsGrad)
                target.Apply(new AmsGradRule(numbers), group);
            else
                target.Apply(new AdamRule(numbers), group);
        }
    }
}

/// <summary>One step's numbers of Adam for one group.</summary>
internal readonly struct AdamNumbers(in StepValues values, in ParameterGroup group, in BiasCorrection correction, EpsilonPlacement placement)
{
    public readonly double Rate = values.RateOf(group) / correction.First;
    public readonly double Beta1 = values.Beta1;
    public readonly double Beta2 = values.Beta2;
    public readonly double RootScale = 1 / Math.Sqrt(correction.Second);
    public readonly double Epsilon = placement == EpsilonPlacement.AfterBiasCorrection ? values.Epsilon : values.Epsilon / Math.Sqrt(correction.Second);
    public readonly double Penalty = values.PenaltyOf(group);
    public readonly double Kept = values.KeptShareOf(group);
}

internal readonly struct AdamRule(AdamNumbers numbers) : IUpdateRule
{
    private readonly AdamNumbers _numbers = numbers;

    public static int NumberOfSlots => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = TSimd.FusedMultiplyAdd(TSimd.Parameter(_numbers.Penalty), weight, gradient);
        slot0 = Moments.Mean<TSimd, TVector, TElement>(_numbers.Beta1, slot0, g);
        slot1 = Moments.MeanSquare<TSimd, TVector, TElement>(_numbers.Beta2, slot1, g);
        var denominator = TSimd.FusedMultiplyAdd(TSimd.SquareRoot(slot1), TSimd.Parameter(_numbers.RootScale), TSimd.Parameter(_numbers.Epsilon));
        weight = Moments.Move<TSimd, TVector, TElement>(_numbers.Kept, weight, _numbers.Rate, TSimd.Divide(slot0, denominator));
    }
}

internal readonly struct AmsGradRule(AdamNumbers numbers) : IUpdateRule
{
    private readonly AdamNumbers _numbers = numbers;

    public static int NumberOfSlots => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = TSimd.FusedMultiplyAdd(TSimd.Parameter(_numbers.Penalty), weight, gradient);
        slot0 = Moments.Mean<TSimd, TVector, TElement>(_numbers.Beta1, slot0, g);
        slot1 = Moments.MeanSquare<TSimd, TVector, TElement>(_numbers.Beta2, slot1, g);
        slot2 = TSimd.SelectLessThanOrEqual(slot1, slot2, slot2, slot1);
        var denominator = TSimd.FusedMultiplyAdd(TSimd.SquareRoot(slot2), TSimd.Parameter(_numbers.RootScale), TSimd.Parameter(_numbers.Epsilon));
        weight = Moments.Move<TSimd, TVector, TElement>(_numbers.Kept, weight, _numbers.Rate, TSimd.Divide(slot0, denominator));
    }
}
