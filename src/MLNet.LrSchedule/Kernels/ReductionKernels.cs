using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Sums. Column sums accumulate over the rows in ascending order. A sum over a whole span has 16 chains in double precision, chain j taking the elements
/// j, j + 16, ..., joined by halving (j with j + 8, j + 4, j + 2, j + 1): one tree, whatever the width.
/// </summary>
internal static unsafe class ReductionKernels
{
    // Below a few microseconds of one thread, handing out work costs more than it saves.
    private const int MinParallelElements = 1 << 16;

    // Of a sum over a span.
    private const int Chains = 16;

    /// <summary>sums[columns] = the sum of the rows of matrix[rows x columns].</summary>
    public static void ColumnSums(KernelContext context, ReadOnlySpan<float> matrix, Span<float> sums, int rows, int columns)
    {
        if (matrix.Length != (long)rows * columns || sums.Length != columns)
        {
            throw new ArgumentException($"A matrix of {matrix.Length} elements and {sums.Length} sums do not fit {rows} rows of {columns} columns.");
        }

        fixed (float* source = matrix, result = sums)
        {
            ColumnSums(context, source, result, rows, columns);
        }
    }

    /// <summary>As above.</summary>
    public static void ColumnSums(KernelContext context, float* matrix, float* sums, int rows, int columns)
    {
        int minColumns = (long)rows * columns < MinParallelElements ? int.MaxValue : 2;
        ParallelRanges.Run(context, new ColumnWork(matrix, sums, rows, columns), columns, minColumns);
    }

    /// <summary>The sum of the squares, in double precision.</summary>
    [SkipLocalsInit]
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        int whole = values.Length & -Chains;
        float* tail = stackalloc float[Chains];
        Span<float> padded = new(tail, Chains);

        // The missing elements are zeros, which change no chain.
        padded.Clear();
        values[whole..].CopyTo(padded);
        fixed (float* start = values)
        {
            return SumOfSquares(start, whole, tail);
        }
    }

    // A method of its own, without calls: the compiler keeps no vector in a register across one, and none in a loop beside one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfSquares(float* values, int whole, float* tail)
    {
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = Vector512<double>.Zero;
        for (int i = 0; i <= whole; i += Chains)
        {
            Vector512<float> x = Vector512.Load(i < whole ? values + i : tail);
            Vector512<double> first = Vector512.WidenLower(x);
            Vector512<double> second = Vector512.WidenUpper(x);
            low = Vector512.FusedMultiplyAdd(first, first, low);
            high = Vector512.FusedMultiplyAdd(second, second, high);
        }

        Vector512<double> eight = low + high;
        Vector256<double> four = eight.GetLower() + eight.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }

    /// <summary>Whether every element is a finite number.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        fixed (float* start = values)
        {
            return AllFinite(start, values.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AllFinite(float* values, int count)
    {
        // x - x is zero for a finite x and NaN otherwise, and a sum keeps a NaN. Four sums, so that none waits for the one before.
        int width = Vector512<float>.Count;
        Vector512<float> sum0 = Vector512<float>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        int i = 0;
        for (; i <= count - (4 * width); i += 4 * width)
        {
            Vector512<float> x0 = Vector512.Load(values + i);
            Vector512<float> x1 = Vector512.Load(values + i + width);
            Vector512<float> x2 = Vector512.Load(values + i + (2 * width));
            Vector512<float> x3 = Vector512.Load(values + i + (3 * width));
            sum0 += x0 - x0;
            sum1 += x1 - x1;
            sum2 += x2 - x2;
            sum3 += x3 - x3;
        }

        // No bits but NaN matter, so that what is left is looked at in whole vectors, the last of which looks at some elements twice.
        for (; i <= count - width; i += width)
        {
            Vector512<float> x = Vector512.Load(values + i);
            sum0 += x - x;
        }

        if (i < count && count >= width)
        {
            Vector512<float> x = Vector512.Load(values + count - width);
            sum1 += x - x;
            i = count;
        }

        float rest = Vector512.Sum(sum0 + sum1 + (sum2 + sum3));
        for (; i < count; i++)
        {
            rest += values[i] - values[i];
        }

        return rest == 0;
    }

    /// <summary>The same of a part of a matrix, whose rows lie a stride apart, in the caller's thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ColumnSums<TSimd, TVector>(float* source, float* sums, int rows, int columns, int stride)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        int width = TSimd.Width;
        int column = 0;
        for (; column <= columns - (4 * width); column += 4 * width)
        {
            TVector x0 = TSimd.Constant(0);
            TVector x1 = x0;
            TVector x2 = x0;
            TVector x3 = x0;
            float* row = source + column;
            for (int i = 0; i < rows; i++)
            {
                x0 = TSimd.Add(x0, TSimd.Load(row));
                x1 = TSimd.Add(x1, TSimd.Load(row + width));
                x2 = TSimd.Add(x2, TSimd.Load(row + (2 * width)));
                x3 = TSimd.Add(x3, TSimd.Load(row + (3 * width)));
                row += stride;
            }

            TSimd.Store(sums + column, x0);
            TSimd.Store(sums + column + width, x1);
            TSimd.Store(sums + column + (2 * width), x2);
            TSimd.Store(sums + column + (3 * width), x3);
        }

        if (columns - column > 2 * width)
        {
            TVector mask = TSimd.Mask(columns - column - (2 * width));
            TVector mask3 = TSimd.Mask(columns - column - (3 * width));
            TVector x0 = TSimd.Constant(0);
            TVector x1 = x0;
            TVector x2 = x0;
            TVector x3 = x0;
            float* row = source + column;
            for (int i = 0; i < rows; i++)
            {
                x0 = TSimd.Add(x0, TSimd.Load(row));
                x1 = TSimd.Add(x1, TSimd.Load(row + width));
                x2 = TSimd.Add(x2, TSimd.LoadMasked(row + (2 * width), mask));
                x3 = TSimd.Add(x3, TSimd.LoadMasked(row + (3 * width), mask3));
                row += stride;
            }

            TSimd.Store(sums + column, x0);
            TSimd.Store(sums + column + width, x1);
            TSimd.StoreMasked(sums + column + (2 * width), mask, x2);
            TSimd.StoreMasked(sums + column + (3 * width), mask3, x3);
        }
        else if (column < columns)
        {
            TVector mask0 = TSimd.Mask(columns - column);
            TVector mask1 = TSimd.Mask(columns - column - width);
            TVector x0 = TSimd.Constant(0);
            TVector x1 = x0;
            float* row = source + column;
            for (int i = 0; i < rows; i++)
            {
                x0 = TSimd.Add(x0, TSimd.LoadMasked(row, mask0));
                x1 = TSimd.Add(x1, TSimd.LoadMasked(row + width, mask1));
                row += stride;
            }

            TSimd.StoreMasked(sums + column, mask0, x0);
            TSimd.StoreMasked(sums + column + width, mask1, x1);
        }
    }

    // Each thread has columns of its own, so no sum is joined from two.
    private readonly struct ColumnWork(float* source, float* sums, int rows, int stride) : IRangeWork
    {
        public void Run(KernelContext context, int first, int count)
        {
            float* from = source + first;
            float* to = sums + first;
            switch (context.VectorWidth)
            {
                case VectorWidth.Bits512: ColumnSums<Simd512, Vector512<float>>(from, to, rows, count, stride); break;
                case VectorWidth.Bits256: ColumnSums<Simd256, Vector256<float>>(from, to, rows, count, stride); break;
                case VectorWidth.Bits128: ColumnSums<Simd128, Vector128<float>>(from, to, rows, count, stride); break;
                default: ColumnSums<ScalarSingle, float>(from, to, rows, count, stride); break;
            }
        }
    }
}
