using System.IO;
using System.Linq;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Tests.Training;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Optimizers, layers and losses as JSON.</summary>
public sealed class RecipeJsonLayersTests
{
    private static readonly Optimizer[] Optimizers =
    [
        new Sgd(), new Adam { AmsGrad = true, Beta1 = Schedule.Linear(from: 0.8, to: 0.9) }, Adam.AsInKeras, new AdamW { WeightDecay = 0.3 }, new NAdam { MomentumDecay = 0.01 },
        new RAdam(), new Adamax { Beta2 = 0.9 }, RmsProp.AsInPyTorch with { IsCentered = true }, new AdaGrad { InitialSum = 0.1 }, new AdaDelta { Rho = 0.8 },
        new RProp { LargestStep = 1 }, new Lion(), new ScheduleFreeSgd { StepPower = 2 }, new ScheduleFreeAdamW { RatePower = 0 }, new ScheduleFreeRAdam(),
    ];

    [Fact]
    public void Every_optimizer_comes_back_equal() =>
        Assert.All(Optimizers, optimizer => Assert.Equal(optimizer, RecipeJson.Read(RecipeJson.Write(new MlpOptions { Optimizer = optimizer })).Optimizer));

    [Fact]
    public void Every_kind_of_optimizer_is_among_them() => Assert.Equal(
        OptimizerKinds.All,
        Optimizers.Select(optimizer => optimizer.GetType()).Distinct().OrderBy(type => type.Name));

    [Fact]
    public void Layers_and_losses_come_back_equal()
    {
        var options = new MlpOptions
        {
            HiddenLayers =
            [
                8,
                new HiddenLayer(9) { Normalization = Normalization.Batch, Activation = Activation.LeakyRelu(0.2), WeightInitializer = WeightInitializer.Orthogonal() },
                new HiddenLayer(9) { IsResidual = true, Normalization = Normalization.Layer, Dropout = Schedule.Linear(from: 0.5, to: 0), LearningRateMultiplier = 0.5 },
            ],
            Loss = Loss.BinaryCrossEntropy with { LabelSmoothing = 0.1 },
            MaximumGradientNorm = 1,
            MaximumGradientValue = Schedule.Linear(from: 5, to: 1),
            OutputLearningRateMultiplier = 2,
            DecayBiases = true,
        };
        Assert.Equal(options, RecipeJson.Read(RecipeJson.Write(options)));
    }

    [Fact]
    public void They_read_as_a_person_would_write_them()
    {
        string json = RecipeJson.Write(new MlpOptions
        {
            Optimizer = new Adam { EpsilonPlacement = EpsilonPlacement.BeforeBiasCorrection },
            HiddenLayers = [new HiddenLayer(8) { Normalization = Normalization.Batch, Dropout = 0.25, IsResidual = true }],
            Loss = Loss.Huber(2),
        });
        Assert.Contains("\"optimizer\":{\"optimizer\":\"adam\",\"amsGrad\":false,\"epsilonPlacement\":\"beforeBiasCorrection\",\"beta1\":0.9,", json);
        Assert.Contains("[{\"units\":8,\"normalization\":\"batch\",\"dropout\":0.25,\"isResidual\":true}]", json);
        Assert.Contains("\"loss\":\"huber(2)\"", json);
    }

    [Theory]
    [InlineData("{\"optimizer\":{\"optimizer\":\"magic\"}}", "magic")]
    [InlineData("{\"optimizer\":{\"optimizer\":\"adam\",\"beta3\":0.5}}", "beta3")]
    [InlineData("{\"optimizer\":{\"optimizer\":\"adaGrad\",\"initialSum\":-1}}", "initial sum must be at least 0")]
    [InlineData("{\"activation\":null}", "ctivation")]
    [InlineData("{\"loss\":\"hinge\"}", "'hinge' names no loss")]
    [InlineData("{\"hiddenLayers\":[{\"units\":3,\"normalization\":\"group\"}]}", "normalization")]
    public void A_mistake_is_refused_with_the_reason(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => RecipeJson.Read(json)).Message);

    [Fact]
    public void Every_kind_of_network_layer_comes_back_equal()
    {
        var definition = NetworkDefinition.Perceptron(
            9,
            [
                new HiddenBlock(9, Activation.Gelu) { Normalization = Normalization.Batch, HasDropout = true, IsResidual = true },
                new HiddenBlock(4, Activation.Elu()) { Normalization = Normalization.Layer },
            ],
            2);
        Assert.Equal(definition.Layers, definition.Layers.Select(layer => RecipeJson.Parse<LayerDefinition>(RecipeJson.WritePart(layer), "layer")));
    }

    [Theory]
    [InlineData("{\"layer\":\"dense\",\"outputs\":0,\"activation\":\"relu\"}")]
    [InlineData("{\"layer\":\"dense\",\"outputs\":3}")]
    [InlineData("{\"layer\":\"dropout\",\"outputs\":3}")]
    [InlineData("{\"layer\":\"residual\"}")]
    [InlineData("{\"layer\":\"convolution\"}")]
    [InlineData("{\"outputs\":3}")]
    [InlineData("null")]
    public void A_damaged_network_layer_is_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => RecipeJson.Parse<LayerDefinition>(json, "layer"));

    [Fact]
    public void A_schedule_that_nobody_registered_inside_an_optimizer_or_a_layer_becomes_opaque()
    {
        var options = new MlpOptions
        {
            Optimizer = new Adam { Beta1 = 0.5 },
            HiddenLayers = [new HiddenLayer(3) { Dropout = 0.25 }],
        };
        string json = RecipeJson.Write(options)
            .Replace("\"beta1\":0.5", "\"beta1\":{\"schedule\":\"acme.unknown\"}")
            .Replace("\"dropout\":0.25", "\"dropout\":{\"schedule\":\"acme.unknown\"}");
        var read = RecipeJson.ReadOfModel(json);
        Assert.IsType<OpaqueSchedule>(Assert.IsType<Adam>(read.Optimizer).Beta1);
        Assert.IsType<OpaqueSchedule>(read.HiddenLayers[0].Dropout);
    }
}
