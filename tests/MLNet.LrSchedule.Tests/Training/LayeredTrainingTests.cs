using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>Training with normalisation, dropout, skips and every optimizer.</summary>
public sealed class LayeredTrainingTests
{
    private static readonly TrainingRecipe Recipe = new()
    {
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers =
        [
            new HiddenLayer(34) { Normalization = Normalization.Batch, Dropout = Schedule.Linear(from: 0.4, to: 0), IsResidual = true },
            new HiddenLayer(18) { Normalization = Normalization.Layer, Dropout = 0.1, Activation = Activation.Gelu, WeightInitializer = WeightInitializer.Orthogonal() },
        ],
        Optimizer = new AdamW(),
        LearningRate = 0.005,
        MaximumGradientNorm = 1,
        BatchSize = 28,
        NumberOfEpochs = 20,
        ValidationSetFraction = 0.33,
    };

    private static readonly Optimizer[] Optimizers =
    [
        new Sgd(), new Adam { AmsGrad = true }, new NAdam(), new RAdam(), new Adamax(), new RmsProp { IsCentered = true }, new AdaGrad(), new AdaDelta(), new RProp(),
        new Lion(), new ScheduleFreeSgd(), new ScheduleFreeAdamW(), new ScheduleFreeRAdam(),
    ];

    [Fact]
    public void A_network_with_everything_learns_the_ionosphere_data()
    {
        var last = Train(Recipe with { NumberOfEpochs = 40 }).History.Epochs[^1];
        Assert.True(last.ValidationAccuracy > 0.88, $"accuracy {last.ValidationAccuracy}");
        Assert.True(last.TrainingLoss < 0.15, $"loss {last.TrainingLoss}");
    }

    [Fact]
    public void The_running_statistics_are_measured_and_neither_trained_nor_decayed()
    {
        var network = Train(Recipe with { Optimizer = new Adam(), WeightDecay = 0.5, DecayBiases = true }).Network;
        var block = network.Layers[1].Parameters.Single(block => block.Kind == ParameterKind.Statistic);
        float[] variances = network.Parameters.Span.Slice(block.Offset + 34, 34).ToArray();
        Assert.All(variances, variance => Assert.True(variance is > 0 and < 1, $"{variance}"));

        // The second feature is 0 in every row, so a unit that saw only it would have no variance; all others have some.
        Assert.Equal(34, variances.Distinct().Count());
    }

    [Fact]
    public void The_history_has_every_layer_s_rate_and_the_step_sizes_of_adaptive_optimizers()
    {
        var recipe = Recipe with { OutputLearningRateMultiplier = Schedule.Linear(from: 1, to: 0), NumberOfEpochs = 4 };
        var epochs = Train(recipe).History.Epochs;
        Assert.All(epochs, epoch => Assert.Equal([0, 1, 2], epoch.Layers.Select(layer => layer.Layer)));
        Assert.Equal(0.005, epochs[1].Layers[0].LearningRate);
        Assert.Equal(0.005 * (1 - 17 / 36.0), epochs[1].Layers[2].LearningRate, 1e-12);
        Assert.All(epochs.SelectMany(epoch => epoch.Layers), layer => Assert.True(layer.StepSizes!.Minimum <= layer.StepSizes.Median && layer.StepSizes.Median <= layer.StepSizes.Maximum));
        Assert.All(Train(recipe with { Optimizer = new Sgd() }).History.Epochs[0].Layers, layer => Assert.Null(layer.StepSizes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_with_dropout_and_running_statistics_is_resumed_bit_for_bit(bool isScheduleFree)
    {
        var recipe = Recipe with { NumberOfEpochs = 6, Optimizer = isScheduleFree ? new ScheduleFreeAdamW() : new Adam() };
        Assert.Equal(Resuming.Bits(Resuming.InOneGo(recipe)), Resuming.Bits(Resuming.InPieces(recipe, 4, 8, 40)));
    }

    [Fact]
    public void Schedule_free_training_evaluates_its_average_with_running_statistics_that_fit_it()
    {
        var last = Train(Recipe with { NumberOfEpochs = 40, Optimizer = new ScheduleFreeAdamW() }).History.Epochs[^1];
        Assert.True(last.ValidationAccuracy > 0.88, $"accuracy {last.ValidationAccuracy}");
    }

    [Fact]
    public void Dead_units_behind_a_normalization_are_warned_of_by_the_layer_s_number()
    {
        var recipe = Recipe with
        {
            HiddenLayers = [new HiddenLayer(6) { Activation = Activation.Tanh, Normalization = Normalization.Batch }, new HiddenLayer(5) { Normalization = Normalization.Layer }],
            NumberOfEpochs = 1,
            LearningRate = 0.0,
        };
        var start = RecipeNetwork.Create(recipe, 34, 1, seed: 1);
        var shift = start.Layers[4].Parameters[1];
        Assert.IsType<LayerNormalizationLayer>(start.Layers[4]);
        start.Parameters.Span.Slice(shift.Offset + 1, 3).Fill(-100f);
        var history = Trainer.Train(
            recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(), Start: start), new TrainingControl { Seed = 3 }).History;
        Assert.Contains(history.Warnings, warning => warning.StartsWith("Layer 1: 3 of 5 ReLU units are dead", StringComparison.Ordinal));
    }

    [Fact]
    public void A_residual_layer_of_another_width_than_its_input_is_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Train(Recipe with { HiddenLayers = [new HiddenLayer(8) { IsResidual = true }] }));
        Assert.Contains("Hidden layer 0 is residual and has 8 units, but 34 features come into it", error.Message);
    }

    [Fact]
    public void A_dropout_rate_of_one_is_refused_with_the_step()
    {
        var recipe = Recipe with { HiddenLayers = [new HiddenLayer(8) { Dropout = Schedule.Custom(time => time.GlobalStep == 4 ? 1 : 0.5) }] };
        Assert.Contains("Dropout gives 1 at step 4", Assert.Throws<InvalidOperationException>(() => Train(recipe)).Message);
    }

    [Theory]
    [InlineData("without AVX-512", nameof(VectorWidth.Bits256))]
    [InlineData("without AVX2", nameof(VectorWidth.Bits128))]
    public void Every_layer_and_optimizer_has_the_same_bits_with_instruction_sets_switched_off(string setting, string width)
    {
        string here = TrainAndDescribe([]);
        string there = ChildProcess.Run(TrainAndDescribe, setting == "without AVX2" ? ChildProcess.WithoutAvx2 : ChildProcess.WithoutAvx512);
        Assert.EndsWith(width, there);
        Assert.Equal(here.Split(' ')[0], there.Split(' ')[0]);
    }

    [ChildCommand]
    internal static string TrainAndDescribe(string[] arguments)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var optimizer in Optimizers)
        {
            var trained = Train(Recipe with { Optimizer = optimizer, NumberOfEpochs = 2 });
            digest.AppendData(MemoryMarshal.AsBytes(trained.Network.Parameters.Span));
            digest.AppendData(BitConverter.GetBytes(trained.History.Epochs[^1].ValidationLoss!.Value));
        }

        using var kernels = new KernelContext();
        return $"{Convert.ToHexString(digest.GetHashAndReset())} {kernels.VectorWidth}";
    }

    private static TrainedNetwork Train(TrainingRecipe recipe) =>
        Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load()), new TrainingControl { Seed = 3 });
}
