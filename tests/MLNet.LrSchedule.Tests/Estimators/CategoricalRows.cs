using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>A row as tables have them: text, numbers, and a label for each of the three tasks.</summary>
internal sealed class CategoricalRow
{
    public string City { get; set; } = "";

    public string Day { get; set; } = "";

    public float Temperature { get; set; }

    public float Wind { get; set; }

    public bool Flag { get; set; }

    /// <summary>0 to 2, as ML.NET takes keys from objects.</summary>
    [KeyType(3)]
    public uint Class { get; set; }

    public float Number { get; set; }
}

/// <summary>Rows whose labels a city tells, and the pipeline that everybody writes: one-hot encode, concatenate.</summary>
internal static class CategoricalRows
{
    public const int Cities = 20;
    public const int Days = 7;

    /// <summary>Slots of the feature vector: temperature, cities, wind, days.</summary>
    public const int FeatureCount = 1 + Cities + 1 + Days;

    public static List<CategoricalRow> Make(int count, int seed = 1)
    {
        Random random = new(seed);
        List<CategoricalRow> rows = [];
        for (int i = 0; i < count; i++)
        {
            // Every value occurs, whatever the count, so that the encoding has always the same slots.
            int city = i < Cities ? i : random.Next(Cities);
            float temperature = (float)(10 + (20 * random.NextDouble()));
            rows.Add(new CategoricalRow
            {
                City = $"city{city:D2}",
                Day = $"day{(i < Days ? i : random.Next(Days))}",
                Temperature = temperature,
                Wind = (float)random.NextDouble(),
                Flag = city % 3 == 0 || temperature > 28,
                Class = (uint)(city % 3),
                Number = 100 + (10 * (city % 3)) + (temperature / 10),
            });
        }

        return rows;
    }

    public static IEstimator<ITransformer> Encoding(MLContext context) =>
        context.Transforms.Categorical.OneHotEncoding(nameof(CategoricalRow.City))
            .Append(context.Transforms.Categorical.OneHotEncoding(nameof(CategoricalRow.Day)))
            .Append(context.Transforms.Concatenate(
                "Features", nameof(CategoricalRow.Temperature), nameof(CategoricalRow.City), nameof(CategoricalRow.Wind), nameof(CategoricalRow.Day)));

    public static IEstimator<ITransformer> Trainer(MLContext context, string task, MlpOptions options) => task switch
    {
        "binary" => context.BinaryClassification.Trainers.Mlp(options with { LabelColumnName = nameof(CategoricalRow.Flag) }),
        "multiclass" => context.MulticlassClassification.Trainers.Mlp(options with { LabelColumnName = nameof(CategoricalRow.Class) }),
        "regression" => context.Regression.Trainers.Mlp(options with { LabelColumnName = nameof(CategoricalRow.Number) }),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };

    /// <summary>The scores of all rows, one after the other.</summary>
    public static float[] Scores(IDataView scored) => scored.Schema["Score"].Type is VectorDataViewType
        ? [.. scored.GetColumn<float[]>("Score").SelectMany(scores => scores)]
        : [.. scored.GetColumn<float>("Score")];

    /// <summary>A data view of float vectors whose feature column has any annotation one likes.</summary>
    public static IDataView Annotated<T>(MLContext context, IEnumerable<BinaryRow> rows, int featureCount, DataViewType type, T value)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(BinaryRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, featureCount);
        schema["Features"].AddAnnotation("CategoricalSlotRanges", value, type);
        return context.Data.LoadFromEnumerable(rows, schema);
    }
}
