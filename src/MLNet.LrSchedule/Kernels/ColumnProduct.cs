using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// A matrix times one column: result[rows] = start + left[rows x depth] * right[depth]. Each row is one chain by definition and its numbers are adjacent,
/// so lanes cannot share the work of a row; instead eight rows advance together, as the lanes of a vector that are gathered by transposing small blocks in
/// registers, or as eight scalar chains.
/// </summary>
internal static unsafe class ColumnProduct
{
    // Rows, and steps, of a block that is transposed.
    private const int BlockRows = 8;
    private const int BlockSteps = 4;

    public static void Run(float* left, nint leftStride, float* right, float start, float* result, nint resultStride, int rows, int depth)
    {
        if (!Fma.IsSupported || rows < BlockRows || depth < BlockSteps)
        {
            RunScalar(left, leftStride, right, start, result, resultStride, rows, depth);
            return;
        }

        // What makes up no whole block lies at the end of one that begins earlier, whose results are found twice.
        for (int row = 0; row < rows; row += BlockRows)
        {
            int first = Math.Min(row, rows - BlockRows);
            Vector256<float> sums = EightRows(left + (first * leftStride), leftStride, right, start, depth);
            float* to = result + (first * resultStride);
            if (resultStride == 1)
            {
                Vector256.Store(sums, to);
                continue;
            }

            for (int lane = 0; lane < BlockRows; lane++)
            {
                to[lane * resultStride] = sums[lane];
            }
        }
    }

    /// <summary>Whether two columns of a wider product are faster here than as a vector whose other lanes are empty.</summary>
    public static bool TakesTwo(int rows, int depth) => Fma.IsSupported && rows >= BlockRows && depth >= BlockSteps;

    /// <summary>The same for two columns at once, which share the transposed blocks: result[rows x 2] = start[2] + left[rows x depth] * right[depth x 2].</summary>
    /// <param name="left">Rows of adjacent steps.</param>
    /// <param name="leftStride">From row to row.</param>
    /// <param name="right">Steps of two adjacent numbers.</param>
    /// <param name="rightStride">From step to step.</param>
    /// <param name="start">Where the chains of both columns begin.</param>
    /// <param name="result">Rows of two adjacent numbers.</param>
    /// <param name="resultStride">From row to row.</param>
    /// <param name="rows">Number of rows; <see cref="TakesTwo"/>.</param>
    /// <param name="depth">Number of steps; <see cref="TakesTwo"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunTwo(float* left, nint leftStride, float* right, nint rightStride, float* start, float* result, nint resultStride, int rows, int depth)
    {
        for (int row = 0; row < rows; row += BlockRows)
        {
            int first = Math.Min(row, rows - BlockRows);
            Vector256<float> x = Vector256.Create(start[0]);
            Vector256<float> y = Vector256.Create(start[1]);
            EightRows<Rows2>(left + (first * leftStride), leftStride, right, rightStride, depth, ref x, ref y);

            // Pairs of the columns' numbers, those of four rows from each half.
            Vector256<double> low = Avx.UnpackLow(x, y).AsDouble();
            Vector256<double> high = Avx.UnpackHigh(x, y).AsDouble();
            float* to = result + (first * resultStride);
            StorePairs(low.GetLower(), to, resultStride);
            StorePairs(high.GetLower(), to + (2 * resultStride), resultStride);
            StorePairs(low.GetUpper(), to + (4 * resultStride), resultStride);
            StorePairs(high.GetUpper(), to + (6 * resultStride), resultStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePairs(Vector128<double> pairs, float* destination, nint stride)
    {
        Sse2.StoreLow((double*)destination, pairs);
        Sse2.StoreHigh((double*)(destination + stride), pairs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<float> EightRows(float* left, nint stride, float* right, float start, int depth)
    {
        Vector256<float> sums = Vector256.Create(start);
        Vector256<float> none = default;
        EightRows<Rows1>(left, stride, right, 1, depth, ref sums, ref none);
        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightRows<TColumns>(float* left, nint stride, float* right, nint rightStride, int depth, ref Vector256<float> x, ref Vector256<float> y)
        where TColumns : ITileRows
    {
        float* row0 = left;
        float* row4 = left + (4 * stride);
        nint stride3 = 3 * stride;
        int step = 0;
        for (; step <= depth - BlockSteps; step += BlockSteps)
        {
            Transpose(row0 + step, row4 + step, stride, stride3, out Vector256<float> x0, out Vector256<float> x1, out Vector256<float> x2, out Vector256<float> x3);
            Accumulate<TColumns>(x0, right, ref x, ref y);
            Accumulate<TColumns>(x1, right + rightStride, ref x, ref y);
            Accumulate<TColumns>(x2, right + (2 * rightStride), ref x, ref y);
            Accumulate<TColumns>(x3, right + (3 * rightStride), ref x, ref y);
            right += BlockSteps * rightStride;
        }

        if (step < depth)
        {
            int last = depth - BlockSteps;
            Transpose(row0 + last, row4 + last, stride, stride3, out _, out Vector256<float> x1, out Vector256<float> x2, out Vector256<float> x3);
            if (depth - step == 3)
            {
                Accumulate<TColumns>(x1, right, ref x, ref y);
                right += rightStride;
            }

            if (depth - step >= 2)
            {
                Accumulate<TColumns>(x2, right, ref x, ref y);
                right += rightStride;
            }

            Accumulate<TColumns>(x3, right, ref x, ref y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<TColumns>(Vector256<float> left, float* right, ref Vector256<float> x, ref Vector256<float> y)
        where TColumns : ITileRows
    {
        x = Fma.MultiplyAdd(left, Vector256.Create(*right), x);
        if (TColumns.Count > 1)
        {
            y = Fma.MultiplyAdd(left, Vector256.Create(right[1]), y);
        }
    }

    // Lane i of result j is element j of row i: four rows in the lower half, four in the upper.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        float* row0, float* row4, nint stride, nint stride3, out Vector256<float> x0, out Vector256<float> x1, out Vector256<float> x2, out Vector256<float> x3)
    {
        Vector256<float> a = Vector256.Create(Vector128.Load(row0), Vector128.Load(row4));
        Vector256<float> b = Vector256.Create(Vector128.Load(row0 + stride), Vector128.Load(row4 + stride));
        Vector256<float> c = Vector256.Create(Vector128.Load(row0 + (2 * stride)), Vector128.Load(row4 + (2 * stride)));
        Vector256<float> d = Vector256.Create(Vector128.Load(row0 + stride3), Vector128.Load(row4 + stride3));
        Vector256<float> lowAB = Avx.UnpackLow(a, b);
        Vector256<float> lowCD = Avx.UnpackLow(c, d);
        Vector256<float> highAB = Avx.UnpackHigh(a, b);
        Vector256<float> highCD = Avx.UnpackHigh(c, d);
        x0 = Avx.Shuffle(lowAB, lowCD, 0x44);
        x1 = Avx.Shuffle(lowAB, lowCD, 0xEE);
        x2 = Avx.Shuffle(highAB, highCD, 0x44);
        x3 = Avx.Shuffle(highAB, highCD, 0xEE);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunScalar(float* left, nint leftStride, float* right, float start, float* result, nint resultStride, int rows, int depth)
    {
        int row = 0;
        for (; row <= rows - 8; row += 8)
        {
            float* a = left;
            float* b = left + (3 * leftStride);
            float* c = left + (6 * leftStride);
            float x0 = start, x1 = start, x2 = start, x3 = start, x4 = start, x5 = start, x6 = start, x7 = start;
            for (int step = 0; step < depth; step++)
            {
                float factor = right[step];
                x0 = MathF.FusedMultiplyAdd(a[0], factor, x0);
                x1 = MathF.FusedMultiplyAdd(a[leftStride], factor, x1);
                x2 = MathF.FusedMultiplyAdd(a[2 * leftStride], factor, x2);
                x3 = MathF.FusedMultiplyAdd(b[0], factor, x3);
                x4 = MathF.FusedMultiplyAdd(b[leftStride], factor, x4);
                x5 = MathF.FusedMultiplyAdd(b[2 * leftStride], factor, x5);
                x6 = MathF.FusedMultiplyAdd(c[0], factor, x6);
                x7 = MathF.FusedMultiplyAdd(c[leftStride], factor, x7);
                a++;
                b++;
                c++;
            }

            result[0] = x0;
            result[resultStride] = x1;
            result[2 * resultStride] = x2;
            result[3 * resultStride] = x3;
            result[4 * resultStride] = x4;
            result[5 * resultStride] = x5;
            result[6 * resultStride] = x6;
            result[7 * resultStride] = x7;
            left += 8 * leftStride;
            result += 8 * resultStride;
        }

        for (; row <= rows - 2; row += 2)
        {
            float x0 = start, x1 = start;
            for (int step = 0; step < depth; step++)
            {
                x0 = MathF.FusedMultiplyAdd(left[step], right[step], x0);
                x1 = MathF.FusedMultiplyAdd(left[leftStride + step], right[step], x1);
            }

            result[0] = x0;
            result[resultStride] = x1;
            left += 2 * leftStride;
            result += 2 * resultStride;
        }

        if (row < rows)
        {
            float x = start;
            for (int step = 0; step < depth; step++)
            {
                x = MathF.FusedMultiplyAdd(left[step], right[step], x);
            }

            *result = x;
        }
    }
}
