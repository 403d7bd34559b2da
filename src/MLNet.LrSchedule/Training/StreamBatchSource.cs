using System;
using MathNet.Numerics.Random;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// Batches from a stream, through a pool of rows where they are shuffled: each draw takes the row of a random slot, and the next row of the stream
/// takes its place. The order is decided by seed and epoch alone.
/// </summary>
/// <remarks>
/// A row comes out at most as many draws early as the pool has slots, and on average as many late: rows that are sorted in the stream need a pool that
/// spans what they are sorted by. With a slot for every row the order is as random as a shuffle in memory, though not the same.
/// </remarks>
internal sealed class StreamBatchSource : BatchSource
{
    private readonly StreamedRows _rows;
    private readonly StreamedPart _part;
    private readonly int? _shuffleSeed;
    private readonly float[]? _classWeights;
    private readonly RowSlot[] _slots;
    private StreamedPartReader? _reader;
    private RandomSource? _random;
    private int _filled;
    private long _drawn;

    public StreamBatchSource(StreamedRows rows, StreamedPart part, int batchSize, int? shuffleSeed, float[]? classWeights)
        : base(batchSize)
    {
        _rows = rows;
        _part = part;
        _shuffleSeed = shuffleSeed;
        _classWeights = classWeights;
        // Without shuffling one slot is enough: it is emptied and filled in turns.
        _slots = new RowSlot[shuffleSeed is null ? 1 : (int)Math.Min(rows.MaximumCachedRows, part.Count)];
    }

    public override int FeatureCount => _rows.FeatureCount;

    public override long RowCount => _part.Count;

    public override void BeginEpoch(int epoch)
    {
        Dispose();
        _reader = _part.Open();
        _random = _shuffleSeed is int seed ? RandomStream.Create(seed, RandomPurpose.ShufflePool, epoch) : null;
        _drawn = 0;
        for (_filled = 0; _filled < _slots.Length && _reader.MoveNext(); _filled++)
            Fill(_filled);
    }

    public override void Skip(long batches)
    {
        for (long left = batches * BatchSize; left > 0 && _filled > 0; left--)
            Refill(NextSlot());
    }

    public override bool TryRead(Batch batch)
    {
        batch.Rows = (int)Math.Min(BatchSize, RowCount - _drawn);
        if (batch.Rows <= 0)
        {
            CloseAtEnd();
            return false;
        }

        for (int place = 0; place < batch.Rows; place++)
        {
            if (_filled == 0)
                throw Changed("fewer");
            int slot = NextSlot();
            var row = _slots[slot];
            row.CopyTo(batch, place);
            batch.Labels[place] = row.Label;
            if (batch.Weights.Length > 0)
                batch.Weights[place] = (_rows.HasWeights ? row.Weight : 1f) * (_classWeights is null ? 1f : _classWeights[(int)row.Label]);
            Refill(slot);
        }

        return true;
    }

    public override void Dispose()
    {
        _reader?.Dispose();
        _reader = null;
    }

    private int NextSlot() => _random is null ? 0 : _random.Next(_filled);

    private void Refill(int slot)
    {
        _drawn++;
        if (_reader!.MoveNext())
        {
            Fill(slot);
            return;
        }

        // Nothing comes after: the last row moves into the gap.
        _filled--;
        (_slots[slot], _slots[_filled]) = (_slots[_filled], _slots[slot]);
    }

    private void Fill(int slot) => (_slots[slot] ??= new RowSlot(FeatureCount, _rows.IsSparse)).Copy(_reader!.Current);

    private void CloseAtEnd()
    {
        if (_filled > 0)
            throw Changed("more");
        Dispose();
    }

    private InvalidOperationException Changed(string direction) => new(
        $"The data give {direction} rows in this pass than the {RowCount:N0} they gave in the first; training from a stream needs data that stay as they are.");
}
