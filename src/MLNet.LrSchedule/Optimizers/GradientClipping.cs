using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>Keeps gradients small before an update, by value or by their norm (Pascanu, Mikolov and Bengio, ICML 2013).</summary>
internal static class GradientClipping
{
    /// <summary>Puts every element between -limit and limit. A NaN stays.</summary>
    public static void ByValue(KernelContext kernels, Span<float> gradient, double limit) =>
        UpdateKernels.Apply(kernels, new ValueRule(limit), gradient, gradient);

    /// <summary>Scales the gradient down to the norm limit where it is longer: g = g limit / |g|.</summary>
    /// <param name="kernels">The run's kernels.</param>
    /// <param name="gradient">The gradient of all parameters together.</param>
    /// <param name="limit">The largest norm. Range: above 0.</param>
    /// <returns>The norm before, summed in a fixed order.</returns>
    public static double ByGlobalNorm(KernelContext kernels, Span<float> gradient, double limit)
    {
        double norm = Math.Sqrt(ReductionKernels.SumOfSquares(gradient));
        if (norm > limit)
            UpdateKernels.Apply(kernels, new ScaleRule(limit / norm), gradient, gradient);
        return norm;
    }

    private readonly struct ValueRule(double limit) : IUpdateRule
    {
        private readonly double _limit = limit;

        public static int NumberOfSlots => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged
        {
            var highest = TSimd.Constant(_limit);
            var lowest = TSimd.Constant(-_limit);
            weight = TSimd.SelectLessThan(highest, gradient, highest, gradient);
            weight = TSimd.SelectLessThan(weight, lowest, lowest, weight);
        }
    }

    private readonly struct ScaleRule(double factor) : IUpdateRule
    {
        private readonly double _factor = factor;

        public static int NumberOfSlots => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged => weight = TSimd.Multiply(TSimd.Constant(_factor), gradient);
    }
}
