using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The gradient of a range of outputs of <see cref="SparseGradient"/>. Row by row, each element adds its product to the gradient of its column. Nothing is
/// sorted: to load and store a row of the gradient once for each element costs less than to bring the elements of a column together.
/// </summary>
/// <remarks>The rows of the batch come in their order, so every chain is that of <see cref="DenseKernels.WeightGradient"/>.</remarks>
internal unsafe struct SparseGradientWork : IVectorProgram
{
    /// <summary>The most vectors of outputs that are accumulated at a time.</summary>
    public const int PanelVectors = 4;

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

    /// <summary>Where a column's chain starts.</summary>
    public float* Zeros;

    /// <summary>A flag for each column: whether the batch before wrote it.</summary>
    public sbyte* WrittenBefore;

    /// <summary>Becomes the same for this batch.</summary>
    public sbyte* Written;

    /// <summary>Number of flags, a multiple of eight.</summary>
    public int FlagsLength;

    public readonly void Run<TSimd, TVector>()
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        int width = TSimd.Width;
        int output = 0;
        for (; output <= OutputCount - (PanelVectors * width); output += PanelVectors * width)
        {
            Accumulate<TSimd, TVector, FourVectors>(output, default);
        }

        if (output <= OutputCount - (2 * width))
        {
            Accumulate<TSimd, TVector, TwoVectors>(output, default);
            output += 2 * width;
        }

        if (output <= OutputCount - width)
        {
            Accumulate<TSimd, TVector, OneVector>(output, default);
            output += width;
        }

        if (output < OutputCount)
        {
            Accumulate<TSimd, TVector, OnePartialVector>(output, TSimd.Mask(OutputCount - output));
        }

        ClearOthers();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Accumulate<TSimd, TVector, TColumns>(int output, TVector mask)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        int width = TSimd.Width;
        int* offsets = Offsets;
        int* columns = Columns;
        float* values = Values;
        float* panel = WeightGradient + output;
        float* g = OutputGradient + output;
        float* zeros = Zeros;
        sbyte* written = Written;
        nint stride = Stride;
        int rows = Rows;
        int lastElement = offsets[rows] - 1;
        new Span<sbyte>(written, FlagsLength).Clear();
        for (int row = 0; row < rows; row++)
        {
            TVector g0 = TileVectors<TSimd, TVector, TColumns>.LoadLast(g, mask);
            TVector g1 = TColumns.Vectors > 1 ? TSimd.Load(g + width) : default;
            TVector g2 = TColumns.Vectors > 2 ? TSimd.Load(g + (2 * width)) : default;
            TVector g3 = TColumns.Vectors > 2 ? TSimd.Load(g + (3 * width)) : default;
            int last = offsets[row + 1];
            for (int i = offsets[row]; i < last; i++)
            {
                int column = columns[i];
                float* to = panel + (column * stride);
                TileVectors<TSimd, TVector, TColumns>.Prefetch(panel + (columns[Math.Min(i + ElementsAhead, lastElement)] * stride));

                // From the zeros where the column has not been there: without a branch, which would often be guessed wrong.
                float* from = (float*)((nint)zeros + (((nint)to - (nint)zeros) & written[column]));
                written[column] = -1;
                TVector value = TSimd.LoadBroadcast(values + i);
                TVector x0 = TSimd.FusedMultiplyAdd(value, g0, TileVectors<TSimd, TVector, TColumns>.LoadLast(from, mask));
                TileVectors<TSimd, TVector, TColumns>.StoreLast(to, mask, x0);

                if (TColumns.Vectors > 1)
                {
                    TSimd.Store(to + width, TSimd.FusedMultiplyAdd(value, g1, TSimd.Load(from + width)));
                }

                if (TColumns.Vectors > 2)
                {
                    TSimd.Store(to + (2 * width), TSimd.FusedMultiplyAdd(value, g2, TSimd.Load(from + (2 * width))));
                    TSimd.Store(to + (3 * width), TSimd.FusedMultiplyAdd(value, g3, TSimd.Load(from + (3 * width))));
                }
            }

            g += stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void ClearOthers()
    {
        for (int i = 0; i < FlagsLength; i += sizeof(ulong))
        {
            ulong others = *(ulong*)(WrittenBefore + i) & ~*(ulong*)(Written + i);
            for (; others != 0; others &= ~((ulong)byte.MaxValue << BitOperations.TrailingZeroCount(others)))
            {
                int column = i + (BitOperations.TrailingZeroCount(others) / 8);
                new Span<float>(WeightGradient + (column * Stride), OutputCount).Clear();
            }
        }
    }
}
