using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// s the size of a parameter's step, which starts as the rate; g' the gradient of the step before, which starts as 0:
//
//     g g' > 0:  s = s increase
//     g g' < 0:  s = s decrease, and g counts as 0 in this step and as g' in the next
//     s is kept between the smallest and the largest step
//     w = (1 - r d) w - s sign(g)

/// <summary>Rprop: only the signs of full-batch gradients count, each parameter learns its own step (Riedmiller and Braun 1993; the Rprop- of Igel and Hüsken 2000).</summary>
internal sealed class RPropOptimizer(int parameterCount) : ParameterOptimizer(parameterCount, ["step size", "last gradient"], ("steps", 0))
{
    public override bool IsAdaptive => true;

    public override double StepSize(int index, double rate, in StepValues values) => Slots[0].Span[index];

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        bool isFirst = Scalars[0] == 0;
        Scalars[0]++;
        foreach (ref readonly var group in groups)
            target.Apply(new RPropRule(values, group, isFirst), group);
    }
}

internal readonly struct RPropRule(in StepValues values, in ParameterGroup group, bool isFirst) : IUpdateRule
{
    private readonly double _start = isFirst ? values.RateOf(group) : 0;
    private readonly double _increase = values.Increase;
    private readonly double _decrease = values.Decrease;
    private readonly double _smallest = values.SmallestStep;
    private readonly double _largest = values.LargestStep;
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
        var zero = TSimd.Constant(0);
        var one = TSimd.Constant(1);
        // The product of the signs, not of the gradients: small gradients would underflow.
        var agreement = TSimd.Multiply(
            Moments.Sign<TSimd, TVector, TElement>(g), Moments.Sign<TSimd, TVector, TElement>(slot1));
        var factor = TSimd.SelectLessThan(zero, agreement, TSimd.Parameter(_increase), one);
        factor = TSimd.SelectLessThan(agreement, zero, TSimd.Parameter(_decrease), factor);
        var size = TSimd.Multiply(TSimd.Add(slot0, TSimd.Parameter(_start)), factor);
        var smallest = TSimd.Parameter(_smallest);
        var largest = TSimd.Parameter(_largest);
        size = TSimd.SelectLessThan(size, smallest, smallest, size);
        slot0 = TSimd.SelectLessThan(largest, size, largest, size);
        slot1 = TSimd.SelectLessThan(agreement, zero, zero, g);
        weight = TSimd.Subtract(
            TSimd.Multiply(TSimd.Parameter(_kept), weight), TSimd.Multiply(slot0, Moments.Sign<TSimd, TVector, TElement>(slot1)));
    }
}
