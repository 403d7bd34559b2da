using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Which rows of a weights' gradient the last batch of sparse rows wrote to, so that only these are cleared for the next: a wide first layer has far
/// more rows than a batch names.
/// </summary>
internal sealed class UsedColumns(int columnCount)
{
    private readonly int[] _columns = new int[columnCount];
    private readonly bool[] _isUsed = new bool[columnCount];
    private int _count;
    private bool _all;

    /// <summary>Says that something else wrote the whole gradient.</summary>
    public void MarkAll() => _all = true;

    /// <summary>Makes the gradient all zeros again.</summary>
    public void Clear(Span<float> weightGradient, int outputCount)
    {
        if (_all)
            weightGradient.Clear();
        foreach (int column in _columns.AsSpan(0, _count))
        {
            _isUsed[column] = false;
            if (!_all)
                weightGradient.Slice(column * outputCount, outputCount).Clear();
        }

        _count = 0;
        _all = false;
    }

    /// <summary>Takes down the columns of a batch.</summary>
    public void Add(SparseRows rows)
    {
        foreach (int column in rows.Columns[rows.Offsets[0]..rows.Offsets[^1]])
        {
            if (_isUsed[column])
                continue;
            _isUsed[column] = true;
            _columns[_count++] = column;
        }
    }
}
