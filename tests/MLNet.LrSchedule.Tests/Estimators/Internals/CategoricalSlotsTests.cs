using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Internals;

/// <summary>The annotation that says which slots are categories: as ML.NET makes it, missing, and damaged.</summary>
public sealed class CategoricalSlotsTests
{
    private static readonly VectorDataViewType _fourNumbers = new(NumberDataViewType.Int32, 4);

    private static readonly MlpOptions _options = new() { HiddenLayers = [2], NumberOfEpochs = 1, Seed = 1, CategoricalEmbeddings = new CategoricalEmbeddings() };

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string, int[]> Damaged => new()
    {
        { "numbers, which are no pairs", [0] },
        { "numbers, which are no pairs", [0, 1, 2] },
        { "from slot 2 to slot 1", [2, 1] },
        { "range 1 goes from slot 1 to slot 2", [0, 1, 1, 2] },
        { "range 1 goes from slot 0 to slot 1", [3, 4, 0, 1] },
        { "from slot -1", [-1, 1] },
        { "to slot 5, but ranges ascend, share no slot, and there are 5 slots", [3, 5] },
    };

    [Fact]
    public void Encoding_and_concatenating_make_it_and_whatever_follows_is_seen_as_it_is()
    {
        IDataView data = _context.Data.LoadFromEnumerable(CategoricalRows.Make(100));
        Assert.Equal([new CategoricalRange(1, 20), new CategoricalRange(22, 7)], Read(CategoricalRows.Encoding(_context).Fit(data).Transform(data), 29));

        IDataView hashed = _context.Transforms.Categorical.OneHotHashEncoding("Features", nameof(CategoricalRow.City), numberOfBits: 4).Fit(data).Transform(data);
        Assert.Equal([new CategoricalRange(0, 16)], Read(hashed, 16));

        // What a second concatenation puts in front moves the ranges.
        var twice = CategoricalRows.Encoding(_context).Append(_context.Transforms.Concatenate("Features", nameof(CategoricalRow.Wind), "Features"));
        Assert.Equal([new CategoricalRange(2, 20), new CategoricalRange(23, 7)], Read(twice.Fit(data).Transform(data), 30));
    }

    [Fact]
    public void Normalizing_behind_the_concatenation_takes_it_away_and_dropping_slots_keeps_it()
    {
        IDataView data = _context.Data.LoadFromEnumerable(CategoricalRows.Make(100));
        foreach (bool fixZero in new[] { false, true })
        {
            var normalized = CategoricalRows.Encoding(_context).Append(_context.Transforms.NormalizeMeanVariance("Features", fixZero: fixZero));
            Assert.Null(Read(normalized.Fit(data).Transform(data), 29));
        }

        var selected = CategoricalRows.Encoding(_context).Append(_context.Transforms.FeatureSelection.SelectFeaturesBasedOnCount("Features", count: 5));
        IDataView dropped = selected.Fit(data).Transform(data);
        int slots = ((VectorDataViewType)dropped.Schema["Features"].Type).Size;
        Assert.InRange(slots, 10, 28);
        Assert.Equal([new CategoricalRange(1, slots - 9), new CategoricalRange(slots - 7, 7)], Read(dropped, slots));
    }

    [Fact]
    public void A_vector_of_values_makes_a_range_for_each_and_bags_and_binary_codes_make_none()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Words { Text = [$"a{i % 3}", $"a{i % 4}"] }));
        Assert.Equal([new CategoricalRange(0, 4), new CategoricalRange(4, 4)], Encoded(Microsoft.ML.Transforms.OneHotEncodingEstimator.OutputKind.Indicator));
        Assert.Null(Encoded(Microsoft.ML.Transforms.OneHotEncodingEstimator.OutputKind.Bag));
        Assert.Null(Encoded(Microsoft.ML.Transforms.OneHotEncodingEstimator.OutputKind.Binary));

        IReadOnlyList<CategoricalRange>? Encoded(Microsoft.ML.Transforms.OneHotEncodingEstimator.OutputKind kind)
        {
            IDataView encoded = _context.Transforms.Categorical.OneHotEncoding("Features", "Text", kind).Fit(data).Transform(data);
            return Read(encoded, ((VectorDataViewType)encoded.Schema["Features"].Type).Size);
        }
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Ranges_that_make_no_sense_are_refused_with_what_is_wrong(string part, int[] numbers)
    {
        IDataView data = Annotated(new VectorDataViewType(NumberDataViewType.Int32, numbers.Length), new VBuffer<int>(numbers.Length, numbers));
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => Fit(data));
        Assert.Contains("CategoricalSlotRanges of column 'Features'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);

        // Who asks for no embeddings is not troubled.
        _context.BinaryClassification.Trainers.Mlp(_options with { CategoricalEmbeddings = null }).Fit(data);
    }

    [Fact]
    public void An_annotation_of_another_type_is_refused()
    {
        IDataView data = Annotated(new VectorDataViewType(NumberDataViewType.Single, 2), new VBuffer<float>(2, [0, 1]));
        Assert.Contains("not a vector of Int32", Assert.Throws<InvalidOperationException>(() => Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_annotation_is_refused_where_embeddings_are_asked_for_in_training_and_in_the_rate_finder()
    {
        IDataView data = Rows.LoadBinary(_context);
        Assert.Contains("no annotation CategoricalSlotRanges", Assert.Throws<InvalidOperationException>(() => Fit(data)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _context.BinaryClassification.Trainers.Mlp(_options).FindLearningRate(data));
        Assert.Throws<InvalidOperationException>(() => _context.BinaryClassification.Trainers.Mlp(_options with { MaximumCachedRows = 10 }).Fit(data));
    }

    [Fact]
    public void Validation_data_with_other_ranges_are_refused_and_without_any_taken()
    {
        IDataView training = Annotated(_fourNumbers, new VBuffer<int>(4, [0, 1, 2, 4]));
        IDataView other = Annotated(_fourNumbers, new VBuffer<int>(4, [0, 2, 3, 4]));
        foreach (MlpOptions options in new[] { _options, _options with { MaximumCachedRows = 10 } })
        {
            MlpBinaryTrainer trainer = _context.BinaryClassification.Trainers.Mlp(options);
            InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => trainer.Fit(training, other));
            Assert.Contains("other categorical slots", exception.Message, StringComparison.Ordinal);
            Assert.NotNull(trainer.Fit(training, Rows.LoadBinary(_context)).Model.SubModel.History.Epochs[0].ValidationLoss);
            Assert.NotNull(trainer.Fit(training, training).Model.SubModel.History.Epochs[0].ValidationLoss);
        }
    }

    [Fact]
    public void Too_few_categories_are_a_warning_on_the_log_and_in_the_history()
    {
        List<string> warnings = [];
        _context.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(message.RawMessage);
        };
        MlpOptions options = _options with { CategoricalEmbeddings = new CategoricalEmbeddings { MinimumCategories = 9 } };

        var model = _context.BinaryClassification.Trainers.Mlp(options).Fit(Annotated(_fourNumbers, new VBuffer<int>(4, [0, 1, 2, 4]))).Model.SubModel;

        const string Expected = "No feature is embedded: MinimumCategories is 9, and the largest categorical feature has 3 categories.";
        Assert.Contains(Expected, warnings);
        Assert.Contains(Expected, model.History.Warnings);
        Assert.Empty(model.Embeddings);
    }

    private static IReadOnlyList<CategoricalRange>? Read(IDataView data, int slots) => CategoricalSlots.Read(data.Schema["Features"], slots);

    private IDataView Annotated<T>(DataViewType type, T value) => CategoricalRows.Annotated(_context, Rows.Binary(60), Rows.FeatureCount, type, value);

    private void Fit(IDataView data) => _context.BinaryClassification.Trainers.Mlp(_options).Fit(data);

    private sealed class Words
    {
        [VectorType(2)]
        public string[] Text { get; set; } = [];
    }
}
