using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Rows of which only the named elements are stored (compressed sparse rows): row r has the elements from offsets[r] to offsets[r + 1], with strictly
/// ascending columns. An element that is not stored is zero.
/// </summary>
internal readonly ref struct SparseRows
{
    /// <param name="offsets">One more than there are rows, ascending; not necessarily from zero, so that a batch may be a slice of longer storage.</param>
    /// <param name="columns">The column of each element.</param>
    /// <param name="values">The value of each element.</param>
    public SparseRows(ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        if (offsets.IsEmpty || columns.Length != values.Length || offsets[0] < 0 || offsets[^1] > columns.Length)
        {
            throw new ArgumentException($"{offsets.Length} offsets do not fit {columns.Length} columns and {values.Length} values.");
        }

        Offsets = offsets;
        Columns = columns;
        Values = values;
    }

    public ReadOnlySpan<int> Offsets { get; }

    public ReadOnlySpan<int> Columns { get; }

    public ReadOnlySpan<float> Values { get; }

    public int Rows => Offsets.Length - 1;
}
