using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// A matrix times one column: result[rows] = start + left[rows x depth] * right[depth]. Each row is one chain by definition and its numbers are adjacent,
/// so lanes cannot share the work of a row; instead eight rows advance together and fill the pipelines with scalar chains.
/// </summary>
internal static unsafe class ColumnProduct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* left, nint leftStride, float* right, float start, float* result, nint resultStride, int rows, int depth)
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
