using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNet.LrSchedule.Training;

/// <summary>Rows in memory: features, dense or sparse, a label and a weight each.</summary>
internal sealed class TrainingData : TrainingRows
{
    private readonly float[] _labels;
    private readonly float[]? _weights;

    internal TrainingData(FeatureStore features, float[] labels, float[]? weights)
    {
        Store = features;
        _labels = labels;
        _weights = weights;
    }

    public FeatureStore Store { get; }

    public override int FeatureCount => Store.FeatureCount;

    public int RowCount => Store.RowCount;

    public override bool HasWeights => _weights is not null;

    public ReadOnlySpan<float> Labels => _labels.AsSpan(0, RowCount);

    /// <summary>Empty where every row weighs 1.</summary>
    public ReadOnlySpan<float> Weights => _weights is null ? [] : _weights.AsSpan(0, RowCount);

    /// <summary>The same rows with other labels.</summary>
    /// <param name="labels">One for each row.</param>
    public TrainingData WithLabels(float[] labels) => labels.Length == RowCount
        ? new TrainingData(Store, labels, _weights)
        : throw new ArgumentException($"{RowCount} rows need as many labels, not {labels.Length}.", nameof(labels));

    /// <summary>The features of a row that is stored dense.</summary>
    public ReadOnlySpan<float> Features(int row) => Store is DenseFeatures dense
        ? dense[row]
        : throw new InvalidOperationException("Sparse rows have no place where all of their features lie.");

    public override bool IsSparse => Store.IsSparse;

    public override RowPart All => Split(0, ValidationSelection.Tail, 0).Training;

    public override (RowPart Training, RowPart? HeldOut) Split(double fraction, ValidationSelection selection, int seed)
    {
        var split = RowSplit.HoldOut(RowCount, fraction, selection, seed);
        return (new MemoryPart(this, split.Training), split.Validation.Length > 0 ? new MemoryPart(this, split.Validation) : null);
    }

    public override int LargestBatch(int rows) => Store.LargestBatch(rows);

    public override IReadOnlyList<int> ConstantFeatures() => Store.ConstantFeatures();

    public override void AppendTo(IncrementalHash digest)
    {
        digest.AppendData(BitConverter.GetBytes(RowCount));
        digest.AppendData(BitConverter.GetBytes(FeatureCount));
        Store.AppendTo(digest);
        digest.AppendData(MemoryMarshal.AsBytes(Labels));
        digest.AppendData(MemoryMarshal.AsBytes(Weights));
    }

    public override void Dispose() => Store.Dispose();
}

/// <summary>Some rows in memory, by their numbers.</summary>
internal sealed class MemoryPart(TrainingData data, int[] rows) : RowPart
{
    public override long Count => rows.Length;

    public override double[] ClassSums(int classes)
    {
        var sums = new double[classes];
        foreach (int row in rows)
            sums[(int)data.Labels[row]] += data.HasWeights ? data.Weights[row] : 1;
        return sums;
    }

    public override BatchSource Batches(int batchSize, int? shuffleSeed, float[]? classWeights) =>
        new MemoryBatchSource(data, rows, batchSize, shuffleSeed, classWeights);
}
