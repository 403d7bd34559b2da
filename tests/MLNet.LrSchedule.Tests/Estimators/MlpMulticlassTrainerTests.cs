using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;
using Transformer = Microsoft.ML.Data.MulticlassPredictionTransformer<MLNet.LrSchedule.MlpMulticlassModelParameters>;

namespace MLNet.LrSchedule.Tests.Estimators;

public class MlpMulticlassTrainerTests
{
    private static readonly MlpOptions _options = new() { HiddenLayers = [12], NumberOfEpochs = 40, LearningRate = 0.1, BatchSize = 16, Seed = 3 };

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_fitted_model_tells_three_classes_apart_on_rows_it_has_not_seen()
    {
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(Fit().Transform(Rows.LoadMulticlass(_context, seed: 2)));

        Assert.True(metrics.MacroAccuracy > 0.9, $"accuracy {metrics.MacroAccuracy}");
        Assert.True(metrics.LogLoss < 0.4, $"log-loss {metrics.LogLoss}");
    }

    [Fact]
    public void Scores_are_probabilities_named_by_the_label_s_values_and_the_predicted_key_maps_back()
    {
        IDataView data = Rows.LoadMulticlass(_context, seed: 2);
        IDataView scored = Fit().Transform(data);
        IDataView mapped = _context.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel").Fit(scored).Transform(scored);

        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        string[] predicted = [.. mapped.GetColumn<string>("Predicted")];
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Score"].Annotations.GetValue("SlotNames", ref names);

        Assert.Equal(Rows.Species, names.DenseValues().Select(name => name.ToString()));
        Assert.All(scores, row => Assert.Equal(1, row.Sum(score => (double)score), 1e-6));
        Assert.Equal(scores.Select(row => Rows.Species[Array.IndexOf(row, row.Max())]), predicted);
    }

    [Fact]
    public void A_process_that_registers_nothing_loads_the_model_and_gives_the_same_bits()
    {
        IDataView data = Rows.LoadMulticlass(_context, 50, seed: 2);
        Transformer model = Fit();

        using FreshProcess process = FreshProcess.Score(_context, model, data);

        string[] expected =
        [
            .. model.Transform(data).GetColumn<float[]>("Score")
                .Select(scores => string.Join(',', scores.Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8", CultureInfo.InvariantCulture)))),
        ];
        Assert.Equal(50, expected.Distinct().Count());
        Assert.Equal(expected, process.Scores.Select(row => row.Transformed));
        Assert.Equal(expected, process.Scores.Select(row => row.Predicted));
        Assert.Contains(nameof(MlpMulticlassModelParameters), process.TransformerType);
    }

    [Fact]
    public void Cross_validation_and_permutation_importance_work()
    {
        IDataView data = Rows.LoadMulticlass(_context, 300);
        Transformer model = Fit();

        var folds = _context.MulticlassClassification.CrossValidate(data, _context.MulticlassClassification.Trainers.Mlp(_options), numberOfFolds: 3);
        ImmutableArray<MulticlassClassificationMetricsStatistics> importance =
            _context.MulticlassClassification.PermutationFeatureImportance(model, model.Transform(data));

        Assert.All(folds, fold => Assert.True(fold.Metrics.MacroAccuracy > 0.85, $"accuracy {fold.Metrics.MacroAccuracy}"));
        double[] losses = [.. importance.Select(feature => feature.MacroAccuracy.Mean)];
        Assert.True(losses[0] < -0.15 && losses[1] < -0.15, $"{losses[0]}, {losses[1]}");
        Assert.All(losses[2..], loss => Assert.True(loss > -0.05, $"{loss}"));
    }

    [Fact]
    public void A_missing_feature_scores_NaN_for_every_class()
    {
        IDataView data = Rows.Load(_context, new[] { new MulticlassRow { Features = [1, float.NaN, 0, 0, 0] } });

        Assert.Equal([float.NaN, float.NaN, float.NaN], Assert.Single(Fit().Transform(data).GetColumn<float[]>("Score")));
    }

    [Fact]
    public void A_missing_label_leaves_its_row_out()
    {
        IReadOnlyList<MulticlassRow> rows = Rows.Multiclass(60);
        IDataView clean = Keyed(rows);
        IDataView mixed = Keyed([new MulticlassRow { Species = "unheard of", Features = [1, 1, 1, 1, 1] }, .. rows]);

        Assert.Equal(Scores(Fit(clean), clean), Scores(Fit(mixed), clean));
    }

    [Fact]
    public void Classes_without_a_row_get_a_probability_too()
    {
        IReadOnlyList<MulticlassRow> rows = [.. Rows.Multiclass(100).Where(row => row.Species != "virginica")];

        float[][] scores = Scores(Fit(Keyed(rows)), Keyed(rows));

        Assert.All(scores, row => Assert.InRange(row[2], 0, 0.2f));
    }

    [Fact]
    public void Validation_data_with_other_keys_are_refused()
    {
        IDataView two = Rows.Load(_context, Rows.Multiclass(50).Where(row => row.Species != "virginica"));
        IDataView otherKeys = _context.Transforms.Conversion.MapValueToKey("Label", "Species").Fit(two).Transform(two);

        var exception = Assert.Throws<InvalidOperationException>(
            () => _context.MulticlassClassification.Trainers.Mlp(_options).Fit(Rows.LoadMulticlass(_context), otherKeys));

        Assert.Contains("2 classes", exception.Message);
    }

    [Fact]
    public void Plain_arguments_and_equal_options_give_the_same_model()
    {
        IDataView data = Rows.LoadMulticlass(_context, 60);
        var plain = new MLContext(seed: 5).MulticlassClassification.Trainers.Mlp(hiddenLayers: [6], learningRate: 0.05, numberOfEpochs: 3, batchSize: 10);
        var options = new MLContext(seed: 5).MulticlassClassification.Trainers.Mlp(
            new MlpOptions { HiddenLayers = [6], LearningRate = 0.05, NumberOfEpochs = 3, BatchSize = 10 });

        Assert.Equal(options.Options, plain.Options);
        Assert.Equal(Scores(options.Fit(data), data), Scores(plain.Fit(data), data));
    }

    [Fact]
    public void Training_goes_on_from_a_loaded_model()
    {
        IDataView data = Rows.LoadMulticlass(_context);
        Transformer model = Fit(data);
        using MemoryStream stream = new();
        _context.Model.Save(model, data.Schema, stream);
        var loaded = (Transformer)_context.Model.Load(stream, out _);

        Transformer continued = _context.MulticlassClassification.Trainers.Mlp(_options with { NumberOfEpochs = 1 }).Fit(data, loaded.Model);

        double before = model.Model.History.Epochs[^1].TrainingLoss, after = continued.Model.History.Epochs[0].TrainingLoss;
        Assert.Equal(before, after, 0.3 * before);
    }

    private static float[][] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float[]>("Score")];

    private IDataView Keyed(IReadOnlyList<MulticlassRow> rows)
    {
        IDataView data = Rows.Load(_context, rows);
        return _context.Transforms.Conversion.MapValueToKey("Label", "Species", keyData: Rows.Keys(_context)).Fit(data).Transform(data);
    }

    private Transformer Fit(IDataView? data = null) => _context.MulticlassClassification.Trainers.Mlp(_options).Fit(data ?? Rows.LoadMulticlass(_context));
}
