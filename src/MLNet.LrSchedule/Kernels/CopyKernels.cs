using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Copies, which several threads make of what is large: the memory of a copy is new, and each page of it stops the thread that touches it first.</summary>
internal static unsafe class CopyKernels
{
    private const int MinParallelElements = 1 << 20;

    /// <summary>destination = source.</summary>
    public static void Copy(KernelContext context, ReadOnlySpan<float> source, Span<float> destination)
    {
        if (source.Length != destination.Length)
        {
            throw new ArgumentException($"{source.Length} elements are no copy of {destination.Length}.");
        }

        fixed (float* from = source, to = destination)
        {
            ParallelRanges.Run(context, new Work(from, to), source.Length, MinParallelElements);
        }
    }

    private readonly struct Work(float* source, float* destination) : IRangeWork
    {
        public void Run(KernelContext context, int first, int count) =>
            new ReadOnlySpan<float>(source + first, count).CopyTo(new Span<float>(destination + first, count));
    }
}
