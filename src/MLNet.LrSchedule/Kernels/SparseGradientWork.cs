using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The gradient of a range of outputs, or of columns, of <see cref="SparseGradient"/>. Row by row, each element adds its product to the gradient of its column. Nothing is
/// sorted: to load and store a row of the gradient once for each element costs less than to bring the elements of a column together.
/// </summary>
/// <remarks>The rows of the batch come in their order, so every chain is that of <see cref="DenseKernels.WeightGradient"/>.</remarks>
internal unsafe struct SparseGradientWork : IVectorProgram
{
    // The most vectors of outputs that are accumulated at a time.
    private const int PanelVectors = 4;

    // So many elements later, about a row of text or of one-hot columns, the gradient of an element's column is needed: lines that lie anywhere in the second-level cache or the third.
    private const int ElementsAhead = 40;

    public int* Offsets;
    public int* Columns;
    public float* Values;
    public int Rows;

    /// <summary>The first output of the range in the first row, [Rows x Stride].</summary>
    public float* OutputGradient;

    /// <summary>The first output of the range, [columns x Stride].</summary>
    public float* WeightGradient;

    /// <summary>Outputs of the layer.</summary>
    public nint Stride;

    /// <summary>Outputs of the range.</summary>
    public int OutputCount;

    /// <summary>The first column of the range.</summary>
    public int FirstColumn;

    /// <summary>The column after its last.</summary>
    public int EndColumn;

    /// <summary>Whether the range is cleared first; it is zero already otherwise.</summary>
    public bool IsCleared;

    /// <summary>Whether rows may have elements of other ranges of columns.</summary>
    public bool HasSomeColumns;

    public readonly void Run<TSimd, TVector>()
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        if (IsCleared)
        {
            Clear();
        }

        if (HasSomeColumns)
        {
            Run<TSimd, TVector, SomeColumns>();
            return;
        }

        Run<TSimd, TVector, AllColumns>();
    }

    private readonly void Run<TSimd, TVector, TRange>()
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TRange : struct, IColumnRange
    {
        int width = TSimd.Width;
        int output = 0;
        for (; output <= OutputCount - (PanelVectors * width); output += PanelVectors * width)
        {
            Accumulate<TSimd, TVector, FourVectors, TRange>(output, default);
        }

        if (output <= OutputCount - (2 * width))
        {
            Accumulate<TSimd, TVector, TwoVectors, TRange>(output, default);
            output += 2 * width;
        }

        if (output <= OutputCount - width)
        {
            Accumulate<TSimd, TVector, OneVector, TRange>(output, default);
            output += width;
        }

        if (output < OutputCount)
        {
            Accumulate<TSimd, TVector, OnePartialVector, TRange>(output, TSimd.Mask(OutputCount - output));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Accumulate<TSimd, TVector, TColumns, TRange>(int output, TVector mask)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : struct, ITileColumns
        where TRange : struct, IColumnRange
    {
        int width = TSimd.Width;
        int* offsets = Offsets;
        int* columns = Columns;
        float* values = Values;
        float* panel = WeightGradient + output;
        float* g = OutputGradient + output;
        nint stride = Stride;
        int rows = Rows;
        int lastElement = offsets[rows] - 1;
        int firstColumn = FirstColumn;
        int lastColumn = EndColumn - 1;
        for (int row = 0; row < rows; row++)
        {
            TVector g0 = TileVectors<TSimd, TVector, TColumns>.LoadLast(g, mask);
            TVector g1 = TColumns.Vectors > 1 ? TSimd.Load(g + width) : default;
            TVector g2 = TColumns.Vectors > 2 ? TSimd.Load(g + (2 * width)) : default;
            TVector g3 = TColumns.Vectors > 2 ? TSimd.Load(g + (3 * width)) : default;
            int i = offsets[row];
            int last = offsets[row + 1];
            if (TRange.HasOthers)
            {
                i = FirstFrom(firstColumn, columns, i, last);
                last = FirstFrom(lastColumn + 1, columns, i, last);
            }

            for (; i < last; i++)
            {
                int column = columns[i];
                float* to = panel + (column * stride);
                int ahead = columns[Math.Min(i + ElementsAhead, lastElement)];
                if (TRange.HasOthers)
                {
                    // Never a line of another range, whose thread would have to fetch it back.
                    ahead = Math.Max(firstColumn, Math.Min(ahead, lastColumn));
                }

                TileVectors<TSimd, TVector, TColumns>.Prefetch(panel + (ahead * stride));
                TVector value = TSimd.LoadBroadcast(values + i);
                TVector x0 = TSimd.FusedMultiplyAdd(value, g0, TileVectors<TSimd, TVector, TColumns>.LoadLast(to, mask));
                TileVectors<TSimd, TVector, TColumns>.StoreLast(to, mask, x0);

                if (TColumns.Vectors > 1)
                {
                    TSimd.Store(to + width, TSimd.FusedMultiplyAdd(value, g1, TSimd.Load(to + width)));
                }

                if (TColumns.Vectors > 2)
                {
                    TSimd.Store(to + (2 * width), TSimd.FusedMultiplyAdd(value, g2, TSimd.Load(to + (2 * width))));
                    TSimd.Store(to + (3 * width), TSimd.FusedMultiplyAdd(value, g3, TSimd.Load(to + (3 * width))));
                }
            }

            g += stride;
        }
    }

    // The first of the ascending columns from a place to an end that is not below a column. The branches that would tell where it is could not be foreseen.
    private static int FirstFrom(int column, int* columns, int place, int end)
    {
        for (int count = end - place; count > 0;)
        {
            int half = (count + 1) / 2;
            place += columns[place + half - 1] < column ? half : 0;
            count -= half;
        }

        return place;
    }

    private readonly void Clear()
    {
        for (int column = FirstColumn; column < EndColumn; column++)
        {
            new Span<float>(WeightGradient + (column * Stride), OutputCount).Clear();
        }
    }

    private interface IColumnRange
    {
        /// <summary>Whether rows may have elements of other ranges.</summary>
        static abstract bool HasOthers { get; }
    }

    private readonly struct AllColumns : IColumnRange
    {
        public static bool HasOthers => false;
    }

    private readonly struct SomeColumns : IColumnRange
    {
        public static bool HasOthers => true;
    }
}
