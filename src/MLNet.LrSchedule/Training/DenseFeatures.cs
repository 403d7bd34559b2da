using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Training;

/// <summary>Rows of which every element is stored.</summary>
internal sealed class DenseFeatures(int featureCount, int rowCount, float[][] blocks, int blockShift) : FeatureStore(featureCount, rowCount)
{
    /// <summary>How many rows before a row its memory is asked for: as many as make up this number of elements, and at least one.</summary>
    private const int ElementsAhead = 1024;

    /// <summary>Fewer elements than this are copied by one thread, and soon.</summary>
    private const int MinElements = 1 << 14;

    public override bool IsSparse => false;

    public ReadOnlySpan<float> this[int row] =>
        blocks[row >> blockShift].AsSpan((row & ((1 << blockShift) - 1)) * FeatureCount, FeatureCount);

    public override void Read(int row, Batch batch, int place) => batch.SetRow(place, this[row]);

    public override unsafe void Read(ReadOnlySpan<int> rows, Batch batch)
    {
        if (batch.IsSparse || (long)rows.Length * FeatureCount < MinElements)
        {
            for (int i = 0; i < rows.Length; i++)
                batch.SetRow(i, this[rows[i]]);
            return;
        }

        fixed (int* row = rows)
        {
            ParallelRanges.Run(batch.Kernels, new Gathering(this, row, rows.Length, batch), rows.Length, minCount: 2, alignment: 1);
        }
    }

    public override int LargestBatch(int rows) => checked(Math.Min(rows, RowCount) * FeatureCount);

    public override void AppendTo(IncrementalHash digest)
    {
        for (int row = 0; row < RowCount; row++)
            digest.AppendData(MemoryMarshal.AsBytes(this[row]));
    }

    public override IReadOnlyList<int> ConstantFeatures()
    {
        // Only features that have not varied yet are looked at, so that this ends after a few rows of ordinary data.
        List<int> constant = [.. Enumerable.Range(0, FeatureCount)];
        for (int row = 1; row < RowCount && constant.Count > 0; row++)
        {
            for (int i = constant.Count - 1; i >= 0; i--)
            {
                if (this[row][constant[i]] != this[0][constant[i]])
                    constant.RemoveAt(i);
            }
        }

        return constant;
    }

    // Shuffled rows lie anywhere: without a hint the processor would wait for the memory of each.
    private readonly unsafe struct Gathering(DenseFeatures features, int* rows, int rowCount, Batch batch) : IRangeWork
    {
        public void Run(KernelContext context, int first, int count)
        {
            int ahead = 1 + (ElementsAhead / features.FeatureCount);
            for (int place = first; place < first + count; place++)
            {
                if (place + ahead < rowCount)
                    CachePrefetch.Begin(features[rows[place + ahead]]);
                batch.SetRow(place, features[rows[place]]);
            }
        }
    }
}

/// <summary>Collects dense rows.</summary>
internal sealed class DenseFeaturesBuilder : FeatureStoreBuilder
{
    /// <summary>Floats in a full block: large enough to be read fast, small enough that the unused end of the last one does not matter.</summary>
    private const int BlockFloats = 1 << 20;

    private readonly int _blockShift;
    private readonly List<float[]> _blocks = [];
    private long _promisedRows;

    /// <param name="featureCount">Features of every row.</param>
    /// <param name="expectedRows">The number of rows where it is known; only saves memory and time.</param>
    public DenseFeaturesBuilder(int featureCount, int expectedRows)
        : base(featureCount)
    {
        while ((long)featureCount << (_blockShift + 1) <= BlockFloats && _blockShift < 16)
            _blockShift++;
        _promisedRows = Math.Max(expectedRows, 64);
    }

    /// <summary>Adds a row and returns its place, which the caller fills.</summary>
    public Span<float> Add()
    {
        if (RowCount == _promisedRows)
            _promisedRows *= 2;
        int block = RowCount >> _blockShift, place = RowCount & ((1 << _blockShift) - 1);
        RowCount++;
        if (block == _blocks.Count)
            _blocks.Add(NewBlock(block));
        else if ((place + 1) * FeatureCount > _blocks[block].Length)
            _blocks[block] = Grown(_blocks[block]);
        return _blocks[block].AsSpan(place * FeatureCount, FeatureCount);
    }

    public override void Add(ReadOnlySpan<float> features) => features.CopyTo(Add());

    public override void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        var row = Add();
        row.Clear();
        for (int i = 0; i < columns.Length; i++)
            row[columns[i]] = values[i];
    }

    public override FeatureStore Build() => new DenseFeatures(FeatureCount, RowCount, [.. _blocks], _blockShift);

    // As long as the promise of rows, so that a known row count wastes nothing; a block that turns out too short grows.
    private float[] NewBlock(int block)
    {
        int full = FeatureCount << _blockShift;
        long expected = (_promisedRows - ((long)block << _blockShift)) * FeatureCount;
        return GC.AllocateUninitializedArray<float>((int)Math.Min(full, Math.Max(expected, FeatureCount)));
    }

    private float[] Grown(float[] block)
    {
        var larger = GC.AllocateUninitializedArray<float>((int)Math.Min((long)FeatureCount << _blockShift, 2L * block.Length));
        block.CopyTo(larger, 0);
        return larger;
    }
}
