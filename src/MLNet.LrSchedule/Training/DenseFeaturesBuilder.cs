using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Training;

/// <summary>Collects dense rows.</summary>
internal sealed unsafe class DenseFeaturesBuilder : FeatureStoreBuilder
{
    /// <summary>The most floats of a block, unless a single row has more.</summary>
    private const int BlockFloats = 1 << 20;

    /// <summary>The most blocks that are asked for at a time where the number of rows is not known.</summary>
    private const int MaximumGrowth = 16;

    private const int PageFloats = 1024;

    private readonly int _blockShift;
    private readonly List<PageMemory> _memory = [];
    private readonly List<nint> _blocks = [];
    private readonly long _expectedRows;
    private float* _next;

    /// <param name="featureCount">Features of every row.</param>
    /// <param name="expectedRows">The number of rows where it is known; only saves time.</param>
    public DenseFeaturesBuilder(int featureCount, int expectedRows)
        : base(featureCount)
    {
        while ((long)featureCount << (_blockShift + 1) <= BlockFloats && _blockShift < 16)
            _blockShift++;
        _expectedRows = expectedRows;
    }

    /// <summary>Adds a row and returns its place, which the caller fills.</summary>
    public Span<float> Add()
    {
        if ((RowCount & ((1 << _blockShift) - 1)) == 0)
            BeginBlock();
        RowCount++;
        var row = new Span<float>(_next, FeatureCount);
        _next += FeatureCount;
        return row;
    }

    // Compiled at once: counted and looked at first, it would be slow for as long as most data are read.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Add(ReadOnlySpan<float> features)
    {
        var row = Add();
        // The processor foresees a run of writes up to the end of a page of 4 KB and no further.
        CachePrefetch.All(_next + PageFloats, FeatureCount);
        features.CopyTo(row);
    }

    public override void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        var row = Add();
        row.Clear();
        for (int i = 0; i < columns.Length; i++)
            row[columns[i]] = values[i];
    }

    public override DenseFeatures Build()
    {
        int used = (int)(((long)RowCount + (1 << _blockShift) - 1) >> _blockShift);
        DenseFeatures rows = new(FeatureCount, RowCount, [.. _memory], [.. _blocks[..used]], _blockShift);
        _memory.Clear();
        _blocks.Clear();
        RowCount = 0;
        return rows;
    }

    public override void Dispose()
    {
        foreach (var memory in _memory)
            memory.Dispose();
    }

    // Nothing is ever copied, and what is asked for and not used is never touched: all of the rows that are expected at once, then as many blocks again.
    private void BeginBlock()
    {
        int block = RowCount >> _blockShift;
        if (block == _blocks.Count)
        {
            long blocks = block == 0 ? Math.Max(1, (_expectedRows + (1 << _blockShift) - 1) >> _blockShift) : Math.Min(block, MaximumGrowth);
            long blockFloats = (long)FeatureCount << _blockShift;
            var memory = new PageMemory(blocks * blockFloats);
            _memory.Add(memory);
            for (long i = 0; i < blocks; i++)
                _blocks.Add((nint)(memory.Pointer + (i * blockFloats)));
        }

        _next = (float*)_blocks[block];
    }
}
