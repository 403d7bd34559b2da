using System;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// Where the loop gets its rows from. The loop knows only this, so that rows may come from memory, sparse or dense, or from a stream.
/// </summary>
internal abstract class BatchSource(int batchSize) : IDisposable
{
    public int BatchSize { get; } = batchSize;

    public abstract int FeatureCount { get; }

    /// <summary>Rows of an epoch.</summary>
    public abstract long RowCount { get; }

    public long BatchesPerEpoch => (RowCount + BatchSize - 1) / BatchSize;

    /// <summary>Starts a pass over the rows; the order is decided by the seed and the epoch alone.</summary>
    public abstract void BeginEpoch(int epoch);

    /// <summary>Passes over the first batches of the epoch, which a resumed run has trained on before.</summary>
    public abstract void Skip(long batches);

    /// <summary>Puts the next rows into the batch; false at the end of the epoch.</summary>
    public abstract bool TryRead(Batch batch);

    /// <summary>Ends a pass that was broken off.</summary>
    public virtual void Dispose()
    {
    }
}

/// <summary>Rows in memory, all of them or the chosen ones.</summary>
internal sealed class MemoryBatchSource : BatchSource
{
    private readonly TrainingData _data;
    private readonly int[] _rows;
    private readonly int[] _order;
    private readonly double[] _draws;
    private readonly int? _shuffleSeed;
    private readonly float[]? _classWeights;
    private int _orderedEpoch = -1;
    private int _next;

    /// <param name="data">The rows.</param>
    /// <param name="rows">Which of them, in the order they are visited in without shuffling.</param>
    /// <param name="batchSize">Rows of a batch.</param>
    /// <param name="shuffleSeed">The run's seed where every epoch has a new order, else null.</param>
    /// <param name="classWeights">What rows of each class weigh; null where it is 1.</param>
    public MemoryBatchSource(TrainingData data, int[] rows, int batchSize, int? shuffleSeed, float[]? classWeights = null)
        : base(batchSize)
    {
        _data = data;
        _rows = rows;
        _order = shuffleSeed is null ? rows : new int[rows.Length];
        _draws = shuffleSeed is null ? [] : new double[RandomOrder.DrawsFor(rows.Length)];
        _shuffleSeed = shuffleSeed;
        _classWeights = classWeights;
    }

    public override int FeatureCount => _data.FeatureCount;

    public override long RowCount => _rows.Length;

    public override void BeginEpoch(int epoch)
    {
        _next = 0;
        if (_shuffleSeed is not int seed || epoch == _orderedEpoch)
            return;

        _orderedEpoch = epoch;
        // From the same start every time, so that the epoch's number is all that a resumed run needs.
        _rows.CopyTo(_order, 0);
        RandomOrder.Shuffle(RandomStream.Derive(seed, RandomPurpose.Shuffle, epoch), _order, _draws);
    }

    public override void Skip(long batches) => _next = (int)Math.Min(_order.Length, _next + batches * BatchSize);

    public override bool TryRead(Batch batch)
    {
        int count = Math.Min(BatchSize, _order.Length - _next);
        if (count <= 0)
            return false;

        batch.Rows = count;
        var rows = _order.AsSpan(_next, count);
        _next += count;
        var labels = batch.Labels;
        var weights = batch.Weights;
        _data.Store.Read(rows, batch);
        ReadOnlySpan<float> allLabels = _data.Labels, allWeights = _data.Weights;
        for (int i = 0; i < labels.Length; i++)
            labels[i] = allLabels[rows[i]];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (allWeights.Length > 0 ? allWeights[rows[i]] : 1f) * (_classWeights is null ? 1f : _classWeights[(int)labels[i]]);
        return true;
    }
}
