using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Rows that a small network learns in a moment: two noisy half-planes, with features that do not matter.</summary>
internal static class Rows
{
    public const int FeatureCount = 5;

    public static IReadOnlyList<BinaryRow> Binary(int count, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, FeatureCount).Select(_ => (float)((random.NextDouble() * 2) - 1))];
            return new BinaryRow
            {
                Features = features,
                Label = features[0] - (0.5f * features[1]) + (0.1 * random.NextDouble()) > 0,
                Weight = (float)(0.5 + random.NextDouble()),
            };
        })];
    }

    public static IDataView Load<TRow>(MLContext context, IEnumerable<TRow> rows, int featureCount = FeatureCount)
        where TRow : class
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, featureCount);
        return context.Data.LoadFromEnumerable(rows, schema);
    }

    public static IDataView LoadBinary(MLContext context, int count = 200, int seed = 1) => Load(context, Binary(count, seed));
}

internal sealed class BinaryRow
{
    public bool Label { get; set; }

    public float[] Features { get; set; } = [];

    public float Weight { get; set; } = 1;
}

internal sealed class SparseBinaryRow
{
    public bool Label { get; set; }

    public VBuffer<float> Features { get; set; }
}

internal sealed class BinaryPrediction
{
    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }
}
