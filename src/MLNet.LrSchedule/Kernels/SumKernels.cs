using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Sums of two spans, element by element.</summary>
internal static unsafe class SumKernels
{
    /// <summary>destination = left + right; the destination may be the memory of either.</summary>
    public static void Add(KernelContext context, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> destination)
    {
        if (left.Length != destination.Length || right.Length != destination.Length)
        {
            throw new ArgumentException($"Spans of {left.Length}, {right.Length} and {destination.Length} elements have no sum.");
        }

        fixed (float* first = left, second = right, sum = destination)
        {
            ElementLoop.Map(context.VectorWidth, new Sum(), first, second, sum, destination.Length);
        }
    }

    private readonly struct Sum : IElementFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply<TSimd, TVector, TElement>(TVector x, TVector y)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged => TSimd.Add(x, y);
    }
}
