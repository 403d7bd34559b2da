using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Copies of rows, for mini-batches in shuffled order.</summary>
internal static class RowKernels
{
    /// <summary>As the other, with the rows divided among the threads of the context.</summary>
    public static unsafe void Gather(KernelContext context, ReadOnlySpan<float> source, ReadOnlySpan<int> indices, Span<float> destination, int width)
    {
        const int MinParallelElements = 1 << 16;
        if (context.MaxThreads == 1 || destination.Length < MinParallelElements)
        {
            Gather(source, indices, destination, width);
            return;
        }

        fixed (float* from = source, to = destination)
        fixed (int* rows = indices)
        {
            GatherWork work = new(from, source.Length, rows, to, destination.Length, width);
            ParallelRanges.Run(context, work, indices.Length, minCount: 1);
        }
    }

    /// <summary>destination row i = source row indices[i]; rows have <paramref name="width"/> elements without gaps.</summary>
    public static void Gather(ReadOnlySpan<float> source, ReadOnlySpan<int> indices, Span<float> destination, int width)
    {
        if (destination.Length != (long)indices.Length * width)
        {
            throw new ArgumentException($"{indices.Length} rows of {width} elements do not fit {destination.Length} elements.");
        }

        for (int i = 0; i < indices.Length; i++)
        {
            source.Slice(checked(indices[i] * width), width).CopyTo(destination.Slice(i * width, width));
        }
    }

    /// <summary>destination[i] = source[indices[i]].</summary>
    public static void Gather(ReadOnlySpan<float> source, ReadOnlySpan<int> indices, Span<float> destination)
    {
        if (destination.Length != indices.Length)
        {
            throw new ArgumentException($"{indices.Length} elements do not fit {destination.Length}.");
        }

        for (int i = 0; i < indices.Length; i++)
        {
            destination[i] = source[indices[i]];
        }
    }

    private readonly unsafe struct GatherWork(float* source, int sourceLength, int* indices, float* destination, int destinationLength, int width)
        : IRangeWork
    {
        public void Run(KernelContext context, int first, int count)
        {
            Span<float> rows = new Span<float>(destination, destinationLength).Slice(first * width, count * width);
            Gather(new ReadOnlySpan<float>(source, sourceLength), new ReadOnlySpan<int>(indices + first, count), rows, width);
        }
    }
}
