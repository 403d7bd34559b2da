using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>Rows that are read again for every pass, of which no more than a given number are in memory at a time.</summary>
/// <param name="stream">The rows, marked ones among them.</param>
/// <param name="count">How many there are that are marked as asked.</param>
/// <param name="areMarked">Whether these are the marked rows of the stream or the others.</param>
/// <param name="isSparse">Whether rows come out sparse.</param>
/// <param name="maximumCachedRows">The most rows that are held for shuffling.</param>
internal sealed class StreamedRows(RowStream stream, long count, bool areMarked, bool isSparse, int maximumCachedRows) : TrainingRows
{
    public override int FeatureCount => stream.FeatureCount;

    public override bool HasWeights => stream.HasWeights;

    public override bool IsSparse => isSparse;

    public override RowPart All => new StreamedPart(this, count, new HoldOut(count, 0), takesHeldOut: false);

    public RowStream Stream => stream;

    public bool AreMarked => areMarked;

    public int MaximumCachedRows => maximumCachedRows;

    public override (RowPart Training, RowPart? HeldOut) Split(double fraction, ValidationSelection selection, int seed)
    {
        if (fraction == 0)
            return (All, null);
        long training = TrainingCount(count, fraction);
        var holdOut = new HoldOut(count, count - training, selection == ValidationSelection.Tail ? null : seed);
        return (new StreamedPart(this, training, holdOut, takesHeldOut: false), new StreamedPart(this, count - training, holdOut, takesHeldOut: true));
    }

    // Not known without counting them in every row; a batch that turns out too small grows.
    public override int LargestBatch(int rows) => 0;

    public override IReadOnlyList<int> ConstantFeatures()
    {
        if (isSparse)
        {
            var constants = new SparseConstants(FeatureCount);
            foreach (var slot in Rows())
                constants.Add(slot.Columns, slot.Values);
            return constants.Find();
        }

        // Over after a few rows of ordinary data.
        float[]? first = null;
        List<int> constant = [.. Enumerable.Range(0, FeatureCount)];
        foreach (var slot in Rows())
        {
            first ??= slot.Values.ToArray();
            for (int i = constant.Count - 1; i >= 0; i--)
            {
                if (slot.Values[constant[i]] != first[constant[i]])
                    constant.RemoveAt(i);
            }

            if (constant.Count == 0)
                break;
        }

        return constant;
    }

    public override void AppendTo(IncrementalHash digest)
    {
        digest.AppendData(BitConverter.GetBytes(count));
        digest.AppendData(BitConverter.GetBytes(FeatureCount));
        foreach (var slot in Rows())
        {
            digest.AppendData(BitConverter.GetBytes(slot.Values.Length));
            digest.AppendData(MemoryMarshal.AsBytes(slot.Columns));
            digest.AppendData(MemoryMarshal.AsBytes(slot.Values));
            digest.AppendData(BitConverter.GetBytes(slot.Label));
            digest.AppendData(BitConverter.GetBytes(slot.Weight));
        }
    }

    private IEnumerable<RowSlot> Rows()
    {
        var slot = new RowSlot(FeatureCount, isSparse);
        using var reader = stream.Open();
        while (reader.MoveNext())
        {
            if (reader.IsMarked != areMarked)
                continue;
            slot.Copy(reader);
            yield return slot;
        }
    }
}

/// <summary>
/// Which rows of a stream are held out: the last ones, or a random choice that needs no memory. The number of rows held out is exact in both.
/// </summary>
/// <remarks>Selection sampling (Fan, Muller and Rezucha 1962): of n rows left, the next is one of the m still to be chosen with probability m / n.</remarks>
internal struct HoldOut(long count, long heldOut, int? seed = null)
{
    private long _row;
    private long _chosen;

    /// <summary>Whether the next row is held out.</summary>
    public bool Next()
    {
        long row = _row++;
        if (seed is not int value)
            return heldOut > 0 && row >= count - heldOut;

        // The draw is a function of seed and row, so that every pass chooses the same rows.
        ulong draw = RandomStream.Mix(RandomStream.Mix(((ulong)(uint)value << 8) ^ (uint)RandomPurpose.ValidationSelection) ^ (ulong)row);
        bool isHeldOut = (draw >> 11) * (1.0 / (1L << 53)) * (count - row) < heldOut - _chosen;
        _chosen += isHeldOut ? 1 : 0;
        return isHeldOut;
    }
}
