using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;
using Transformer = Microsoft.ML.Data.BinaryPredictionTransformer<
    Microsoft.ML.Calibrators.CalibratedModelParametersBase<MLNet.LrSchedule.MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>>;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>What ML.NET does with a trainer and a model: cross-validation, importance, one-versus-all, calibrators, thresholds, engines.</summary>
public partial class MlpBinaryTrainerTests
{
    [Fact]
    public void Cross_validation_fits_every_fold_behind_a_normalizer()
    {
        IEstimator<ITransformer> pipeline = _context.Transforms.NormalizeMeanVariance("Features")
            .Append(_context.BinaryClassification.Trainers.Mlp(_options));

        var folds = _context.BinaryClassification.CrossValidate(Rows.LoadBinary(_context, 300), pipeline, numberOfFolds: 3);

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.Accuracy > 0.85, $"accuracy {fold.Metrics.Accuracy}"));
    }

    [Fact]
    public void Permutation_finds_the_features_that_matter()
    {
        IDataView data = Rows.LoadBinary(_context, 300);
        Transformer model = _context.BinaryClassification.Trainers.Mlp(_options with { NumberOfEpochs = 40 }).Fit(data);

        ImmutableArray<BinaryClassificationMetricsStatistics> importance =
            _context.BinaryClassification.PermutationFeatureImportance(model, model.Transform(data), permutationCount: 2);

        double[] losses = [.. importance.Select(feature => feature.AreaUnderRocCurve.Mean)];
        Assert.Equal(Rows.FeatureCount, losses.Length);
        Assert.True(losses[0] < -0.2, $"first feature {losses[0]}");
        Assert.All(losses[2..], loss => Assert.InRange(loss, losses[1], 0.02));
    }

    [Fact]
    public void Permutation_names_the_features_of_a_fitted_pipeline()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Binary(200).Select(row => new Named { Label = row.Label, Width = row.Features[0], Height = row.Features[3] }));
        var model = _context.Transforms.Concatenate("Features", "Width", "Height").Append(_context.BinaryClassification.Trainers.Mlp(_options)).Fit(data);

        ImmutableDictionary<string, BinaryClassificationMetricsStatistics> importance =
            _context.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, model.Transform(data), permutationCount: 1);

        Assert.Equal(["Height", "Width"], importance.Keys.Order());
        Assert.True(importance["Width"].AreaUnderRocCurve.Mean < -0.2);
    }

    [Fact]
    public void One_versus_all_makes_a_multiclass_trainer_of_it()
    {
        IDataView data = _context.Transforms.Conversion.MapValueToKey("Label", "Label").Fit(Rows.LoadBinary(_context)).Transform(Rows.LoadBinary(_context));

        var model = _context.MulticlassClassification.Trainers.OneVersusAll(_context.BinaryClassification.Trainers.Mlp(_options)).Fit(data);

        Assert.True(_context.MulticlassClassification.Evaluate(model.Transform(data)).MacroAccuracy > 0.9);
    }

    [Fact]
    public void Pairwise_coupling_makes_a_multiclass_trainer_of_it_too()
    {
        IDataView data = Rows.LoadMulticlass(_context, 120);

        var model = _context.MulticlassClassification.Trainers.PairwiseCoupling(_context.BinaryClassification.Trainers.Mlp(_options)).Fit(data);

        Assert.True(_context.MulticlassClassification.Evaluate(model.Transform(data)).MacroAccuracy > 0.9);
    }

    [Fact]
    public void A_calibrator_of_ML_NET_s_own_works_behind_it()
    {
        IDataView data = Rows.LoadBinary(_context);
        IDataView scored = Fit(_options).Transform(data);

        IDataView calibrated = _context.BinaryClassification.Calibrators.Platt().Fit(scored).Transform(scored);

        Assert.True(_context.BinaryClassification.Evaluate(calibrated).LogLoss < 0.4);
        Assert.NotEqual(scored.GetColumn<float>("Probability"), calibrated.GetColumn<float>("Probability"));
    }

    [Fact]
    public void A_changed_threshold_moves_the_predicted_label_and_nothing_else()
    {
        Transformer model = Fit(_options);
        Transformer strict = _context.BinaryClassification.ChangeModelThreshold(model, 1.5f);
        IDataView data = Rows.LoadBinary(_context, seed: 2);

        BinaryPrediction[] before = Predictions(model.Transform(data));
        BinaryPrediction[] after = Predictions(strict.Transform(data));

        Assert.Equal(before.Select(prediction => prediction.Score), after.Select(prediction => prediction.Score));
        Assert.Equal(after.Select(prediction => prediction.Score > 1.5f), after.Select(prediction => prediction.PredictedLabel));
        Assert.Contains(before.Zip(after), pair => pair.First.PredictedLabel != pair.Second.PredictedLabel);
    }

    [Fact]
    public void A_prediction_engine_gives_the_bits_that_Transform_gives()
    {
        Transformer model = Fit(_options);
        IReadOnlyList<BinaryRow> rows = Rows.Binary(50, seed: 2);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(BinaryRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Rows.FeatureCount);

        using var engine = _context.Model.CreatePredictionEngine<BinaryRow, BinaryPrediction>(model, inputSchemaDefinition: schema);

        BinaryPrediction[] transformed = Predictions(model.Transform(Rows.Load(_context, rows)));
        Assert.Equal(transformed.Select(prediction => prediction.Score), rows.Select(row => engine.Predict(row).Score));
    }
}
