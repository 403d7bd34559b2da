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

    public static readonly string[] Species = ["setosa", "versicolor", "virginica"];

    /// <summary>Three classes by two of the features, with names for labels.</summary>
    public static IReadOnlyList<MulticlassRow> Multiclass(int count, int seed = 1) =>
    [
        .. Binary(count, seed).Select(row => new MulticlassRow
        {
            Species = Species[row.Features[0] > 0.3 ? 0 : row.Features[1] > 0 ? 1 : 2],
            Features = row.Features,
            Weight = row.Weight,
        }),
    ];

    /// <summary>A curved function of two of the features, far from zero and in the thousands.</summary>
    public static IReadOnlyList<RegressionRow> Regression(int count, int seed = 1) =>
    [
        .. Binary(count, seed).Select(row => new RegressionRow
        {
            Label = 50_000 + (3_000 * row.Features[0]) + (2_000 * row.Features[1] * row.Features[1]),
            Features = row.Features,
            Weight = row.Weight,
        }),
    ];

    /// <summary>Rows of three classes with the key column that multiclass trainers take.</summary>
    public static IDataView LoadMulticlass(MLContext context, int count = 200, int seed = 1)
    {
        IDataView data = Load(context, Multiclass(count, seed));
        return context.Transforms.Conversion.MapValueToKey("Label", "Species", keyData: Keys(context)).Fit(data).Transform(data);
    }

    public static IDataView LoadRegression(MLContext context, int count = 200, int seed = 1) => Load(context, Regression(count, seed));

    /// <summary>The classes in the order of their keys, so that data with other rows have the same keys.</summary>
    public static IDataView Keys(MLContext context) => context.Data.LoadFromEnumerable(Species.Select(species => new { Species = species }));

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

internal sealed class MulticlassRow
{
    public string Species { get; set; } = "";

    public float[] Features { get; set; } = [];

    public float Weight { get; set; } = 1;
}

internal sealed class RegressionRow
{
    public float Label { get; set; }

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
