using System;

namespace MLNet.LrSchedule.Training;

/// <summary>Walks over rows as they are stored, from the first to the last.</summary>
internal static class PartRows
{
    private const int MaximumRows = 128;
    private const int MaximumFloats = 1 << 20;

    /// <param name="rows">The rows of which <paramref name="part"/> is a part.</param>
    /// <param name="part">The rows that are visited.</param>
    /// <param name="look">
    /// Given the columns of a row's values (none where the values are those of all features, or where a sparse row has none), the values, and the row's
    /// weight, 1 without weights.
    /// </param>
    public static void Visit(TrainingRows rows, RowPart part, Action<ReadOnlySpan<int>, ReadOnlySpan<float>, double> look)
    {
        int batchRows = (int)Math.Min(part.Count, Math.Clamp(MaximumFloats / rows.FeatureCount, 1, MaximumRows));
        var batch = rows.IsSparse
            ? Batch.OfSparseRows(batchRows, rows.FeatureCount, rows.HasWeights, 0)
            : new Batch(batchRows, rows.FeatureCount, rows.HasWeights);
        using var source = part.Batches(batchRows, shuffleSeed: null, classWeights: null);
        source.BeginEpoch(0);
        while (source.TryRead(batch))
        {
            var inputs = batch.Inputs;
            for (int row = 0; row < batch.Rows; row++)
            {
                double weight = batch.Weights.IsEmpty ? 1 : batch.Weights[row];
                if (!rows.IsSparse)
                {
                    look([], inputs.Dense.Slice(row * rows.FeatureCount, rows.FeatureCount), weight);
                    continue;
                }

                int first = inputs.Sparse.Offsets[row], count = inputs.Sparse.Offsets[row + 1] - first;
                look(inputs.Sparse.Columns.Slice(first, count), inputs.Sparse.Values.Slice(first, count), weight);
            }
        }
    }
}
