using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// mu the momentum of this step and mu' that of the next, M the product of all mu so far, c2 the bias correction of v:
//
//     m = b1 m + (1 - b1) g
//     v = b2 v + (1 - b2) g^2
//     w = (1 - r d) w - r ((1 - mu) / (1 - M) g + mu' / (1 - M mu') m) / (sqrt(v / c2) + epsilon)
//
// PyTorch 1.13 takes M mu mu' for M mu' on its default path, a slip that its other path and later releases do not have, and neither has this.

/// <summary>Adam with Nesterov's look-ahead (Dozat, ICLR workshop 2016).</summary>
internal sealed class NAdamOptimizer(int parameterCount)
    : ParameterOptimizer(parameterCount, ["first moment", "second moment"], ("product of momentum", 1), ("product of beta2", 1))
{
    public override bool IsAdaptive => true;

    public override double StepSize(int index, double rate, in StepValues values) =>
        rate / (Math.Sqrt(Slots[1].Span[index] / (1 - Scalars[1])) + values.Epsilon);

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        Scalars[0] *= values.Momentum;
        Scalars[1] *= values.Beta2;
        foreach (ref readonly var group in groups)
            target.Apply(new NAdamRule(values, group, Scalars[0], Scalars[1]), group);
    }
}

internal readonly struct NAdamRule(in StepValues values, in ParameterGroup group, double momentumProduct, double beta2Product) : IUpdateRule
{
    private readonly double _beta1 = values.Beta1;
    private readonly double _beta2 = values.Beta2;
    private readonly double _gradientShare = (1 - values.Momentum) / (1 - momentumProduct);
    private readonly double _momentShare = values.NextMomentum / (1 - momentumProduct * values.NextMomentum);
    private readonly double _rate = values.RateOf(group);
    private readonly double _rootScale = 1 / Math.Sqrt(1 - beta2Product);
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
        var denominator = TSimd.FusedMultiplyAdd(TSimd.SquareRoot(slot1), TSimd.Parameter(_rootScale), TSimd.Parameter(_epsilon));
        var ahead = TSimd.FusedMultiplyAdd(TSimd.Parameter(_gradientShare), g, TSimd.Multiply(TSimd.Parameter(_momentShare), slot0));
        weight = Moments.Move<TSimd, TVector, TElement>(_kept, weight, _rate, TSimd.Divide(ahead, denominator));
    }
}
