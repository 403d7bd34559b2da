using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Training;

/// <summary>Rows of which every element is stored.</summary>
internal sealed unsafe class DenseFeatures : FeatureStore
{
    /// <summary>How many rows before a row its memory is asked for: as many as make up this number of elements, and at least one.</summary>
    private const int ElementsAhead = 1024;

    /// <summary>Fewer elements than this are copied by one thread, from caches that have them; fewer than the second where threads are far from each other.</summary>
    private const int LargeElements = 1 << 14, LargeFarElements = 1 << 16;

    private readonly PageMemory[] _memory;
    private readonly nint[] _blocks;
    private readonly int _blockShift;
    private readonly int[]? _places;

    /// <param name="featureCount">Features of every row.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="memory">What the blocks lie in; this store's own from here on.</param>
    /// <param name="blocks">Where each block of 2^<paramref name="blockShift"/> rows begins.</param>
    /// <param name="blockShift">See <paramref name="blocks"/>.</param>
    /// <param name="places">Where each row lies, counted from the first of the first block; null where they lie in their order.</param>
    public DenseFeatures(int featureCount, int rowCount, PageMemory[] memory, nint[] blocks, int blockShift, int[]? places = null)
        : base(featureCount, rowCount)
    {
        _memory = memory;
        _blocks = blocks;
        _blockShift = blockShift;
        _places = places;
    }

    public override bool IsSparse => false;

    /// <summary>The features of a row, as long as this store is not disposed of.</summary>
    public ReadOnlySpan<float> this[int row]
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return new(Pointer(row), FeatureCount);
        }
    }

    public override void Read(ReadOnlySpan<int> rows, Batch batch)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        // The places of sparse rows follow from those before.
        long elements = batch.IsSparse ? 0 : (long)rows.Length * FeatureCount;
        bool isLarge = elements >= LargeElements;
        bool isDivided = isLarge && (elements >= LargeFarElements || !batch.Kernels.ThreadsAreFar);
        fixed (int* row = rows)
        fixed (float* features = batch.Transform is null && !batch.IsSparse ? batch.Features[..(rows.Length * FeatureCount)] : default)
        {
            Gathering gathering = new(this, row, rows.Length, features, batch, isLarge ? 1 + (ElementsAhead / FeatureCount) : rows.Length);
            ParallelRanges.Run(batch.Kernels, gathering, rows.Length, isDivided ? 2 : int.MaxValue, alignment: 1);
        }

        GC.KeepAlive(this);
    }

    public override int LargestBatch(int rows) => checked(Math.Min(rows, RowCount) * FeatureCount);

    public override void AppendTo(IncrementalHash digest)
    {
        for (int row = 0; row < RowCount; row++)
            digest.AppendData(MemoryMarshal.AsBytes(this[row]));
        GC.KeepAlive(this);
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

        GC.KeepAlive(this);
        return constant;
    }

    /// <summary>The rows of several stores of one width as those of one, which takes over their memory.</summary>
    /// <param name="parts">The stores; good for nothing afterwards.</param>
    /// <param name="runs">Which of their rows follow each other.</param>
    public static DenseFeatures Join(IReadOnlyList<DenseFeatures> parts, IReadOnlyList<RowRun> runs)
    {
        int[] places = RowRun.Places(runs, [.. parts.Select(part => part._blocks.Length)], parts[0]._blockShift);
        return new DenseFeatures(
            parts[0].FeatureCount, places.Length, [.. parts.SelectMany(part => part._memory)], [.. parts.SelectMany(part => part._blocks)], parts[0]._blockShift, places);
    }

    protected override void Release()
    {
        foreach (var memory in _memory)
            memory.Dispose();
    }

    private float* Pointer(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)RowCount, nameof(row));
        int place = _places is null ? row : _places[row];
        return (float*)_blocks[place >> _blockShift] + ((nint)(place & ((1 << _blockShift) - 1)) * FeatureCount);
    }

    // Shuffled rows lie anywhere: without a hint the processor would wait for the memory of each. Where nothing is done with them they are copied straight into the batch.
    private readonly struct Gathering(DenseFeatures features, int* rows, int rowCount, float* destination, Batch batch, int ahead) : IRangeWork
    {
        // Compiled at once: counted and looked at first, it would be slow for as long as a short fit takes.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(KernelContext context, int first, int count)
        {
            if (destination is not null && ahead >= rowCount && features is { _places: null, _blocks.Length: 1 })
            {
                CopyFromOneBlock(rows + first, count, destination + ((nint)first * features.FeatureCount));
                return;
            }

            int width = features.FeatureCount;
            for (int place = first; place < first + count; place++)
            {
                if (place + ahead < rowCount)
                    CachePrefetch.Begin(new ReadOnlySpan<float>(features.Pointer(rows[place + ahead]), width));
                float* row = features.Pointer(rows[place]);
                if (destination is not null)
                    GemmPacking.CopyLanes(row, destination + ((nint)place * width), width);
                else
                    batch.SetRow(place, new ReadOnlySpan<float>(row, width));
            }
        }

        // The same of a small set, whose rows are found by a multiplication, where a small network spends a thirteenth of its training.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void CopyFromOneBlock(int* row, int count, float* to)
        {
            float* block = (float*)features._blocks[0];
            uint all = (uint)features.RowCount;
            int width = features.FeatureCount;
            for (int* end = row + count; row < end; row++)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)*row, all, nameof(row));
                GemmPacking.CopyLanes(block + ((nint)(uint)*row * width), to, width);
                to += width;
            }
        }
    }
}
