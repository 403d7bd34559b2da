using System;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Schedules;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Nothing set, on data as they come: features of any size, outliers, constants, few rows, rare classes, targets with long tails.</summary>
public class DefaultOptionsTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(6)]
    [InlineData(20)]
    [InlineData(700)]
    public void Features_of_any_size_are_learnt_as_they_come(int count)
    {
        var data = Load(count, random => Nasty(random, random.NextDouble() < 0.5));
        var model = _context.BinaryClassification.Trainers.Mlp().Fit(data);

        Assert.All(Scores(model.Transform(data)), score => Assert.True(float.IsFinite(score), $"{score}"));
        Assert.True(_context.BinaryClassification.Evaluate(model.Transform(data)).Accuracy > 0.9);
        Assert.Equal(count >= 600, ((ITrainedModel)model.Model.SubModel).Content.Inputs!.Encoded.Count > 0);
    }

    [Fact]
    public void A_class_that_is_rare_is_found()
    {
        IDataView data = Load(1500, random => Nasty(random, random.NextDouble() < 0.01)), test = Load(1500, random => Nasty(random, random.NextDouble() < 0.01), seed: 2);
        var metrics = _context.BinaryClassification.Evaluate(_context.BinaryClassification.Trainers.Mlp().Fit(data).Transform(test));

        Assert.True(metrics.AreaUnderRocCurve > 0.95, $"{metrics.AreaUnderRocCurve}");
        Assert.True(metrics.LogLoss < 0.1, $"{metrics.LogLoss}");
    }

    [Fact]
    public void A_target_with_a_long_tail_is_learnt()
    {
        IDataView data = Load(700, random => LongTailed(random)), test = Load(700, random => LongTailed(random), seed: 2);
        var model = _context.Regression.Trainers.Mlp(labelColumnName: nameof(Row.Target)).Fit(data);

        Assert.True(_context.Regression.Evaluate(model.Transform(test), nameof(Row.Target)).RSquared > 0.5);
    }

    [Fact]
    public void A_model_with_an_encoding_is_saved_with_it_and_scores_in_blocks_as_in_rows()
    {
        IDataView data = Load(700, random => Nasty(random, random.NextDouble() < 0.5));
        var trainer = _context.BinaryClassification.Trainers.Mlp(numberOfEpochs: 2);
        var model = trainer.Fit(data);
        using System.IO.MemoryStream stream = new();
        _context.Model.Save(model, data.Schema, stream);
        float[] expected = Scores(model.Transform(data)), loaded = Scores(_context.Model.Load(stream, out _).Transform(data));
        float[] features = [.. _context.Data.CreateEnumerable<Row>(data, false).SelectMany(row => row.Features)];
        float[] probabilities = new float[700];
        model.Model.SubModel.CreatePredictor().PredictBatch(features, probabilities);

        Assert.Equal(expected, loaded);
        Assert.Equal(_context.Data.CreateEnumerable<Scored>(model.Transform(data), false).Select(row => row.Probability), probabilities);
    }

    [Fact]
    public void Options_that_a_model_was_saved_without_are_those_before_there_were_any()
    {
        MlpOptions read = RecipeJson.ReadOfModel("""{"learningRate":0.1,"batchSize":8}""");

        Assert.Equal((FeatureScaling.None, NumericEncoding.None), (read.FeatureScaling, read.NumericEncoding));
        Assert.Equal(new MlpOptions(), RecipeJson.ReadOfModel(RecipeJson.Write(new MlpOptions())));
    }

    [Fact]
    public void A_model_tells_the_rate_that_was_chosen_for_it()
    {
        IDataView data = Load(20, random => Nasty(random, random.NextDouble() < 0.5));
        MlpBinaryModelParameters model = _context.BinaryClassification.Trainers.Mlp(new MlpOptions { NumberOfEpochs = 2 }).Fit(data).Model.SubModel;

        Assert.Null(model.Options.LearningRate);
        Assert.Equal(Schedule.Cosine(0.006, 0), model.Schedule);
        Assert.Contains("\"schedule\":{\"schedule\":\"cosine", model.ToJson());
    }

    // Of the five features two tell the class: one in the millions, one in millionths. One is constant, one has outliers, one is an indicator.
    private static Row Nasty(Random random, bool label) => new()
    {
        Label = label,
        Features =
        [
            1e6f + (1e5f * (float)(random.NextDouble() + (label ? 1 : 0))), 1e-6f * (float)(random.NextDouble() + (label ? 1 : 0)), 7,
            random.Next(100) == 0 ? 1e9f : random.NextSingle(), random.Next(2),
        ],
    };

    private static Row LongTailed(Random random)
    {
        float[] features = [.. Enumerable.Range(0, 5).Select(_ => random.NextSingle())];
        return new() { Features = features, Target = MathF.Exp(5 * features[0]) * (1 + features[1]) };
    }

    private IDataView Load(int count, Func<Random, Row> row, int seed = 1)
    {
        Random random = new(seed);
        return _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ => row(random)).ToList());
    }

    private float[] Scores(IDataView scored) => [.. _context.Data.CreateEnumerable<Scored>(scored, false).Select(row => row.Score)];

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Target { get; set; }

        [VectorType(5)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scored
    {
        public float Score { get; set; }

        public float Probability { get; set; }
    }
}
