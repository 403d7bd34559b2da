using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>The rows that come into a network: dense, [rows x inputs], or sparse.</summary>
internal readonly ref struct InputRows
{
    public InputRows(ReadOnlySpan<float> dense, int rows)
    {
        Dense = dense;
        Rows = rows;
    }

    public InputRows(SparseRows sparse)
    {
        Sparse = sparse;
        Rows = sparse.Rows;
        IsSparse = true;
    }

    public int Rows { get; }

    public bool IsSparse { get; }

    /// <summary>Empty where the rows are sparse.</summary>
    public ReadOnlySpan<float> Dense { get; }

    /// <summary>Meaningless where the rows are dense.</summary>
    public SparseRows Sparse { get; }

    /// <summary>Some of the rows.</summary>
    public InputRows Slice(int first, int count)
    {
        if (IsSparse)
            return new InputRows(new SparseRows(Sparse.Offsets.Slice(first, count + 1), Sparse.Columns, Sparse.Values));
        int width = Dense.Length / Rows;
        return new InputRows(Dense.Slice(first * width, count * width), count);
    }
}
