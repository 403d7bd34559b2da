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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<float> EightRows(float* left, nint stride, float* right, float start, int depth)
    {
        float* row0 = left;
        float* row4 = left + (4 * stride);
        nint stride3 = 3 * stride;
        Vector256<float> sums = Vector256.Create(start);
        int step = 0;
        for (; step <= depth - BlockSteps; step += BlockSteps)
        {
            Transpose(row0 + step, row4 + step, stride, stride3, out Vector256<float> x0, out Vector256<float> x1, out Vector256<float> x2, out Vector256<float> x3);
            sums = Fma.MultiplyAdd(x0, Vector256.Create(right[step]), sums);
            sums = Fma.MultiplyAdd(x1, Vector256.Create(right[step + 1]), sums);
            sums = Fma.MultiplyAdd(x2, Vector256.Create(right[step + 2]), sums);
            sums = Fma.MultiplyAdd(x3, Vector256.Create(right[step + 3]), sums);
        }

        if (step < depth)
        {
            int last = depth - BlockSteps;
            Transpose(row0 + last, row4 + last, stride, stride3, out _, out Vector256<float> x1, out Vector256<float> x2, out Vector256<float> x3);
            if (depth - step == 3)
            {
                sums = Fma.MultiplyAdd(x1, Vector256.Create(right[depth - 3]), sums);
            }

            if (depth - step >= 2)
            {
                sums = Fma.MultiplyAdd(x2, Vector256.Create(right[depth - 2]), sums);
            }

            sums = Fma.MultiplyAdd(x3, Vector256.Create(right[depth - 1]), sums);
        }

        return sums;
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
