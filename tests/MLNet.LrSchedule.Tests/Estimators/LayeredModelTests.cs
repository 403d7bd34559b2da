using System;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Models with normalisation, dropout and skips, through ML.NET and its files.</summary>
public sealed class LayeredModelTests
{
    private static readonly MlpOptions _options = new()
    {
        HiddenLayers =
        [
            new HiddenLayer(Rows.FeatureCount) { Normalization = Normalization.Batch, Dropout = Schedule.Linear(from: 0.3, to: 0), IsResidual = true },
            new HiddenLayer(7) { Normalization = Normalization.Layer, Activation = Activation.Gelu, WeightInitializer = WeightInitializer.Orthogonal() },
        ],
        Optimizer = new ScheduleFreeAdamW { Beta1 = 0.95 },
        LearningRate = 0.02,
        NumberOfEpochs = 30,
        Seed = 3,
        ValidationSetFraction = 0.25,
    };

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_loaded_model_gives_the_scores_and_the_validation_loss_of_the_trained_one()
    {
        IDataView data = Rows.LoadBinary(_context);
        var model = _context.BinaryClassification.Trainers.Mlp(_options).Fit(data);
        using MemoryStream stream = new();
        _context.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);

        float[] scores = [.. model.Transform(data).GetColumn<float>("Score")];
        Assert.Equal(scores, loaded.Transform(data).GetColumn<float>("Score"));
        Assert.True(_context.BinaryClassification.Evaluate(loaded.Transform(data)).Accuracy > 0.9);
        Assert.Equal(
            ["dense", "batch normalization", "activation", "dropout", "residual", "dense", "layer normalization", "activation", "dense"],
            model.Model.SubModel.Layers.Select(layer => layer.Kind));
        Assert.Equal(2 * Rows.FeatureCount, model.Model.SubModel.Layers[1].Statistics.Length);
    }

    [Fact]
    public void Training_goes_on_from_such_a_model_and_not_from_one_with_other_layers()
    {
        IDataView data = Rows.LoadBinary(_context);
        var trainer = _context.BinaryClassification.Trainers.Mlp(_options);
        var model = trainer.Fit(data);
        var further = trainer.Fit(data, model.Model.SubModel);
        Assert.True(further.Model.SubModel.History.Epochs[0].TrainingLoss < model.Model.SubModel.History.Epochs[0].TrainingLoss);

        var others = _context.BinaryClassification.Trainers.Mlp(_options with { HiddenLayers = [Rows.FeatureCount, 7] });
        Assert.ThrowsAny<ArgumentException>(() => others.Fit(data, model.Model.SubModel));
    }
}
