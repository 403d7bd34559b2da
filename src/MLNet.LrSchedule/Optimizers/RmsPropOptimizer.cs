using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// rho the share that stays (Beta2), m the momentum, a the running mean of g where centred, else 0:
//
//     v = rho v + (1 - rho) g^2
//     a = rho a + (1 - rho) g
//
// then by convention:
//
//     Velocity        s = r g / sqrt(v - a^2 + epsilon)        b = m b + s        w = (1 - r d) w - b
//     GradientBuffer  s = g / (sqrt(v - a^2) + epsilon)        b = m b + s        w = (1 - r d) w - r b
//
// Rounding can make v - a^2 negative where it should be zero; it is taken as zero then.

/// <summary>RMSprop (Tieleman and Hinton 2012), plain or centred (Graves 2013), with momentum in either convention.</summary>
internal sealed class RmsPropOptimizer(MomentumConvention convention, bool isCentered, int parameterCount) : ParameterOptimizer(
    parameterCount,
    isCentered ? ["mean square", "momentum", "mean"] : ["mean square", "momentum"])
{
    public override bool IsAdaptive => true;

    public override double StepSize(int index, double rate, in StepValues values)
    {
        double mean = isCentered ? Slots[2].Span[index] : 0;
        double variance = Math.Max(Slots[0].Span[index] - mean * mean, 0);
        return convention == MomentumConvention.Velocity ? rate / Math.Sqrt(variance + values.Epsilon) : rate / (Math.Sqrt(variance) + values.Epsilon);
    }

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        foreach (ref readonly var group in groups)
        {
            var numbers = new RmsPropNumbers(values, group, convention);
            if (isCentered)
                target.Apply(new CenteredRmsPropRule(numbers), group);
            else
                target.Apply(new RmsPropRule(numbers), group);
        }
    }
}

/// <summary>One step's numbers of RMSprop for one group, and what its two rules share.</summary>
internal readonly struct RmsPropNumbers(in StepValues values, in ParameterGroup group, MomentumConvention convention)
{
    private readonly bool _isVelocity = convention == MomentumConvention.Velocity;
    private readonly double _innerRate = convention == MomentumConvention.Velocity ? values.RateOf(group) : 1;
    private readonly double _outerRate = convention == MomentumConvention.Velocity ? 1 : values.RateOf(group);
    private readonly double _momentum = values.Momentum;
    private readonly double _epsilon = values.Epsilon;
    private readonly double _penalty = values.PenaltyOf(group);
    private readonly double _kept = values.KeptShareOf(group);

    public readonly double Rho = values.Beta2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector, TElement>(TVector weight, TVector gradient)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged =>
        TSimd.FusedMultiplyAdd(TSimd.Parameter(_penalty), weight, gradient);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move<TSimd, TVector, TElement>(ref TVector weight, TVector g, TVector variance, ref TVector buffer)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var epsilon = TSimd.Parameter(_epsilon);
        var denominator = _isVelocity ? TSimd.SquareRoot(TSimd.Add(variance, epsilon)) : TSimd.Add(TSimd.SquareRoot(variance), epsilon);
        var step = TSimd.Divide(TSimd.Multiply(TSimd.Parameter(_innerRate), g), denominator);
        buffer = TSimd.FusedMultiplyAdd(TSimd.Parameter(_momentum), buffer, step);
        weight = Moments.Move<TSimd, TVector, TElement>(_kept, weight, _outerRate, buffer);
    }
}

internal readonly struct RmsPropRule(RmsPropNumbers numbers) : IUpdateRule
{
    private readonly RmsPropNumbers _numbers = numbers;

    public static int NumberOfSlots => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = _numbers.Gradient<TSimd, TVector, TElement>(weight, gradient);
        slot0 = Moments.MeanSquare<TSimd, TVector, TElement>(_numbers.Rho, slot0, g);
        _numbers.Move<TSimd, TVector, TElement>(ref weight, g, slot0, ref slot1);
    }
}

internal readonly struct CenteredRmsPropRule(RmsPropNumbers numbers) : IUpdateRule
{
    private readonly RmsPropNumbers _numbers = numbers;

    public static int NumberOfSlots => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = _numbers.Gradient<TSimd, TVector, TElement>(weight, gradient);
        slot0 = Moments.MeanSquare<TSimd, TVector, TElement>(_numbers.Rho, slot0, g);
        slot2 = Moments.Mean<TSimd, TVector, TElement>(_numbers.Rho, slot2, g);
        var zero = TSimd.Constant(0);
        var variance = TSimd.FusedMultiplyAdd(TSimd.Subtract(zero, slot2), slot2, slot0);
        variance = TSimd.SelectLessThan(variance, zero, zero, variance);
        _numbers.Move<TSimd, TVector, TElement>(ref weight, g, variance, ref slot1);
    }
}
