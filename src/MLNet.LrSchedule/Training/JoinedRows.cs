using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// Rows that several readers have collected side by side, put into the order of the data. The features stay where they are, so that they are never held twice;
/// an index says where each row lies. Every bit, the form of the rows among them, is that of one reader.
/// </summary>
internal static class JoinedRows
{
    /// <param name="parts">What each reader has collected, its features in a <see cref="ChosenFeaturesBuilder"/>.</param>
    /// <param name="runs">Which of their rows follow each other; together all of them.</param>
    public static TrainingData Of(IReadOnlyList<TrainingDataBuilder> parts, IReadOnlyList<RowRun> runs)
    {
        int rows = parts.Aggregate(0, (sum, part) => checked(sum + part.Count));
        var labels = new float[rows];
        float[]? weights = parts[0].HasWeights ? new float[rows] : null;
        int row = 0;
        foreach (var run in runs)
        {
            parts[run.Part].Labels.Slice(run.First, run.Count).CopyTo(labels.AsSpan(row));
            if (weights is not null)
                parts[run.Part].Weights.Slice(run.First, run.Count).CopyTo(weights.AsSpan(row));
            row += run.Count;
        }

        return new TrainingData(Features([.. parts.Select(part => (ChosenFeaturesBuilder)part.Features)], runs), labels, weights);
    }

    private static FeatureStore Features(ChosenFeaturesBuilder[] parts, IReadOnlyList<RowRun> runs)
    {
        bool isSparse = SuitsSparse(parts, runs);
        FeatureStore[] stores = [.. parts.Select(part => part.Build(isSparse))];
        return isSparse ? SparseFeatures.Join([.. stores.Cast<SparseFeatures>()], runs) : DenseFeatures.Join([.. stores.Cast<DenseFeatures>()], runs);
    }

    // By the first rows of all, as one reader would: each of them is among the first of its part.
    private static bool SuitsSparse(ChosenFeaturesBuilder[] parts, IReadOnlyList<RowRun> runs)
    {
        long rows = 0, elements = 0;
        foreach (var run in runs)
        {
            int taken = (int)Math.Min(run.Count, ChosenFeaturesBuilder.SampleRows - rows);
            if (taken == 0 || parts[run.Part].FirstElements.IsEmpty)
                break;
            rows += taken;
            foreach (int count in parts[run.Part].FirstElements.Slice(run.First, taken))
                elements += count;
        }

        return ChosenFeaturesBuilder.SuitsSparse(parts[0].FeatureCount, rows, elements);
    }
}
