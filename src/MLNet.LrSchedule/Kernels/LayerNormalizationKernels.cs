using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Normalisation of every row of a batch [rows x columns]. A row's sums have 16 chains, chain j taking the elements j, j + 16, ..., joined by halving, in
/// 512-bit vectors that the runtime emulates where the processor has none: one tree on every processor, and a row has the same bits in any batch.
/// </summary>
internal static class LayerNormalizationKernels
{
    private const int Lanes = 16;

    /// <summary>
    /// n = (x - mean) / sqrt(variance + epsilon) by the row's own mean and variance, y = n scale + shift.
    /// </summary>
    /// <param name="input">x, [rows x columns].</param>
    /// <param name="output">Receives y; not the memory of the input.</param>
    /// <param name="normalized">Receives n, for the way back; empty where nobody goes back.</param>
    /// <param name="inverseDeviations">Receives 1 / sqrt(variance + epsilon) of every row; empty with <paramref name="normalized"/>.</param>
    /// <param name="scale">One per column.</param>
    /// <param name="shift">One per column.</param>
    /// <param name="epsilon">What is added to variances.</param>
    public static void Forward(
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<float> normalized,
        Span<float> inverseDeviations,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> shift,
        float epsilon)
    {
        int columns = scale.Length;
        for (int first = 0; first < input.Length; first += columns)
        {
            var x = input.Slice(first, columns);
            var y = output.Slice(first, columns);
            float mean = Sum(x) / columns;
            Center(x, mean, y);
            float inverse = 1 / MathF.Sqrt(Product(y, y) / columns + epsilon);
            Scale(y, inverse);
            if (!normalized.IsEmpty)
            {
                y.CopyTo(normalized.Slice(first, columns));
                inverseDeviations[first / columns] = inverse;
            }

            MultiplyAdd(y, scale, shift);
        }
    }

    /// <summary>
    /// With g the gradient of y and h = g scale: shiftGradient = sum of g and scaleGradient = sum of g n over the rows in ascending order, and the
    /// gradient of x is (h - mean of h - n (mean of h n)) / sqrt(variance + epsilon), unless its span is empty.
    /// </summary>
    public static void Backward(
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> normalized,
        ReadOnlySpan<float> inverseDeviations,
        ReadOnlySpan<float> scale,
        Span<float> scaleGradient,
        Span<float> shiftGradient,
        Span<float> inputGradient)
    {
        int columns = scale.Length;
        scaleGradient.Clear();
        shiftGradient.Clear();
        for (int first = 0; first < outputGradient.Length; first += columns)
        {
            var g = outputGradient.Slice(first, columns);
            var n = normalized.Slice(first, columns);
            Accumulate(g, n, scaleGradient, shiftGradient);
            if (inputGradient.IsEmpty)
            {
                continue;
            }

            var h = inputGradient.Slice(first, columns);
            Multiply(g, scale, h);
            float mean = Sum(h) / columns;
            float slope = Product(h, n) / columns;
            Combine(h, n, mean, slope, inverseDeviations[first / columns]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum(ReadOnlySpan<float> values)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            sum += Vector512.Create(values[i..]);
        }

        // The missing elements are zeros, which change no chain.
        return Join(i < values.Length ? sum + Tail(values[i..]) : sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Product(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int i = 0;
        for (; i <= left.Length - Lanes; i += Lanes)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(left[i..]), Vector512.Create(right[i..]), sum);
        }

        return Join(i < left.Length ? Vector512.FusedMultiplyAdd(Tail(left[i..]), Tail(right[i..]), sum) : sum);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Tail(ReadOnlySpan<float> rest)
    {
        Span<float> lanes = stackalloc float[Lanes];
        lanes.Clear();
        rest.CopyTo(lanes);
        return Vector512.Create<float>(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Join(Vector512<float> sixteen)
    {
        Vector256<float> eight = sixteen.GetLower() + sixteen.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    // The loops below have no sums: every element has the bits of its own operations, in a vector or alone.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Center(ReadOnlySpan<float> x, float mean, Span<float> y)
    {
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Vector512.Create(x[i..]) - Vector512.Create(mean)).CopyTo(y[i..]);
        }

        for (; i < x.Length; i++)
        {
            y[i] = x[i] - mean;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(Span<float> y, float factor)
    {
        int i = 0;
        for (; i <= y.Length - Lanes; i += Lanes)
        {
            (Vector512.Create<float>(y[i..]) * Vector512.Create(factor)).CopyTo(y[i..]);
        }

        for (; i < y.Length; i++)
        {
            y[i] *= factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> product)
    {
        int i = 0;
        for (; i <= left.Length - Lanes; i += Lanes)
        {
            (Vector512.Create(left[i..]) * Vector512.Create(right[i..])).CopyTo(product[i..]);
        }

        for (; i < left.Length; i++)
        {
            product[i] = left[i] * right[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAdd(Span<float> y, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        int i = 0;
        for (; i <= y.Length - Lanes; i += Lanes)
        {
            Vector512.FusedMultiplyAdd(Vector512.Create<float>(y[i..]), Vector512.Create(scale[i..]), Vector512.Create(shift[i..])).CopyTo(y[i..]);
        }

        for (; i < y.Length; i++)
        {
            y[i] = MathF.FusedMultiplyAdd(y[i], scale[i], shift[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(ReadOnlySpan<float> g, ReadOnlySpan<float> n, Span<float> products, Span<float> sums)
    {
        int i = 0;
        for (; i <= g.Length - Lanes; i += Lanes)
        {
            Vector512<float> gradient = Vector512.Create(g[i..]);
            Vector512.FusedMultiplyAdd(gradient, Vector512.Create(n[i..]), Vector512.Create<float>(products[i..])).CopyTo(products[i..]);
            (Vector512.Create<float>(sums[i..]) + gradient).CopyTo(sums[i..]);
        }

        for (; i < g.Length; i++)
        {
            products[i] = MathF.FusedMultiplyAdd(g[i], n[i], products[i]);
            sums[i] += g[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(Span<float> h, ReadOnlySpan<float> n, float mean, float slope, float inverse)
    {
        int i = 0;
        for (; i <= h.Length - Lanes; i += Lanes)
        {
            Vector512<float> centered = Vector512.Create<float>(h[i..]) - Vector512.Create(mean);
            Vector512<float> rest = Vector512.FusedMultiplyAdd(Vector512.Create(n[i..]), Vector512.Create(-slope), centered);
            (rest * Vector512.Create(inverse)).CopyTo(h[i..]);
        }

        for (; i < h.Length; i++)
        {
            h[i] = MathF.FusedMultiplyAdd(n[i], -slope, h[i] - mean) * inverse;
        }
    }
}
