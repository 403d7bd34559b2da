using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Copies of rows, for mini-batches in shuffled order.</summary>
internal static class RowKernels
{
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
}
