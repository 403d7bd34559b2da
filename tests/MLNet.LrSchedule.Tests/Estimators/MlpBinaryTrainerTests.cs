using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;
using Transformer = Microsoft.ML.Data.BinaryPredictionTransformer<
    Microsoft.ML.Calibrators.CalibratedModelParametersBase<MLNet.LrSchedule.MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>>;

namespace MLNet.LrSchedule.Tests.Estimators;

public partial class MlpBinaryTrainerTests
{
    private static readonly MlpOptions _options = new()
    {
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers = [8],
        NumberOfEpochs = 20,
        LearningRate = 0.1,
        BatchSize = 16,
        Seed = 3,
    };

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_fitted_model_tells_the_two_classes_apart_on_rows_it_has_not_seen()
    {
        Transformer model = Fit(_options);

        CalibratedBinaryClassificationMetrics metrics = _context.BinaryClassification.Evaluate(model.Transform(Rows.LoadBinary(_context, seed: 2)));

        Assert.True(metrics.Accuracy > 0.9, $"accuracy {metrics.Accuracy}");
        Assert.True(metrics.LogLoss < 0.4, $"log-loss {metrics.LogLoss}");
    }

    [Fact]
    public void Evaluation_without_probabilities_sees_the_same_predictions()
    {
        IDataView scored = Fit(_options).Transform(Rows.LoadBinary(_context, seed: 2));

        BinaryClassificationMetrics withProbabilities = _context.BinaryClassification.Evaluate(scored);
        BinaryClassificationMetrics without = _context.BinaryClassification.EvaluateNonCalibrated(scored);

        Assert.Equal(withProbabilities.Accuracy, without.Accuracy);
        Assert.Equal(withProbabilities.AreaUnderRocCurve, without.AreaUnderRocCurve);
    }

    [Fact]
    public void The_probability_is_the_logistic_function_of_the_score_and_the_label_its_sign()
    {
        IDataView scored = Fit(_options).Transform(Rows.LoadBinary(_context, seed: 2));

        Assert.All(_context.Data.CreateEnumerable<BinaryPrediction>(scored, reuseRowObject: false), prediction =>
        {
            Assert.Equal(1 / (1 + Math.Exp(-prediction.Score)), prediction.Probability, 1e-6);
            Assert.Equal(prediction.Score > 0, prediction.PredictedLabel);
        });
    }

    [Fact]
    public void Plain_arguments_and_equal_options_give_the_same_model()
    {
        IDataView data = Rows.Load(_context, Rows.Binary(100).Select(row => new Renamed { Truth = row.Label, Features = row.Features, Importance = row.Weight }));
        Schedule rate = Schedule.TimeBased(0.1, 0.01);
        var plain = new MLContext(seed: 5).BinaryClassification.Trainers.Mlp(
            "Truth", "Features", "Importance", hiddenLayers: [6, 3], learningRate: rate, numberOfEpochs: 4, batchSize: 10);
        var options = new MLContext(seed: 5).BinaryClassification.Trainers.Mlp(new MlpOptions
        {
            LabelColumnName = "Truth",
            FeatureColumnName = "Features",
            ExampleWeightColumnName = "Importance",
            HiddenLayers = [6, 3],
            LearningRate = rate,
            NumberOfEpochs = 4,
            BatchSize = 10,
        });

        Assert.Equal(options.Options, plain.Options);
        Assert.Equal(Scores(options.Fit(data), data), Scores(plain.Fit(data), data));
    }

    [Fact]
    public void Without_arguments_every_option_has_its_default() =>
        Assert.Equal(new MlpOptions(), _context.BinaryClassification.Trainers.Mlp().Options);

    [Fact]
    public void A_seed_in_the_options_makes_every_fit_of_one_trainer_the_same()
    {
        IDataView data = Rows.LoadBinary(_context);
        MlpBinaryTrainer trainer = _context.BinaryClassification.Trainers.Mlp(_options);

        float[] first = Scores(trainer.Fit(data), data);
        trainer.Fit(Rows.LoadBinary(_context, seed: 7));

        Assert.Equal(first, Scores(trainer.Fit(data), data));
    }

    [Fact]
    public void Without_a_seed_fits_differ_and_contexts_of_one_seed_agree()
    {
        MlpOptions seedless = _options with { Seed = null };
        float[][] FitTwice()
        {
            MLContext context = new(seed: 11);
            IDataView data = Rows.LoadBinary(context);
            MlpBinaryTrainer trainer = context.BinaryClassification.Trainers.Mlp(seedless);
            return [Scores(trainer.Fit(data), data), Scores(trainer.Fit(data), data)];
        }

        float[][] first = FitTwice(), second = FitTwice();

        Assert.NotEqual(first[0], first[1]);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Training_goes_on_from_a_model_where_it_ended()
    {
        IDataView data = Rows.LoadBinary(_context);
        MlpBinaryModelParameters start = Fit(_options).Model.SubModel;

        MlpOptions more = _options with { NumberOfEpochs = 1 };
        Transformer continued = _context.BinaryClassification.Trainers.Mlp(more).Fit(data, start);

        double afterTwenty = start.History.Epochs[^1].TrainingLoss;
        Assert.Equal(afterTwenty, continued.Model.SubModel.History.Epochs[0].TrainingLoss, 0.3 * afterTwenty);
        Assert.True(Fit(more).Model.SubModel.History.Epochs[0].TrainingLoss > 1.5 * afterTwenty);
    }

    [Fact]
    public void Going_on_from_a_model_leaves_that_model_as_it_is()
    {
        IDataView data = Rows.LoadBinary(_context);
        Transformer model = Fit(_options);
        float[] before = Scores(model, data);

        _context.BinaryClassification.Trainers.Mlp(_options).Fit(data, model.Model.SubModel);

        Assert.Equal(before, Scores(model, data));
    }

    [Fact]
    public void Going_on_from_a_network_with_other_layers_is_refused_with_both_networks_named()
    {
        MlpBinaryModelParameters start = Fit(_options).Model.SubModel;

        var exception = Assert.Throws<ArgumentException>(
            () => _context.BinaryClassification.Trainers.Mlp(_options with { HiddenLayers = [9] }).Fit(Rows.LoadBinary(_context), start));

        Assert.Contains("5-8-1", exception.Message);
        Assert.Contains("5-9-1", exception.Message);
    }

    [Fact]
    public void The_layers_of_a_model_add_up_to_its_score()
    {
        MlpOptions options = _options with { HiddenLayers = [6, new HiddenLayer(4) { Activation = Activation.Identity }] };
        Transformer model = Fit(options);
        BinaryRow row = Rows.Binary(1, seed: 9)[0];

        IReadOnlyList<MlpLayer> layers = model.Model.SubModel.Layers;
        double[] values = [.. row.Features.Select(feature => (double)feature)];
        foreach (MlpLayer layer in layers)
        {
            Assert.Equal(values.Length, layer.Inputs);
            double[] inputs = values;
            values = new double[layer.Outputs];
            for (int output = 0; output < layer.Outputs; output++)
            {
                values[output] = layer.Biases[output];
                for (int input = 0; input < layer.Inputs; input++)
                {
                    values[output] += inputs[input] * layer.Weights[(input * layer.Outputs) + output];
                }

                values[output] = layer.Activation == Activation.Relu ? Math.Max(0, values[output]) : values[output];
            }
        }

        Assert.Equal(3, layers.Count);
        Assert.Equal(Scores(model, Rows.Load(_context, new[] { row }))[0], Assert.Single(values), 1e-4);
        Assert.Equal(["dense, 5 to 6, relu", "dense, 6 to 4", "dense, 4 to 1"], layers.Select(layer => layer.ToString()));
    }

    [Fact]
    public void Layers_of_every_kind_show_what_they_have()
    {
        HiddenLayerList layers = [new HiddenLayer(5) { Normalization = Normalization.Batch, Dropout = 0.1, IsResidual = true }];

        IReadOnlyList<MlpLayer> shown = Fit(_options with { HiddenLayers = layers }).Model.SubModel.Layers;

        MlpLayer normalization = shown.Single(layer => layer.Kind == "batch normalization");
        Assert.Equal((5, 5, 10), (normalization.Weights.Length, normalization.Biases.Length, normalization.Statistics.Length));
        MlpLayer dropout = shown.Single(layer => layer.Kind == "dropout");
        Assert.Equal((0, 0, 0), (dropout.Weights.Length, dropout.Biases.Length, dropout.Statistics.Length));
        Assert.Contains(shown, layer => layer.Kind == "residual");
        Assert.Equal(Activation.Relu, shown.Single(layer => layer.Kind == "activation").Activation);
    }

    [Fact]
    public void A_loss_of_another_task_is_refused_when_the_trainer_is_made()
    {
        Assert.Contains("squared", Assert.Throws<ArgumentException>(() => _context.BinaryClassification.Trainers.Mlp(new MlpOptions { Loss = Loss.Squared })).Message);
        Assert.Throws<ArgumentException>(() => _context.MulticlassClassification.Trainers.Mlp(new MlpOptions { Loss = Loss.BinaryCrossEntropy }));
        Assert.Throws<ArgumentException>(() => _context.Regression.Trainers.Mlp(new MlpOptions { Loss = Loss.SoftmaxCrossEntropy }));
    }

    [Fact]
    public void Smoothed_labels_keep_the_scores_closer_to_zero()
    {
        IDataView data = Rows.LoadBinary(_context);

        float[] plain = Scores(Fit(_options), data), smoothed = Scores(Fit(_options with { Loss = Loss.BinaryCrossEntropy with { LabelSmoothing = 0.3 } }), data);

        Assert.True(smoothed.Max(Math.Abs) < 0.7 * plain.Max(Math.Abs));
    }

    [Fact]
    public void A_fit_that_ends_before_its_first_epoch_gives_a_model_that_can_be_saved()
    {
        IDataView data = Rows.LoadBinary(_context);

        Transformer model = Fit(_options with { TimeLimit = TimeSpan.FromTicks(1), ReturnedWeights = ReturnedWeights.Last });

        Assert.Empty(model.Model.SubModel.History.Epochs);
        Assert.Contains("no whole epoch", model.Model.SubModel.ToString());
        using MemoryStream stream = new();
        _context.Model.Save(model, data.Schema, stream);
        Assert.Equal(Scores(model, data), Scores(_context.Model.Load(stream, out _), data));
    }

    [Fact]
    public void A_model_says_what_it_is() =>
        Assert.StartsWith("5-8-1 (relu), 57 parameters, 20 epochs, training loss 0.", Fit(_options).Model.SubModel.ToString());

    [Fact]
    public void Scoring_allocates_nothing_per_row()
    {
        Transformer model = Fit(_options);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(BinaryRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Rows.FeatureCount);
        using var engine = _context.Model.CreatePredictionEngine<BinaryRow, BinaryPrediction>(model, inputSchemaDefinition: schema);
        BinaryRow row = Rows.Binary(1)[0];
        BinaryPrediction prediction = new();
        for (int i = 0; i < 100; i++)
        {
            engine.Predict(row, ref prediction);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            engine.Predict(row, ref prediction);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static float[] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];

    private BinaryPrediction[] Predictions(IDataView scored) => [.. _context.Data.CreateEnumerable<BinaryPrediction>(scored, reuseRowObject: false)];

    private Transformer Fit(MlpOptions options, IDataView? data = null) =>
        _context.BinaryClassification.Trainers.Mlp(options).Fit(data ?? Rows.LoadBinary(_context));

    private sealed class Named
    {
        public bool Label { get; set; }

        public float Width { get; set; }

        public float Height { get; set; }
    }

    private sealed class Renamed
    {
        public bool Truth { get; set; }

        public float[] Features { get; set; } = [];

        public float Importance { get; set; }
    }
}
