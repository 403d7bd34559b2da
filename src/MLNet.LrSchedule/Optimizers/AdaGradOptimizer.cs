using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// The sum starts at a chosen value:
//
//     s = s + g^2
//     w = (1 - r d) w - r g / (sqrt(s) + epsilon)

/// <summary>Adagrad: the rate of each parameter falls with all the gradients it has seen (Duchi, Hazan and Singer, JMLR 2011).</summary>
internal sealed class AdaGradOptimizer(double initialSum, int parameterCount)
    : ParameterOptimizer(parameterCount, ["sum of squares"], ("steps", 0))
{
    public override bool IsAdaptive => true;

    public override double StepSize(int index, double rate, in StepValues values) => rate / (Math.Sqrt(Slots[0].Span[index]) + values.Epsilon);

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        double start = Scalars[0] == 0 ? initialSum : 0;
        Scalars[0]++;
        foreach (ref readonly var group in groups)
            target.Apply(new AdaGradRule(values, group, start), group);
    }
}

internal readonly struct AdaGradRule(in StepValues values, in ParameterGroup group, double start) : IUpdateRule
{
    private readonly double _rate = values.RateOf(group);
    private readonly double _epsilon = values.Epsilon;
    private readonly double _penalty = values.PenaltyOf(group);
    private readonly double _kept = values.KeptShareOf(group);

    public static int NumberOfSlots => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = TSimd.FusedMultiplyAdd(TSimd.Constant(_penalty), weight, gradient);
        slot0 = TSimd.FusedMultiplyAdd(g, g, TSimd.Add(slot0, TSimd.Constant(start)));
        var denominator = TSimd.Add(TSimd.SquareRoot(slot0), TSimd.Constant(_epsilon));
        weight = Moments.Move<TSimd, TVector, TElement>(_kept, weight, _rate, TSimd.Divide(g, denominator));
    }
}
