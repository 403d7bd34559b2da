using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

public sealed class ParameterGroupTests
{
    private static readonly TrainingRecipe Recipe = new() { HiddenLayers = [8, 4], NumberOfEpochs = 2, BatchSize = 50, Optimizer = new Sgd(), LearningRate = 0.05 };

    [Fact]
    public void Layer_wise_decay_multiplies_towards_the_input()
    {
        HiddenLayerList layers = [4, new HiddenLayer(3) { LearningRateMultiplier = 0.5 }, 2];
        var decayed = layers.WithLayerwiseDecay(0.5);
        Assert.Equal(
            [new HiddenLayer(4) { LearningRateMultiplier = 0.125 }, new HiddenLayer(3) { LearningRateMultiplier = 0.125 }, new HiddenLayer(2) { LearningRateMultiplier = 0.5 }],
            decayed);
        Assert.Throws<ArgumentOutOfRangeException>(() => layers.WithLayerwiseDecay(-1));
        Assert.Throws<ArgumentNullException>(() => new HiddenLayer(1) { LearningRateMultiplier = null! });
    }

    [Fact]
    public void A_layer_with_multiplier_zero_stays_as_it_was_drawn()
    {
        var frozen = Recipe with { HiddenLayers = [new HiddenLayer(8) { LearningRateMultiplier = 0.0 }, 4], WeightDecay = 0.1 };
        var drawn = new MlpNetwork(Train(frozen).Definition);
        drawn.Initialize(frozen.WeightInitializer, seed: 3);
        var trained = Train(frozen);
        Assert.Equal(drawn.Parameters.Span[..(35 * 8)], trained.Parameters.Span[..(35 * 8)]);
        Assert.NotEqual(drawn.Parameters.Span[(35 * 8)..].ToArray(), trained.Parameters.Span[(35 * 8)..].ToArray());
    }

    [Fact]
    public void The_same_multiplier_everywhere_is_a_scaled_rate()
    {
        var scaled = Train(Recipe with { LearningRate = 0.025 });
        var multiplied = Train(Recipe with
        {
            HiddenLayers = [.. Recipe.HiddenLayers.Select(layer => layer with { LearningRateMultiplier = 0.5 })],
            OutputLearningRateMultiplier = 0.5,
        });
        Assert.Equal(scaled.Parameters.Span, multiplied.Parameters.Span);
    }

    [Fact]
    public void A_multiplier_follows_its_schedule()
    {
        var recipe = Recipe with { OutputLearningRateMultiplier = Schedule.Linear(from: 1, to: 0) };
        var schedules = new HyperparameterSchedules(recipe, TrainingRun.OfEpochs(4, 2));
        ParameterGroup[] groups = [new(0, 1, Layer: 1), new(1, 1, Layer: 2)];
        schedules.SetMultipliers(2, groups);
        Assert.Equal([1, 0.75], groups.Select(group => group.RateMultiplier));
    }

    [Fact]
    public void A_network_with_other_layers_than_the_recipe_is_refused()
    {
        var start = Train(Recipe);
        var error = Assert.Throws<InvalidOperationException>(() =>
            Trainer.Train(Recipe with { HiddenLayers = [8] }, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(), null, start), new TrainingControl { Seed = 3 }));
        Assert.Contains("2 hidden layers, but the options have 1", error.Message);
    }

    [Fact]
    public void Biases_decay_only_when_asked_to()
    {
        var network = new MlpNetwork(NetworkDefinition.Perceptron(2, [new DenseDefinition(3, Activation.Relu)], 1));
        var recipe = new TrainingRecipe { HiddenLayers = [3] };
        Assert.Equal([true, false, true, false], ParameterGroups.Of(network, recipe, batchRows: 8).Select(group => group.IsDecayed));
        Assert.Equal([true, true, true, true], ParameterGroups.Of(network, recipe with { DecayBiases = true }, batchRows: 8).Select(group => group.IsDecayed));
        Assert.Equal([0, 0, 1, 1], ParameterGroups.Of(network, recipe, batchRows: 8).Select(group => group.Layer));
    }

    [Theory]
    [InlineData(300, 512, 2, true, 512)]
    [InlineData(300, 511, 2, true, 0)]
    [InlineData(300, 512, 3, true, 0)]
    [InlineData(127, 512, 2, true, 0)]
    [InlineData(300, 64, 2, false, 64)]
    public void Groups_know_how_threads_divide_the_weights_of_sparse_rows(int inputs, int outputs, int threads, bool isSparse, int dividedColumns)
    {
        var network = new MlpNetwork(NetworkDefinition.Perceptron(inputs, [new DenseDefinition(outputs, Activation.Relu)], 1));
        var groups = ParameterGroups.Of(network, new TrainingRecipe { HiddenLayers = [outputs] }, batchRows: 8, threads, isSparse);
        Assert.Equal((dividedColumns, isSparse, isSparse), (groups[0].DividedColumns, groups[0].HasSparseRows, groups[0].HasSparseGradient));
        Assert.All(groups[1..], group => Assert.Equal((0, false, false), (group.DividedColumns, group.HasSparseRows, group.HasSparseGradient)));
    }

    [Theory]
    [InlineData(16, false, true)]
    [InlineData(128, false, false)]
    [InlineData(16, true, false)]
    public void Weights_stay_with_the_far_thread_that_has_their_products(int batchRows, bool isSparse, bool expected)
    {
        var network = new MlpNetwork(NetworkDefinition.Perceptron(784, [new DenseDefinition(512, Activation.Relu)], 1));
        var groups = ParameterGroups.Of(network, new TrainingRecipe { HiddenLayers = [512] }, batchRows, threads: 2, isSparse);
        Assert.Equal([expected, false, true, false], groups.Select(group => group.StaysWithOneFarThread));
    }

    [Fact]
    public void Gradients_are_clipped_by_value_then_by_norm()
    {
        using var kernels = new KernelContext();
        var recipe = Recipe with { MaximumGradientValue = 3, MaximumGradientNorm = 2.5 };
        var schedules = new HyperparameterSchedules(recipe, TrainingRun.OfEpochs(1, 1));
        float[] gradient = [4, -5, 0, 0];
        schedules.ClipGradient(0, kernels, gradient);
        float clipped = 3 * (float)(2.5 / Math.Sqrt(18));
        Assert.Equal([clipped, -clipped, 0, 0], gradient);
        float[] small = [0.5f, -0.25f];
        schedules.ClipGradient(0, kernels, small);
        Assert.Equal([0.5f, -0.25f], small);
        float[] broken = [float.NaN, 9];
        schedules.ClipGradient(0, kernels, broken);
        Assert.True(float.IsNaN(broken[0]));
    }

    private static MlpNetwork Train(TrainingRecipe recipe) =>
        Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(), null, null), new TrainingControl { Seed = 3 }).Network;
}
