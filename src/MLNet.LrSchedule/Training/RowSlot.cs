using System;

namespace MLNet.LrSchedule.Training;

/// <summary>A copy of one row, in the form that the rows of its stream have in memory.</summary>
internal sealed class RowSlot(int featureCount, bool isSparse)
{
    private int[] _columns = [];
    private float[] _values = isSparse ? [] : new float[featureCount];
    private int _count;

    public float Label { get; private set; }

    public float Weight { get; private set; }

    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, _count);

    public ReadOnlySpan<float> Values => isSparse ? _values.AsSpan(0, _count) : _values;

    public void Copy(RowReader row)
    {
        Label = row.Label;
        Weight = row.Weight;
        var values = row.Values;
        var columns = row.Columns;
        if (!isSparse)
        {
            CopyDense(row.IsDense, columns, values);
            return;
        }

        _count = 0;
        if (_values.Length < values.Length - values.Count(0f))
            Grow(values.Length - values.Count(0f));
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == 0)
                continue;
            _columns[_count] = row.IsDense ? i : columns[i];
            _values[_count++] = values[i];
        }
    }

    public void CopyTo(Batch batch, int place)
    {
        if (isSparse)
            batch.SetRow(place, Columns, Values);
        else
            batch.SetRow(place, Values);
    }

    private void CopyDense(bool isDense, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        if (isDense)
        {
            values.CopyTo(_values);
            return;
        }

        _values.AsSpan().Clear();
        for (int i = 0; i < columns.Length; i++)
            _values[columns[i]] = values[i];
    }

    private void Grow(int elements)
    {
        _columns = new int[elements];
        _values = new float[elements];
    }
}
