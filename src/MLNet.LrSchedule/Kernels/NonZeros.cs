using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Finds the numbers of a row that are not zero (NaN is not), in their order.</summary>
internal static unsafe class NonZeros
{
    /// <summary>So many numbers beyond the last one found may be overwritten.</summary>
    public const int Overrun = 16;

    /// <summary>How many numbers are not zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Count<TSimd>(float* row, int length)
    {
        int count = 0, i = 0;
        if (typeof(TSimd) == typeof(Simd512))
        {
            for (; i <= length - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                count += BitOperations.PopCount(Avx512F.CompareNotEqual(Vector512.Load(row + i), Vector512<float>.Zero).ExtractMostSignificantBits());
            }

            if (i < length)
            {
                Vector512<float> last = Simd512.LoadMasked(row + i, Simd512.Mask(length - i));
                count += BitOperations.PopCount(Avx512F.CompareNotEqual(last, Vector512<float>.Zero).ExtractMostSignificantBits());
            }

            return count;
        }

        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            // Lanes that are equal to zero are -1.
            count += Vector<float>.Count + Vector.Sum(Vector.Equals(Unsafe.ReadUnaligned<Vector<float>>(row + i), Vector<float>.Zero));
        }

        for (; i < length; i++)
        {
            count += row[i] == 0 ? 0 : 1;
        }

        return count;
    }

    /// <summary>Copies the numbers that are not zero, and with each the place of its weights.</summary>
    /// <param name="row">The numbers.</param>
    /// <param name="length">How many.</param>
    /// <param name="stride">The distance of the weights of two adjacent numbers.</param>
    /// <param name="values">Receives the numbers; longer by <see cref="Overrun"/>.</param>
    /// <param name="offsets">Receives index * stride for each; longer by <see cref="Overrun"/>.</param>
    /// <returns>How many are not zero.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Collect<TSimd>(float* row, int length, int stride, float* values, int* offsets)
    {
        int count = 0, i = 0;
        if (typeof(TSimd) == typeof(Simd512))
        {
            Vector512<int> offset = Vector512<int>.Indices * stride;
            for (; i < length; i += Vector512<float>.Count)
            {
                Vector512<float> x = length - i >= Vector512<float>.Count ? Vector512.Load(row + i) : Simd512.LoadMasked(row + i, Simd512.Mask(length - i));
                Vector512<float> mask = Avx512F.CompareNotEqual(x, Vector512<float>.Zero);
                Avx512F.Compress(Vector512<float>.Zero, mask, x).Store(values + count);
                Avx512F.Compress(Vector512<int>.Zero, mask.AsInt32(), offset).Store(offsets + count);
                count += BitOperations.PopCount(mask.ExtractMostSignificantBits());
                offset += Vector512.Create(Vector512<int>.Count * stride);
            }

            return count;
        }

        // Every number is written, and the place goes on only after one that is not zero: no branch to guess.
        for (; i < length; i++)
        {
            values[count] = row[i];
            offsets[count] = i * stride;
            count += (BitConverter.SingleToInt32Bits(row[i]) << 1) == 0 ? 0 : 1;
        }

        return count;
    }

    /// <summary>Copies the numbers that are not zero, and with each its weight: for a layer of one output.</summary>
    /// <param name="row">The numbers.</param>
    /// <param name="weights">A weight for each.</param>
    /// <param name="length">How many.</param>
    /// <param name="values">Receives the numbers; longer by <see cref="Overrun"/>.</param>
    /// <param name="weightsOfValues">Receives the weights; longer by <see cref="Overrun"/>.</param>
    /// <returns>How many are not zero.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Collect<TSimd>(float* row, float* weights, int length, float* values, float* weightsOfValues)
    {
        int count = 0, i = 0;
        if (typeof(TSimd) == typeof(Simd512))
        {
            for (; i < length; i += Vector512<float>.Count)
            {
                Vector512<float> inside = Simd512.Mask(length - i);
                bool isWhole = length - i >= Vector512<float>.Count;
                Vector512<float> x = isWhole ? Vector512.Load(row + i) : Simd512.LoadMasked(row + i, inside);
                Vector512<float> w = isWhole ? Vector512.Load(weights + i) : Simd512.LoadMasked(weights + i, inside);
                Vector512<float> mask = Avx512F.CompareNotEqual(x, Vector512<float>.Zero);
                Avx512F.Compress(Vector512<float>.Zero, mask, x).Store(values + count);
                Avx512F.Compress(Vector512<float>.Zero, mask, w).Store(weightsOfValues + count);
                count += BitOperations.PopCount(mask.ExtractMostSignificantBits());
            }

            return count;
        }

        for (; i < length; i++)
        {
            values[count] = row[i];
            weightsOfValues[count] = weights[i];
            count += (BitConverter.SingleToInt32Bits(row[i]) << 1) == 0 ? 0 : 1;
        }

        return count;
    }
}
