using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule.Training;

/// <summary>Finds the features that are the same in all sparse rows: those that no row has, and those that all rows have and have alike.</summary>
internal sealed class SparseConstants(int featureCount)
{
    private readonly long[] _counts = new long[featureCount];
    private readonly float[] _first = new float[featureCount];
    private readonly bool[] _varies = new bool[featureCount];
    private long _rows;

    public void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        _rows++;
        for (int i = 0; i < columns.Length; i++)
        {
            int column = columns[i];
            if (values[i] == 0)
                continue;
            _varies[column] |= _counts[column]++ > 0 && values[i] != _first[column];
            _first[column] = values[i];
        }
    }

    public IReadOnlyList<int> Find()
    {
        var constant = new List<int>();
        for (int column = 0; column < featureCount; column++)
        {
            if (!_varies[column] && (_counts[column] == 0 || _counts[column] == _rows))
                constant.Add(column);
        }

        return constant;
    }
}
