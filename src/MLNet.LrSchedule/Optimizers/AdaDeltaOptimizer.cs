using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// rho the share that stays (Beta2):
//
//     v = rho v + (1 - rho) g^2
//     s = g sqrt(u + epsilon) / sqrt(v + epsilon)
//     u = rho u + (1 - rho) s^2
//     w = (1 - r d) w - r s

/// <summary>Adadelta: steps in the unit of past steps, so that its natural rate is 1 (Zeiler 2012).</summary>
internal sealed class AdaDeltaOptimizer(int parameterCount) : ParameterOptimizer(parameterCount, ["mean square", "mean square of steps"])
{
    public override bool IsAdaptive => true;

    public override double StepSize(int index, double rate, in StepValues values) =>
        rate * Math.Sqrt(Slots[1].Span[index] + values.Epsilon) / Math.Sqrt(Slots[0].Span[index] + values.Epsilon);

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        foreach (ref readonly var group in groups)
            target.Apply(new AdaDeltaRule(values, group), group);
    }
}

internal readonly struct AdaDeltaRule(in StepValues values, in ParameterGroup group) : IUpdateRule
{
    private readonly double _rate = values.RateOf(group);
    private readonly double _rho = values.Beta2;
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
        slot0 = Moments.MeanSquare<TSimd, TVector, TElement>(_rho, slot0, g);
        var epsilon = TSimd.Parameter(_epsilon);
        var past = TSimd.SquareRoot(TSimd.Add(slot1, epsilon));
        var step = TSimd.Multiply(g, TSimd.Divide(past, TSimd.SquareRoot(TSimd.Add(slot0, epsilon))));
        slot1 = Moments.MeanSquare<TSimd, TVector, TElement>(_rho, slot1, step);
        weight = Moments.Move<TSimd, TVector, TElement>(_kept, weight, _rate, step);
    }
}
