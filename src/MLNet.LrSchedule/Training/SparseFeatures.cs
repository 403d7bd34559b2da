using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNet.LrSchedule.Training;

/// <summary>A run of sparse rows: row r has the elements from Offsets[r] to Offsets[r + 1].</summary>
internal readonly record struct SparseBlock(int[] Offsets, int[] Columns, float[] Values);

/// <summary>Rows of which only some elements are stored; the others are zeros.</summary>
internal sealed class SparseFeatures(int featureCount, int rowCount, SparseBlock[] blocks, int blockShift) : FeatureStore(featureCount, rowCount)
{
    public override bool IsSparse => true;

    public override void Read(int row, Batch batch, int place)
    {
        Row(row, out var columns, out var values);
        batch.SetRow(place, columns, values);
    }

    public void Row(int row, out ReadOnlySpan<int> columns, out ReadOnlySpan<float> values)
    {
        ref readonly var block = ref blocks[row >> blockShift];
        int place = row & ((1 << blockShift) - 1), first = block.Offsets[place], count = block.Offsets[place + 1] - first;
        columns = block.Columns.AsSpan(first, count);
        values = block.Values.AsSpan(first, count);
    }

    // The fullest rows could all fall into one batch; no batch has more than they have.
    public override int LargestBatch(int rows)
    {
        var rowsOfLength = new int[FeatureCount + 1];
        for (int row = 0; row < RowCount; row++)
        {
            Row(row, out var columns, out _);
            rowsOfLength[columns.Length]++;
        }

        long elements = 0;
        for (int length = FeatureCount, left = rows; length > 0 && left > 0; length--)
        {
            int taken = Math.Min(left, rowsOfLength[length]);
            elements += (long)taken * length;
            left -= taken;
        }

        return checked((int)elements);
    }

    public override void AppendTo(IncrementalHash digest)
    {
        for (int row = 0; row < RowCount; row++)
        {
            Row(row, out var columns, out var values);
            digest.AppendData(BitConverter.GetBytes(columns.Length));
            digest.AppendData(MemoryMarshal.AsBytes(columns));
            digest.AppendData(MemoryMarshal.AsBytes(values));
        }
    }

    public override IReadOnlyList<int> ConstantFeatures()
    {
        var constants = new SparseConstants(FeatureCount);
        for (int row = 0; row < RowCount; row++)
        {
            Row(row, out var columns, out var values);
            constants.Add(columns, values);
        }

        return constants.Find();
    }
}

/// <summary>Collects sparse rows; zeros of rows given in full are left out.</summary>
internal sealed class SparseFeaturesBuilder : FeatureStoreBuilder
{
    // A finished block is cut to its length, so only one block's growth is ever wasted.
    private const int BlockShift = 12;
    private const int MaximumBlockElements = 1 << 30;

    private readonly List<SparseBlock> _blocks = [];
    private readonly int _blockShift = BlockShift;
    private readonly int[] _offsets;
    private int[] _columns = [];
    private float[] _values = [];
    private int _rows;
    private int _count;

    public SparseFeaturesBuilder(int featureCount)
        : base(featureCount)
    {
        while ((long)featureCount << _blockShift > MaximumBlockElements && _blockShift > 0)
            _blockShift--;
        _offsets = new int[(1 << _blockShift) + 1];
    }

    /// <summary>Elements that are stored.</summary>
    public long ElementCount { get; private set; }

    public override void Add(ReadOnlySpan<float> features)
    {
        Reserve(features.Length);
        for (int column = 0; column < features.Length; column++)
        {
            if (features[column] != 0)
                Store(column, features[column]);
        }

        EndRow();
    }

    public override void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        Reserve(columns.Length);
        for (int i = 0; i < columns.Length; i++)
        {
            if (values[i] != 0)
                Store(columns[i], values[i]);
        }

        EndRow();
    }

    public override FeatureStore Build()
    {
        EndBlock();
        return new SparseFeatures(FeatureCount, RowCount, [.. _blocks], _blockShift);
    }

    private void Reserve(int elements)
    {
        if (_count + elements <= _columns.Length)
            return;
        int length = Math.Max(_count + elements, 2 * _columns.Length);
        Array.Resize(ref _columns, length);
        Array.Resize(ref _values, length);
    }

    private void Store(int column, float value)
    {
        _columns[_count] = column;
        _values[_count++] = value;
        ElementCount++;
    }

    private void EndRow()
    {
        RowCount++;
        _offsets[++_rows] = _count;
        if (_rows == 1 << _blockShift)
            EndBlock();
    }

    private void EndBlock()
    {
        if (_rows == 0)
            return;
        _blocks.Add(new SparseBlock(_offsets[..(_rows + 1)], _columns[.._count], _values[.._count]));
        _rows = 0;
        _count = 0;
    }
}
