using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule.Training;

/// <summary>Rows in memory: dense features, a label and a weight each. Features are held once, in blocks, so that they can grow without copies.</summary>
internal sealed class TrainingData
{
    private readonly float[][] _blocks;
    private readonly int _blockShift;
    private readonly float[] _labels;
    private readonly float[]? _weights;

    internal TrainingData(int featureCount, int rowCount, float[][] blocks, int blockShift, float[] labels, float[]? weights)
    {
        FeatureCount = featureCount;
        RowCount = rowCount;
        _blocks = blocks;
        _blockShift = blockShift;
        _labels = labels;
        _weights = weights;
    }

    public int FeatureCount { get; }

    public int RowCount { get; }

    public bool HasWeights => _weights is not null;

    public ReadOnlySpan<float> Labels => _labels.AsSpan(0, RowCount);

    /// <summary>Empty where every row weighs 1.</summary>
    public ReadOnlySpan<float> Weights => _weights is null ? [] : _weights.AsSpan(0, RowCount);

    /// <summary>The same rows with other labels.</summary>
    /// <param name="labels">One for each row.</param>
    public TrainingData WithLabels(float[] labels) => labels.Length == RowCount
        ? new TrainingData(FeatureCount, RowCount, _blocks, _blockShift, labels, _weights)
        : throw new ArgumentException($"{RowCount} rows need as many labels, not {labels.Length}.", nameof(labels));

    public ReadOnlySpan<float> Features(int row)
    {
        float[] block = _blocks[row >> _blockShift];
        return block.AsSpan((row & ((1 << _blockShift) - 1)) * FeatureCount, FeatureCount);
    }

    /// <summary>Consecutive rows where they lie, [count x FeatureCount], or empty when they cross the end of a block.</summary>
    public ReadOnlySpan<float> Consecutive(int firstRow, int count)
    {
        if (count == 0 || firstRow >> _blockShift != (firstRow + count - 1) >> _blockShift)
            return [];
        return _blocks[firstRow >> _blockShift].AsSpan((firstRow & ((1 << _blockShift) - 1)) * FeatureCount, count * FeatureCount);
    }
}

/// <summary>Collects rows whose number is not known beforehand.</summary>
internal sealed class TrainingDataBuilder
{
    /// <summary>Floats in a full block: large enough to be read fast, small enough that the unused end of the last one does not matter.</summary>
    private const int BlockFloats = 1 << 20;

    private readonly int _featureCount;
    private readonly int _blockShift;
    private readonly List<float[]> _blocks = [];
    private float[] _labels;
    private float[]? _weights;
    private int _count;

    /// <param name="featureCount">Features of every row. Range: at least 1.</param>
    /// <param name="hasWeights">Whether rows bring weights; without, every row weighs 1.</param>
    /// <param name="expectedRows">The number of rows where it is known; only saves memory and time.</param>
    public TrainingDataBuilder(int featureCount, bool hasWeights, int expectedRows = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        _featureCount = featureCount;
        while ((long)featureCount << (_blockShift + 1) <= BlockFloats && _blockShift < 16)
            _blockShift++;
        int first = Math.Max(expectedRows, 64);
        _labels = new float[first];
        _weights = hasWeights ? new float[first] : null;
    }

    public int Count => _count;

    /// <summary>Adds a row and returns the place of its features, which the caller fills.</summary>
    public Span<float> Add(float label, float weight)
    {
        if (_count == int.MaxValue)
            throw new InvalidOperationException($"More than {int.MaxValue:N0} rows cannot be held in memory.");
        if (_count == _labels.Length)
        {
            int larger = (int)Math.Min(Array.MaxLength, 2L * _labels.Length);
            Array.Resize(ref _labels, larger);
            if (_weights is not null)
                Array.Resize(ref _weights, larger);
        }

        _labels[_count] = label;
        if (_weights is not null)
            _weights[_count] = weight;

        int block = _count >> _blockShift, place = _count & ((1 << _blockShift) - 1);
        _count++;
        if (block == _blocks.Count)
            _blocks.Add(NewBlock(block));
        else if ((place + 1) * _featureCount > _blocks[block].Length)
            _blocks[block] = Grown(_blocks[block]);
        return _blocks[block].AsSpan(place * _featureCount, _featureCount);
    }

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<float> features, float label, float weight) => features.CopyTo(Add(label, weight));

    public TrainingData Build() => new(_featureCount, _count, [.. _blocks], _blockShift, _labels, _weights);

    // As long as the labels' array promises rows, so that a known row count wastes nothing; a block that turns out too short grows.
    private float[] NewBlock(int block)
    {
        int full = _featureCount << _blockShift;
        long expected = (_labels.Length - ((long)block << _blockShift)) * _featureCount;
        return GC.AllocateUninitializedArray<float>((int)Math.Min(full, Math.Max(expected, _featureCount)));
    }

    private float[] Grown(float[] block)
    {
        var larger = GC.AllocateUninitializedArray<float>((int)Math.Min((long)_featureCount << _blockShift, 2L * block.Length));
        block.CopyTo(larger, 0);
        return larger;
    }
}
