using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Training;

/// <summary>A run of sparse rows: row r has the elements from Offsets[r] to Offsets[r + 1].</summary>
internal readonly record struct SparseBlock(int[] Offsets, int[] Columns, float[] Values);

/// <summary>Rows of which only some elements are stored; the others are zeros.</summary>
/// <param name="featureCount">Features of every row.</param>
/// <param name="rowCount">Number of rows.</param>
/// <param name="blocks">Blocks of 2^<paramref name="blockShift"/> rows.</param>
/// <param name="blockShift">See <paramref name="blocks"/>.</param>
/// <param name="places">Where each row lies, counted from the first of the first block; null where they lie in their order.</param>
internal sealed class SparseFeatures(int featureCount, int rowCount, SparseBlock[] blocks, int blockShift, int[]? places = null)
    : FeatureStore(featureCount, rowCount)
{
    /// <summary>How many rows before a row its memory is asked for.</summary>
    private const int RowsAhead = 8;

    public override bool IsSparse => true;

    // Shuffled rows lie anywhere: without a hint the processor would wait for the memory of each. Compiled in full at once, since a short fit is over before
    // the runtime has found out that these loops are worth it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Read(ReadOnlySpan<int> rows, Batch batch)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (i + RowsAhead < rows.Length)
            {
                Row(rows[i + RowsAhead], out var columnsAhead, out var valuesAhead);
                CachePrefetch.Begin(columnsAhead);
                CachePrefetch.Begin(valuesAhead);
            }

            Row(rows[i], out var columns, out var values);
            batch.SetRow(i, columns, values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Row(int row, out ReadOnlySpan<int> columns, out ReadOnlySpan<float> values)
    {
        int at = places is null ? row : places[row];
        ref readonly var block = ref blocks[at >> blockShift];
        int place = at & ((1 << blockShift) - 1), first = block.Offsets[place], count = block.Offsets[place + 1] - first;
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

    /// <summary>The rows of several stores of one width as those of one.</summary>
    /// <param name="parts">The stores.</param>
    /// <param name="runs">Which of their rows follow each other.</param>
    public static SparseFeatures Join(IReadOnlyList<SparseFeatures> parts, IReadOnlyList<RowRun> runs)
    {
        int[] rows = RowRun.Places(runs, [.. parts.Select(part => part.Blocks.Length)], parts[0].BlockShift);
        return new SparseFeatures(parts[0].FeatureCount, rows.Length, [.. parts.SelectMany(part => part.Blocks)], parts[0].BlockShift, rows);
    }

    private SparseBlock[] Blocks => blocks;

    private int BlockShift => blockShift;
}
