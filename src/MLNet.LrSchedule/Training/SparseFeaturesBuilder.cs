using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule.Training;

/// <summary>Collects sparse rows; zeros are left out.</summary>
internal sealed class SparseFeaturesBuilder : FeatureStoreBuilder
{
    // A finished block is cut to its length, so only one block's growth is ever wasted.
    private const int BlockShift = 12;
    private const int MaximumBlockElements = 1 << 30;

    private readonly List<SparseBlock> _blocks = [];
    private readonly int _blockShift = BlockShift;
    private readonly int[] _offsets;
    private readonly bool _keepsNegativeZeros;
    private int[] _columns = [];
    private float[] _values = [];
    private int _rows;
    private int _count;

    /// <param name="featureCount">Features of every row.</param>
    /// <param name="keepsNegativeZeros">Whether zeros with a sign are stored, so that a row given in full can be had back bit by bit.</param>
    public SparseFeaturesBuilder(int featureCount, bool keepsNegativeZeros = false)
        : base(featureCount)
    {
        _keepsNegativeZeros = keepsNegativeZeros;
        while ((long)featureCount << _blockShift > MaximumBlockElements && _blockShift > 0)
            _blockShift--;
        _offsets = new int[(1 << _blockShift) + 1];
    }

    /// <summary>Whether zeros with a sign are stored.</summary>
    public bool HasNegativeZeros { get; private set; }

    public override void Add(ReadOnlySpan<float> features)
    {
        Reserve(features.Length);
        for (int column = 0; column < features.Length; column++)
        {
            if (IsStored(features[column]))
                Store(column, features[column]);
        }

        EndRow();
    }

    public override void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        Reserve(columns.Length);
        for (int i = 0; i < columns.Length; i++)
        {
            if (IsStored(values[i]))
                Store(columns[i], values[i]);
        }

        EndRow();
    }

    public override SparseFeatures Build()
    {
        EndBlock();
        return new SparseFeatures(FeatureCount, RowCount, [.. _blocks], _blockShift);
    }

    private bool IsStored(float value) => value != 0 || (_keepsNegativeZeros && float.IsNegative(value));

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
        HasNegativeZeros |= value == 0;
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
