using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;
using Transformer = Microsoft.ML.Data.BinaryPredictionTransformer<
    Microsoft.ML.Calibrators.CalibratedModelParametersBase<MLNet.LrSchedule.MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>>;

namespace MLNet.LrSchedule.Tests.Estimators;

// Which rows are trained on, and what they count.
public partial class MlpBinaryTrainerTests
{
    [Fact]
    public void Example_weights_count_a_row_as_often_as_they_say()
    {
        BinaryRow[] rows = [.. Rows.Binary(60)];
        foreach (BinaryRow row in rows)
        {
            row.Weight = 2;
        }

        IDataView doubled = Rows.Load(_context, rows);
        foreach (BinaryRow row in rows.Take(10))
        {
            row.Weight = 5;
        }

        MlpOptions weighted = _options with { ExampleWeightColumnName = "Weight" };
        float[] plain = Scores(Fit(_options, doubled), doubled);

        Assert.NotEqual(plain, Scores(Fit(weighted, doubled), doubled));
        foreach (BinaryRow row in rows)
        {
            row.Weight = 2;
        }

        Assert.Equal(plain, Scores(Fit(weighted, doubled), doubled));
    }

    [Fact]
    public void Sparse_rows_train_and_score_as_the_dense_rows_they_stand_for()
    {
        BinaryRow[] dense = [.. Rows.Binary(80).Select(row => new BinaryRow { Label = row.Label, Features = [row.Features[0], 0, 0, row.Features[3], 0] })];
        SparseBinaryRow[] sparse = [.. dense.Select(row => new SparseBinaryRow
        {
            Label = row.Label,
            Features = new VBuffer<float>(Rows.FeatureCount, 2, [row.Features[0], row.Features[3]], [0, 3]),
        })];

        IDataView denseData = Rows.Load(_context, dense), sparseData = Rows.Load(_context, sparse);
        Transformer fromDense = Fit(_options, denseData), fromSparse = Fit(_options, sparseData);

        Assert.Equal(Scores(fromDense, denseData), Scores(fromSparse, sparseData));
        Assert.Equal(Scores(fromDense, denseData), Scores(fromDense, sparseData));
    }

    public static TheoryData<string> Activations => ["identity", "relu", "tanh", "sigmoid"];

    [Fact]
    public void A_row_far_away_has_a_probability_that_leaves_the_log_loss_finite()
    {
        Transformer model = Fit(_options with { FeatureScaling = FeatureScaling.None, NumericEncoding = NumericEncoding.None, HiddenLayers = [] });
        float[] far = [1e6f, -1e6f, 1e6f, 1e6f, -1e6f];
        IDataView data = Rows.Load(_context, new[]
        {
            new BinaryRow { Features = far, Label = true },
            new BinaryRow { Features = far, Label = false },
            new BinaryRow { Features = [.. far.Select(x => -x)], Label = true },
            new BinaryRow { Features = [.. far.Select(x => -x)], Label = false },
        });

        BinaryPrediction[] predictions = Predictions(model.Transform(data));

        Assert.All(predictions, prediction => Assert.Equal(16, Math.Abs(prediction.Score)));
        Assert.All(predictions, prediction => Assert.True(prediction.Probability is > 0 and < 1));
        Assert.InRange(_context.BinaryClassification.Evaluate(model.Transform(data)).LogLoss, 1, 30);
        MlpPredictor predictor = model.Model.SubModel.CreatePredictor();
        Assert.Equal(predictions[0].Score, predictor.Score(far));
        Assert.Equal(predictions[0].Probability, predictor.Predict(far));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void A_missing_feature_scores_NaN_dense_or_sparse(string activation)
    {
        Activation function = new[] { Activation.Identity, Activation.Relu, Activation.Tanh, Activation.Sigmoid }.Single(known => known.ToString() == activation);
        Transformer model = Fit(_options with { Activation = function, NumberOfEpochs = 2 });
        IDataView dense = Rows.Load(_context, new[] { new BinaryRow { Features = [1, float.NaN, 0, 0, 0] }, new BinaryRow { Features = [1, 1, 0, 0, 0] } });
        IDataView sparse = Rows.Load(_context, new[] { new SparseBinaryRow { Features = new VBuffer<float>(Rows.FeatureCount, 1, [float.NaN], [3]) } });

        BinaryPrediction[] predictions = Predictions(model.Transform(dense));

        Assert.Equal(float.NaN, predictions[0].Score);
        Assert.Equal(float.NaN, predictions[0].Probability);
        Assert.True(float.IsFinite(predictions[1].Score));
        Assert.Equal(float.NaN, Predictions(model.Transform(sparse))[0].Score);
    }

    [Fact]
    public void Rows_that_cannot_be_used_are_left_out_and_counted_in_one_warning()
    {
        BinaryRow[] good = [.. Rows.Binary(40)];
        BinaryRow[] bad =
        [
            new() { Features = [1, float.NaN, 0, 0, 0] },
            new() { Features = [float.PositiveInfinity, 0, 0, 0, 0] },
            new() { Features = [1, 0, 0, 0, 0], Weight = 0 },
            new() { Features = [1, 0, 0, 0, 0], Weight = float.NaN },
        ];
        MlpOptions weighted = _options with { ExampleWeightColumnName = "Weight" };
        IDataView clean = Rows.Load(_context, good), mixed = Rows.Load(_context, [.. bad[..2], .. good, .. bad[2..]]);
        List<string> warnings = [];
        _context.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(e.Message);
            }
        };

        float[] expected = Scores(Fit(weighted, clean), clean);
        Assert.Empty(warnings);

        Assert.Equal(expected, Scores(Fit(weighted, mixed), clean));
        string warning = Assert.Single(warnings);
        Assert.Contains("Skipped 4 instances with missing features/label/weight during training", warning);
    }

    [Fact]
    public void No_usable_row_is_the_exception_of_the_stock_trainers()
    {
        IDataView data = Rows.Load(_context, new[] { new BinaryRow { Features = [float.NaN, 0, 0, 0, 0] } });

        var exception = Assert.Throws<InvalidOperationException>(() => Fit(_options, data));

        Assert.Contains("No valid training instances found, all instances have missing features.", exception.Message);
        Assert.Throws<InvalidOperationException>(() => Fit(_options, Rows.Load(_context, Array.Empty<BinaryRow>())));
    }

    [Fact]
    public void Validation_data_without_a_usable_row_are_refused()
    {
        IDataView unusable = Rows.Load(_context, new[] { new BinaryRow { Features = [float.NaN, 0, 0, 0, 0] } });

        var exception = Assert.Throws<InvalidOperationException>(
            () => _context.BinaryClassification.Trainers.Mlp(_options).Fit(Rows.LoadBinary(_context), unusable));

        Assert.Contains("validation", exception.Message);
    }

    [Fact]
    public void Validation_data_are_measured_after_every_epoch_and_change_no_weight()
    {
        IDataView data = Rows.LoadBinary(_context);

        MlpOptions options = _options with { ReturnedWeights = ReturnedWeights.Last };
        Transformer validated = _context.BinaryClassification.Trainers.Mlp(options).Fit(data, Rows.LoadBinary(_context, 30, seed: 2));

        TrainingHistory history = validated.Model.SubModel.History;
        Assert.Equal(30, history.ValidationRows);
        Assert.All(history.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));
        Assert.All(Fit(_options).Model.SubModel.History.Epochs, epoch => Assert.Null(epoch.ValidationLoss));
        Assert.Equal(Scores(Fit(options), data), Scores(validated, data));
    }
}
