using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// w a weight, g its gradient, r the rate, m the momentum, l the L2 penalty, d the decoupled decay:
//
//     g = g + l w
//     w = w - r d w
//
// then by convention, with or without Nesterov's look-ahead:
//
//     Velocity        v = m v - r g        w = w + v          Nesterov: w = w + m v - r g
//     GradientBuffer  b = m b + s g        w = w - r b        Nesterov: w = w - r (g + m b)
//
// where s is 1 in the first step and 1 - dampening after it. Without penalty, decay and look-ahead both are a MomentumRule, up to the sign of a zero.

/// <summary>SGD with momentum whose velocity holds past updates (Keras; Sutskever et al., ICML 2013).</summary>
internal readonly struct VelocityRule(in StepValues values, in ParameterGroup group, bool nesterov) : IUpdateRule
{
    private readonly double _rate = values.RateOf(group);
    private readonly double _momentum = values.Momentum;
    private readonly double _penalty = values.PenaltyOf(group);
    private readonly double _kept = values.KeptShareOf(group);
    private readonly bool _nesterov = nesterov;

    public static int NumberOfSlots => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = TSimd.FusedMultiplyAdd(TSimd.Constant(_penalty), weight, gradient);
        var momentum = TSimd.Constant(_momentum);
        var step = TSimd.Multiply(TSimd.Constant(-_rate), g);
        slot0 = TSimd.FusedMultiplyAdd(momentum, slot0, step);
        var change = _nesterov ? TSimd.FusedMultiplyAdd(momentum, slot0, step) : slot0;
        weight = TSimd.FusedMultiplyAdd(TSimd.Constant(_kept), weight, change);
    }
}

/// <summary>SGD with momentum whose buffer holds past gradients (PyTorch).</summary>
internal readonly struct GradientBufferRule(in StepValues values, in ParameterGroup group, bool nesterov, bool isFirst) : IUpdateRule
{
    private readonly double _rate = values.RateOf(group);
    private readonly double _momentum = values.Momentum;
    private readonly double _share = isFirst ? 1 : 1 - values.Dampening;
    private readonly double _penalty = values.PenaltyOf(group);
    private readonly double _kept = values.KeptShareOf(group);
    private readonly bool _nesterov = nesterov;

    public static int NumberOfSlots => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var g = TSimd.FusedMultiplyAdd(TSimd.Constant(_penalty), weight, gradient);
        var momentum = TSimd.Constant(_momentum);
        slot0 = TSimd.FusedMultiplyAdd(momentum, slot0, TSimd.Multiply(TSimd.Constant(_share), g));
        var direction = _nesterov ? TSimd.FusedMultiplyAdd(momentum, slot0, g) : slot0;
        weight = TSimd.FusedMultiplyAdd(TSimd.Constant(-_rate), direction, TSimd.Multiply(TSimd.Constant(_kept), weight));
    }
}
