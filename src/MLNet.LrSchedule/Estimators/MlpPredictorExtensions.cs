using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.LrSchedule;

/// <summary>Predictors from fitted or loaded transformers, which know what a network alone does not: the names of the classes.</summary>
public static class MlpPredictorExtensions
{
    private const string ScoreColumnName = "Score";
    private const string LabelValuesKind = "TrainingLabelValues";
    private const string SlotNamesKind = "SlotNames";

    /// <summary>A predictor whose classes have the names that the label's keys stand for, where the label had any.</summary>
    /// <param name="transformer">The fitted or loaded transformer.</param>
    /// <returns>A predictor for any number of threads at once.</returns>
    public static MlpPredictor CreatePredictor(this MulticlassPredictionTransformer<MlpMulticlassModelParameters> transformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        var input = new DataViewSchema.Builder();
        input.AddColumn(transformer.FeatureColumnName, transformer.FeatureColumnType);
        DataViewSchema.Annotations annotations = transformer.GetOutputSchema(input.ToSchema())[ScoreColumnName].Annotations;
        ImmutableArray<string> names = Names(annotations, LabelValuesKind) is { IsEmpty: false } values ? values : Names(annotations, SlotNamesKind);
        return new MlpPredictor(transformer.Model, names);
    }

    private static ImmutableArray<string> Names(DataViewSchema.Annotations annotations, string kind)
    {
        if (annotations.Schema.GetColumnOrNull(kind) is not { Type: VectorDataViewType { ItemType: var item } })
        {
            return [];
        }

        return item.RawType switch
        {
            Type type when type == typeof(ReadOnlyMemory<char>) => Names<ReadOnlyMemory<char>>(annotations, kind),
            Type type when type == typeof(bool) => Names<bool>(annotations, kind),
            Type type when type == typeof(byte) => Names<byte>(annotations, kind),
            Type type when type == typeof(sbyte) => Names<sbyte>(annotations, kind),
            Type type when type == typeof(short) => Names<short>(annotations, kind),
            Type type when type == typeof(ushort) => Names<ushort>(annotations, kind),
            Type type when type == typeof(int) => Names<int>(annotations, kind),
            Type type when type == typeof(uint) => Names<uint>(annotations, kind),
            Type type when type == typeof(long) => Names<long>(annotations, kind),
            Type type when type == typeof(ulong) => Names<ulong>(annotations, kind),
            Type type when type == typeof(float) => Names<float>(annotations, kind),
            Type type when type == typeof(double) => Names<double>(annotations, kind),
            Type type when type == typeof(DateTime) => Names<DateTime>(annotations, kind),
            Type type when type == typeof(DateTimeOffset) => Names<DateTimeOffset>(annotations, kind),
            Type type when type == typeof(TimeSpan) => Names<TimeSpan>(annotations, kind),
            Type type when type == typeof(DataViewRowId) => Names<DataViewRowId>(annotations, kind),
            _ => [],
        };
    }

    private static ImmutableArray<string> Names<T>(DataViewSchema.Annotations annotations, string kind)
    {
        VBuffer<T> values = default;
        annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }
}
