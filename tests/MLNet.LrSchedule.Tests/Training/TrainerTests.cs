using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Training;

public sealed class TrainerTests
{
    private static readonly TrainingRecipe Recipe = new()
    {
        HiddenLayers = [34],
        BatchSize = 28,
        NumberOfEpochs = 12,
        LearningRate = Schedule.TimeBased(0.1, 0.002, per: Steps(1)),
        Momentum = 0.8,
        ValidationSetFraction = 0.33,
        ValidationSelection = ValidationSelection.Tail,
    };

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        var data = IonosphereRows.Load();
        var first = Train(Recipe, data, seed: 7);
        Assert.Equal(Bits(first), Bits(Train(Recipe, data, seed: 7)));
        Assert.NotEqual(Bits(first), Bits(Train(Recipe, data, seed: 8)));
    }

    [Fact]
    public void Training_learns_the_ionosphere_data()
    {
        var last = Train(Recipe with { NumberOfEpochs = 50 }, IonosphereRows.Load(), seed: 1).History.Epochs[^1];
        Assert.True(last.ValidationAccuracy > 0.95, $"accuracy {last.ValidationAccuracy}");
        Assert.True(last.TrainingLoss < 0.1, $"loss {last.TrainingLoss}");
    }

    [Fact]
    public void The_history_has_the_rates_that_the_schedule_gives()
    {
        var history = Train(Recipe, IonosphereRows.Load(), seed: 1).History;
        var run = TrainingRun.OfEpochs(12, 9);
        Assert.Equal(Enumerable.Range(0, 12).Select(epoch => Recipe.LearningRate!.At(run.At(9 * epoch))), history.Epochs.Select(epoch => epoch.LearningRate));
        Assert.Equal(Enumerable.Range(0, 12).Select(epoch => Recipe.LearningRate!.At(run.At(9 * epoch + 8))), history.Epochs.Select(epoch => epoch.LastLearningRate));
        Assert.Equal(235, history.TrainingRows);
        Assert.Equal(116, history.ValidationRows);
    }

    [Fact]
    public void Validation_data_of_its_own_is_the_same_as_the_tail_of_one_data_set()
    {
        var all = IonosphereRows.Load();
        TrainingData Part(int first, int end)
        {
            var builder = new TrainingDataBuilder(34, hasWeights: false);
            for (int row = first; row < end; row++)
                builder.Add(all.Features(row), all.Labels[row], 1f);
            return builder.Build();
        }

        var control = new TrainingControl { Seed = 3 };
        var split = Trainer.Train(Recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, all, null, null), control);
        var given = Trainer.Train(Recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, Part(0, 235), Part(235, 351), null), control);
        Assert.Equal(Bits(split), Bits(given));
        Assert.Equal(
            split.History.Epochs.Select(epoch => (epoch.ValidationLoss, epoch.ValidationAccuracy)),
            given.History.Epochs.Select(epoch => (epoch.ValidationLoss, epoch.ValidationAccuracy)));
    }

    [Fact]
    public void Validation_changes_no_bit_of_the_weights()
    {
        var all = IonosphereRows.Load();
        var recipe = Recipe with { ValidationSetFraction = 0 };
        var without = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, all, null, null), new TrainingControl { Seed = 3 });
        var with = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, all, all, null), new TrainingControl { Seed = 3 });
        Assert.Equal(Bits(without), Bits(with));
    }

    [Fact]
    public void Doubling_every_example_weight_changes_no_bit()
    {
        var ones = Train(Recipe, IonosphereRows.Load(_ => 1f), seed: 5);
        var twos = Train(Recipe, IonosphereRows.Load(_ => 2f), seed: 5);
        Assert.Equal(Bits(ones), Bits(twos));
        Assert.Equal(Bits(ones), Bits(Train(Recipe, IonosphereRows.Load(), seed: 5)));
    }

    [Fact]
    public void A_row_of_weight_two_is_the_row_twice_and_of_weight_zero_no_row()
    {
        // One batch holds everything, so that the order of rows does not matter.
        var recipe = Recipe with { BatchSize = 1000, Shuffle = false, ValidationSetFraction = 0, NumberOfEpochs = 20 };
        var all = IonosphereRows.Load();
        var weighted = new TrainingDataBuilder(34, hasWeights: true);
        var repeated = new TrainingDataBuilder(34, hasWeights: false);
        for (int row = 0; row < all.RowCount; row++)
        {
            weighted.Add(all.Features(row), all.Labels[row], row % 3);
            for (int copy = 0; copy < row % 3; copy++)
                repeated.Add(all.Features(row), all.Labels[row], 1f);
        }

        float[] a = Train(recipe, weighted.Build(), seed: 5).Network.Parameters.Span.ToArray();
        float[] b = Train(recipe, repeated.Build(), seed: 5).Network.Parameters.Span.ToArray();
        Assert.All(a.Zip(b), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Progress_is_told_every_epoch_in_order_while_training_runs()
    {
        var seen = new List<EpochRecord>();
        var history = Train(Recipe, IonosphereRows.Load(), seed: 1, new Recorder(seen.Add)).History;
        Assert.Equal(history.Epochs, seen);
        Assert.Equal(Enumerable.Range(0, 12), seen.Select(epoch => epoch.Epoch));
    }

    [Fact]
    public void Cancelling_ends_the_run_before_the_next_step()
    {
        using var cancellation = new CancellationTokenSource();
        int epochs = 0;
        var control = new TrainingControl
        {
            Seed = 1,
            CancellationToken = cancellation.Token,
            OnCancel = CancellationResult.Throw,
            Progress = new Recorder(_ =>
            {
                epochs++;
                cancellation.Cancel();
            }),
        };
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(Recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(), null, null), control));
        Assert.Equal(1, epochs);
    }

    [Fact]
    public void A_diverging_run_is_ended_with_epoch_step_and_rate()
    {
        var recipe = Recipe with { LearningRate = 1e30 };
        var error = Assert.Throws<InvalidOperationException>(() => Train(recipe, IonosphereRows.Load(), seed: 1));
        Assert.Contains("epoch 0, step ", error.Message);
        Assert.Contains("1E+30", error.Message);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(double.PositiveInfinity)]
    public void A_schedule_that_leaves_its_range_is_named_with_step_and_value(double value)
    {
        var recipe = Recipe with { LearningRate = Schedule.Custom(time => time.GlobalStep == 5 ? value : 0.1) };
        var error = Assert.Throws<InvalidOperationException>(() => Train(recipe, IonosphereRows.Load(), seed: 1));
        Assert.Contains("LearningRate", error.Message);
        Assert.Contains("step 5", error.Message);
    }

    [Fact]
    public void Weight_decay_makes_weights_smaller_and_spares_biases()
    {
        // Without a learning signal (every row weighs nothing) only the decay acts.
        var recipe = Recipe with { NumberOfEpochs = 1, BatchSize = 1000, WeightDecay = 0.5, LearningRate = 0.1, ValidationSetFraction = 0 };
        var builder = new TrainingDataBuilder(2, hasWeights: false);
        builder.Add([0f, 0f], 1f, 1f);
        var start = new MlpNetwork(NetworkDefinition.Perceptron(2, [new DenseDefinition(3, Activation.Identity)], 1));
        start.Parameters.Span.Fill(0f);
        start.Parameters.Span[..6].Fill(2f);        // the first layer's weights see only zeros
        var trained = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, builder.Build(), null, start), new TrainingControl { Seed = 1 });
        Assert.All(trained.Network.Parameters.Span[..6].ToArray(), weight => Assert.Equal(2f * (1 - 0.1f * 0.5f), weight, 1e-6f));
        Assert.Equal(0.1f * 0.5f, trained.Network.Parameters.Span[^1], 1e-6f);
    }

    [Fact]
    public void Training_from_a_network_leaves_that_network_as_it_was()
    {
        var data = IonosphereRows.Load();
        var start = Train(Recipe, data, seed: 1).Network;
        uint[] before = Bits(start);
        Trainer.Train(Recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, data, null, start), new TrainingControl { Seed = 2 });
        Assert.Equal(before, Bits(start));
    }

    private static TrainedNetwork Train(TrainingRecipe recipe, TrainingData data, int seed, IProgress<EpochRecord>? progress = null) =>
        Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, data, null, null), new TrainingControl { Seed = seed, Progress = progress });

    private static uint[] Bits(TrainedNetwork trained) => Bits(trained.Network);

    private static uint[] Bits(MlpNetwork network) => [.. network.Parameters.Span.ToArray().Select(BitConverter.SingleToUInt32Bits)];

    private sealed class Recorder(Action<EpochRecord> report) : IProgress<EpochRecord>
    {
        public void Report(EpochRecord value) => report(value);
    }
}
