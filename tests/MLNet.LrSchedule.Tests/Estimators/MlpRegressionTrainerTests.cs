using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Networks;
using Xunit;
using Transformer = Microsoft.ML.Data.RegressionPredictionTransformer<MLNet.LrSchedule.MlpRegressionModelParameters>;

namespace MLNet.LrSchedule.Tests.Estimators;

public class MlpRegressionTrainerTests
{
    private static readonly MlpOptions _options = new() { HiddenLayers = [16], NumberOfEpochs = 60, LearningRate = 0.02, BatchSize = 16, Seed = 3 };

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Labels_in_the_ten_thousands_are_learnt_without_any_preparation()
    {
        RegressionMetrics metrics = _context.Regression.Evaluate(Fit().Transform(Rows.LoadRegression(_context, seed: 2)));

        Assert.True(metrics.RSquared > 0.97, $"R squared {metrics.RSquared}");
    }

    [Fact]
    public void Labels_in_any_unit_give_the_same_network()
    {
        RegressionRow[] rows = [.. Rows.Regression(80)];
        RegressionRow[] scaled = [.. rows.Select(row => new RegressionRow { Label = row.Label / 1024, Features = row.Features })];
        IDataView data = Rows.Load(_context, rows), scaledData = Rows.Load(_context, scaled);

        float[] scores = Scores(Fit(data), data), scaledScores = Scores(Fit(scaledData), scaledData);

        Assert.All(scores.Zip(scaledScores), pair => Assert.Equal(pair.First, 1024 * pair.Second, 1.0));
    }

    [Fact]
    public void Without_scaling_the_network_learns_the_labels_as_they_are()
    {
        RegressionRow[] rows = [.. Rows.Regression(80).Select(row => new RegressionRow { Label = (row.Label - 50_000) / 3_000, Features = row.Features })];
        IDataView data = Rows.Load(_context, rows);

        Transformer plain = Fit(data, _options with { NormalizeLabel = false }), scaled = Fit(data);

        Assert.NotEqual(Scores(plain, data), Scores(scaled, data));
        double[] errors = [.. Scores(plain, data).Zip(rows, (score, row) => (double)(score - row.Label))];
        Assert.Equal(errors.Average(error => error * error), plain.Model.History.Epochs[^1].TrainingLoss, 0.02);
    }

    [Fact]
    public void Counts_are_learnt_by_the_Poisson_loss_and_predicted_as_their_mean()
    {
        IDataView data = Counts(400);

        Transformer model = Fit(data, _options with { Loss = Loss.Poisson });

        float[] scores = Scores(model, data), labels = [.. data.GetColumn<float>("Label")];
        Assert.All(scores, score => Assert.True(score > 0));
        Assert.Equal(labels.Average(), scores.Average(), 0.1f * labels.Average());
        double[] rates = [.. Rows.Binary(400).Select(row => Math.Exp(1 + row.Features[0]))];
        double error = scores.Zip(rates, (score, rate) => Math.Abs(score - rate)).Average(), constant = rates.Average(rate => Math.Abs(rates.Average() - rate));
        Assert.True(error < 0.5 * constant, $"{error} against {constant}");
        Assert.Equal(scores, Scores(Reload(model, data), data));
    }

    [Fact]
    public void Negative_counts_are_refused()
    {
        IDataView data = Rows.Load(_context, new[] { new RegressionRow { Label = -1, Features = [1, 2, 3, 4, 5] } });

        Assert.Contains("non-negative label", Assert.Throws<InvalidOperationException>(() => Fit(data, _options with { Loss = Loss.Poisson })).Message);
    }

    public static TheoryData<double> Levels => [0.1, 0.5, 0.9];

    [Theory]
    [MemberData(nameof(Levels))]
    public void The_quantile_loss_leaves_its_share_of_labels_below(double level)
    {
        Random random = new(4);
        RegressionRow[] rows = [.. Rows.Binary(600).Select(row => new RegressionRow { Label = (float)(1_000 + (200 * random.NextDouble())), Features = row.Features })];
        IDataView data = Rows.Load(_context, rows);

        float[] scores = Scores(Fit(data, _options with { Loss = Loss.Quantile(level), HiddenLayers = [4] }), data);

        Assert.Equal(level, scores.Zip(rows).Count(pair => pair.Second.Label < pair.First) / 600.0, 0.07);
    }

    [Theory]
    [InlineData("absolute")]
    [InlineData("huber")]
    public void Losses_that_resist_outliers_are_pulled_less(string name)
    {
        RegressionRow[] rows = [.. Rows.Regression(200)];
        RegressionRow[] dirty = [.. rows.Select((row, i) => new RegressionRow { Label = i % 20 == 0 ? 500_000 : row.Label, Features = row.Features })];
        IDataView clean = Rows.Load(_context, rows), data = Rows.Load(_context, dirty);

        double squared = Error(_options), robust = Error(_options with { Loss = name == "huber" ? Loss.Huber(20_000) : Loss.Absolute });

        Assert.True(robust < 0.2 * squared, $"{robust} against {squared}");
        double Error(MlpOptions options) => Scores(Fit(data, options), clean).Zip(rows, (score, row) => Math.Abs(score - row.Label)).Average();
    }

    [Fact]
    public void Hubers_delta_is_in_the_unit_of_the_label()
    {
        RegressionRow[] rows = [.. Rows.Regression(80)];
        RegressionRow[] halved = [.. rows.Select(row => new RegressionRow { Label = row.Label / 2, Features = row.Features })];
        IDataView data = Rows.Load(_context, rows), halvedData = Rows.Load(_context, halved);

        float[] scores = Scores(Fit(data, _options with { Loss = Loss.Huber(1_000) }), data);
        float[] halvedScores = Scores(Fit(halvedData, _options with { Loss = Loss.Huber(500) }), halvedData);

        Assert.Equal(scores, halvedScores.Select(score => 2 * score));
    }

    [Fact]
    public void Labels_that_are_all_the_same_are_predicted()
    {
        IDataView data = Rows.Load(_context, Rows.Regression(40).Select(row => new RegressionRow { Label = 42, Features = row.Features }));

        Assert.All(Scores(Fit(data), data), score => Assert.Equal(42, score, 0.2f));
    }

    [Fact]
    public void A_process_that_registers_nothing_loads_the_model_and_gives_the_same_bits()
    {
        IDataView data = Rows.LoadRegression(_context, 50, seed: 2);
        Transformer model = Fit();

        using FreshProcess process = FreshProcess.Score(_context, model, data);

        string[] expected = [.. Scores(model, data).Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8", CultureInfo.InvariantCulture))];
        Assert.Equal(50, expected.Distinct().Count());
        Assert.Equal(expected, process.Scores.Select(row => row.Transformed));
        Assert.Equal(expected, process.Scores.Select(row => row.Predicted));
        Assert.Contains(nameof(MlpRegressionModelParameters), process.TransformerType);
    }

    [Fact]
    public void Cross_validation_and_permutation_importance_work()
    {
        IDataView data = Rows.LoadRegression(_context, 300);
        Transformer model = Fit(data);

        var folds = _context.Regression.CrossValidate(data, _context.Regression.Trainers.Mlp(_options), numberOfFolds: 3);
        ImmutableArray<RegressionMetricsStatistics> importance = _context.Regression.PermutationFeatureImportance(model, model.Transform(data));

        Assert.All(folds, fold => Assert.True(fold.Metrics.RSquared > 0.9, $"R squared {fold.Metrics.RSquared}"));
        double[] gains = [.. importance.Select(feature => feature.RootMeanSquaredError.Mean)];
        Assert.True(gains[0] > 1_000 && gains[1] > 300, $"{gains[0]}, {gains[1]}");
        Assert.All(gains[2..], gain => Assert.InRange(gain, -50, 100));
    }

    [Fact]
    public void Permutation_names_the_features_of_a_fitted_pipeline()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Regression(200).Select(row => new Named { Label = row.Label, Width = row.Features[0], Height = row.Features[3] }));
        var model = _context.Transforms.Concatenate("Features", "Width", "Height").Append(_context.Regression.Trainers.Mlp(_options)).Fit(data);

        ImmutableDictionary<string, RegressionMetricsStatistics> importance = _context.Regression.PermutationFeatureImportance(model, model.Transform(data));

        Assert.Equal(["Height", "Width"], importance.Keys.Order());
        Assert.True(importance["Width"].RootMeanSquaredError.Mean > 1_000);
    }

    [Fact]
    public void A_missing_feature_scores_NaN_and_a_missing_label_leaves_its_row_out()
    {
        IReadOnlyList<RegressionRow> rows = Rows.Regression(60);
        IDataView clean = Rows.Load(_context, rows);
        IDataView mixed = Rows.Load(_context, [new RegressionRow { Label = float.NaN, Features = [1, 1, 1, 1, 1] }, .. rows]);
        IDataView missing = Rows.Load(_context, new[] { new RegressionRow { Features = [1, float.NaN, 0, 0, 0] } });

        Assert.Equal(Scores(Fit(clean), clean), Scores(Fit(mixed), clean));
        Assert.Equal([float.NaN], Scores(Fit(clean), missing));
    }

    [Fact]
    public void There_is_no_accuracy_in_the_history() =>
        Assert.All(Fit().Model.History.Epochs, epoch => Assert.Null(epoch.TrainingAccuracy));

    [Fact]
    public void Training_goes_on_from_a_loaded_model_in_that_model_s_scale()
    {
        IDataView data = Rows.LoadRegression(_context);
        Transformer model = Fit(data), loaded = Reload(model, data);
        IDataView others = Rows.Load(_context, Rows.Regression(200, seed: 2).Where(row => row.Label > 51_000));

        MlpRegressionTrainer still = _context.Regression.Trainers.Mlp(_options with { NumberOfEpochs = 1, LearningRate = 0 });

        Assert.Equal(Scores(model, data), Scores(still.Fit(others, loaded.Model), data));
    }

    [Fact]
    public void Plain_arguments_and_equal_options_give_the_same_model()
    {
        IDataView data = Rows.LoadRegression(_context, 60);
        var plain = new MLContext(seed: 5).Regression.Trainers.Mlp(hiddenLayers: [6], learningRate: 0.01, numberOfEpochs: 3, batchSize: 10);
        var options = new MLContext(seed: 5).Regression.Trainers.Mlp(
            new MlpOptions { HiddenLayers = [6], LearningRate = 0.01, NumberOfEpochs = 3, BatchSize = 10 });

        Assert.Equal(options.Options, plain.Options);
        Assert.Equal(Scores(options.Fit(data), data), Scores(plain.Fit(data), data));
    }

    [Fact]
    public void The_scale_of_labels_counts_each_row_by_its_weight()
    {
        Assert.Equal(new LabelScale(3, 1), LabelScale.Standardize([2, 4], []));
        Assert.Equal(LabelScale.Standardize([2, 4, 4, 4], []), LabelScale.Standardize([2, 4], [1, 3]));
        Assert.Equal(new LabelScale(7, 1), LabelScale.Standardize([7, 7], []));
    }

    private sealed class Named
    {
        public float Label { get; set; }

        public float Width { get; set; }

        public float Height { get; set; }
    }

    private static float[] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];

    private Transformer Reload(Transformer model, IDataView data)
    {
        using MemoryStream stream = new();
        _context.Model.Save(model, data.Schema, stream);
        return (Transformer)_context.Model.Load(stream, out _);
    }

    private IDataView Counts(int count)
    {
        Random random = new(6);
        return Rows.Load(_context, Rows.Binary(count).Select(row => new RegressionRow
        {
            Label = MathNet.Numerics.Distributions.Poisson.Sample(random, Math.Exp(1 + row.Features[0])),
            Features = row.Features,
        }).ToArray());
    }

    private Transformer Fit(IDataView? data = null, MlpOptions? options = null) =>
        _context.Regression.Trainers.Mlp(options ?? _options).Fit(data ?? Rows.LoadRegression(_context));
}
