using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

// Training has the weights y, where gradients are taken; z is the plain sequence and x its weighted average, which is evaluated and saved. s is the
// step of the underlying method with this step's rate r, k the number of steps before this one:
//
//     a = (k + 1)^p (largest r so far)^q        the weight of this step in the average; A is the sum of all a
//     z = z - r s
//     x = (1 - a / A) x + (a / A) z
//     y = (1 - b) z + b x
//
// Decay and penalty act at y. All three sequences start as the first weights.

/// <summary>What schedule-free optimizers share (Defazio et al., NeurIPS 2024): no schedule towards zero, but an average in its place.</summary>
/// <remarks>x has a slot of its own, so that a b that changes, even to 0, loses nothing.</remarks>
internal abstract class ScheduleFreeOptimizer : ParameterOptimizer
{
    protected const int LargestRate = 0;
    protected const int Steps = 1;
    protected const int SumOfWeights = 2;
    protected const int Beta2Product = 3;

    private readonly int _stepPower;
    private readonly int _ratePower;

    /// <param name="parameterCount">Length of the parameters' buffer.</param>
    /// <param name="stepPower">p: 0 averages evenly, more favours late steps.</param>
    /// <param name="ratePower">q: 0 averages evenly, more favours steps with a large rate.</param>
    /// <param name="slots">The slots after z and x.</param>
    protected ScheduleFreeOptimizer(int parameterCount, int stepPower, int ratePower, params string[] slots)
        : base(parameterCount, ["plain sequence", "average", .. slots], ("largest rate", 0), ("steps", 0), ("sum of weights", 0), ("product of beta2", 1))
    {
        _stepPower = stepPower;
        _ratePower = ratePower;
    }

    public sealed override bool EvaluatesOtherWeights => true;

    public sealed override void WriteEvaluationWeights(ReadOnlySpan<float> parameters, ReadOnlySpan<ParameterGroup> groups, Span<float> destination)
    {
        parameters.CopyTo(destination);
        if (Scalars[Steps] == 0)
            return;
        foreach (ref readonly var group in groups)
            Slots[1].Span.Slice(group.Offset, group.Length).CopyTo(destination.Slice(group.Offset, group.Length));
    }

    protected void StartWhereNew<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups)
        where TTarget : IUpdateTarget, allows ref struct
    {
        if (Scalars[Steps] > 0)
            return;
        foreach (ref readonly var group in groups)
            target.Apply(new StartRule(), group);
    }

    /// <summary>Counts the step and gives the share a / A that its z has in the average.</summary>
    protected double NextShare(double rate)
    {
        Scalars[Steps]++;
        Scalars[LargestRate] = Math.Max(rate, Scalars[LargestRate]);
        double weight = Power(Scalars[Steps], _stepPower) * Power(Scalars[LargestRate], _ratePower);
        Scalars[SumOfWeights] += weight;
        return Scalars[SumOfWeights] > 0 ? weight / Scalars[SumOfWeights] : 0;
    }

    // By multiplication: the same bits on every platform.
    private static double Power(double value, int exponent)
    {
        double power = 1;
        for (int i = 0; i < exponent; i++)
            power *= value;
        return power;
    }

    /// <summary>z = x = w.</summary>
    private readonly struct StartRule : IUpdateRule
    {
        public static int NumberOfSlots => 2;

        public static bool ReadsGradient => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged
        {
            slot0 = weight;
            slot1 = weight;
        }
    }
}

/// <summary>The three sequences' part of a step: moves z against a direction, x towards z, and puts y between them.</summary>
internal readonly struct Averaging(double rate, double share, double interpolation)
{
    private readonly double _rate = rate;
    private readonly double _share = share;
    private readonly double _interpolation = interpolation;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move<TSimd, TVector, TElement>(out TVector y, TVector direction, ref TVector z, ref TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        z = TSimd.FusedMultiplyAdd(TSimd.Parameter(-_rate), direction, z);
        x = TSimd.FusedMultiplyAdd(TSimd.Parameter(_share), TSimd.Subtract(z, x), x);
        y = TSimd.FusedMultiplyAdd(TSimd.Parameter(_interpolation), TSimd.Subtract(x, z), z);
    }
}
