using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

public sealed class StoppingTests
{
    private static readonly TrainingRecipe Recipe = new()
    {
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers = [34],
        BatchSize = 28,
        NumberOfEpochs = 60,
        LearningRate = 0.1,
        Momentum = 0.9,
        ValidationSetFraction = 0.33,
    };

    [Fact]
    public void Early_stopping_ends_the_run_when_patience_is_reached_and_returns_the_best_epoch()
    {
        var history = Train(Recipe with { EarlyStopping = new EarlyStopping { Patience = 4 } }).History;
        Assert.Equal(StopReason.EarlyStopping, history.StopReason);
        int best = history.Epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch;
        Assert.Equal(best, history.ReturnedEpoch);
        Assert.Equal(best + 4, history.Epochs[^1].Epoch);
    }

    [Fact]
    public void Whatever_ends_a_run_the_weights_are_those_of_the_best_epoch_unless_the_last_are_asked_for()
    {
        var data = IonosphereRows.Load();
        var task = new TrainingTask(Loss.BinaryCrossEntropy, 1, data, data);
        var recipe = Recipe with { LearningRate = Schedule.Custom(time => time.GlobalEpoch < 10 ? 0.05 : 3) };
        var best = Trainer.Train(recipe, task, new TrainingControl { Seed = 1 });
        var last = Trainer.Train(recipe with { ReturnedWeights = ReturnedWeights.Last }, task, new TrainingControl { Seed = 1 });
        Assert.Equal(best.History.Epochs.Min(epoch => epoch.ValidationLoss)!.Value, Measure(best.Network, data), 1e-6);
        Assert.Equal(last.History.Epochs[^1].ValidationLoss!.Value, Measure(last.Network, data), 1e-6);
        Assert.Null(last.History.ReturnedEpoch);
    }

    [Fact]
    public void Epochs_before_the_start_neither_improve_nor_stall()
    {
        var stopping = new EarlyStopping { Patience = 1, MinDelta = 1000, StartAfter = 7 };
        // Nothing improves by 1000, so the run ends one epoch after the first that counts.
        Assert.Equal(8, Train(Recipe with { EarlyStopping = stopping }).History.Epochs[^1].Epoch);
    }

    [Fact]
    public void A_target_ends_the_run_as_soon_as_it_is_reached()
    {
        var history = Train(Recipe with { Target = new MetricTarget(Metric.TrainingAccuracy, 0.9) }).History;
        Assert.Equal(StopReason.TargetReached, history.StopReason);
        Assert.True(history.Epochs[^1].TrainingAccuracy >= 0.9);
        Assert.All(history.Epochs.SkipLast(1), epoch => Assert.True(epoch.TrainingAccuracy < 0.9));
    }

    [Fact]
    public void A_time_limit_ends_the_run_with_a_model()
    {
        var slow = new SlowSteps();
        var trained = Train(Recipe, new TrainingControl { Seed = 1, TimeLimit = TimeSpan.FromMilliseconds(60), Callbacks = [slow] });
        Assert.Equal(StopReason.TimeLimit, trained.History.StopReason);
        Assert.InRange(slow.Steps, 1, 61);
    }

    [Fact]
    public void A_plateau_multiplies_the_curve_and_says_why()
    {
        var log = new List<string>();
        var plateau = new ReduceOnPlateau { Patience = 2, Factor = 0.5 };
        var history = Train(Recipe with { ReactiveSchedule = plateau }, new TrainingControl { Seed = 1, Log = log.Add }).History;
        var factors = plateau.Simulate(history.Epochs.Select(epoch => epoch.ValidationLoss!.Value));
        Assert.Contains(factors, factor => factor < 1);
        Assert.Equal(factors.SkipLast(1).Prepend(1).Select(factor => 0.1 * factor), history.Epochs.Select(epoch => epoch.LearningRate));
        Assert.Contains(log, line => line.Contains("factor 1 -> 0.5"));
    }

    [Fact]
    public void Callbacks_are_told_everything_in_order_and_can_stop_the_run()
    {
        var events = new List<string>();
        var history = Train(Recipe, new TrainingControl { Seed = 1, Callbacks = [new Witness(events, stopAfter: 2)] }).History;
        Assert.Equal(StopReason.Callback, history.StopReason);
        string[] epoch = [.. Enumerable.Repeat("step", 9)];
        Assert.Equal(
            ["run 0", "epoch 0", .. epoch, "improved 0", "end 0", "epoch 1", .. epoch, .. Improved(1), "end 1", "epoch 2", .. epoch, .. Improved(2), "end 2", "stop Callback"],
            events);

        string[] Improved(int number) => history.Epochs[number].IsBest ? [$"improved {number}"] : [];
    }

    [Fact]
    public void What_a_callback_throws_reaches_the_caller() =>
        Assert.Throws<TimeZoneNotFoundException>(() => Train(Recipe, new TrainingControl { Seed = 1, Callbacks = [new Thrower()] }));

    [Fact]
    public void A_cancelled_run_returns_the_best_or_the_current_model_or_throws()
    {
        TrainedNetwork Cancel(CancellationResult onCancel, int afterStep)
        {
            using var source = new CancellationTokenSource();
            return Train(Recipe, new TrainingControl { Seed = 1, CancellationToken = source.Token, OnCancel = onCancel, Callbacks = [new Canceller(source, afterStep)] });
        }

        var best = Cancel(CancellationResult.ReturnBest, afterStep: 30);
        Assert.Equal(StopReason.Cancelled, best.History.StopReason);
        Assert.Equal(3, best.History.Epochs.Count);
        Assert.NotNull(best.History.ReturnedEpoch);
        Assert.Null(Cancel(CancellationResult.ReturnCurrent, afterStep: 3).History.ReturnedEpoch);
        Assert.Throws<OperationCanceledException>(() => Cancel(CancellationResult.Throw, afterStep: 30));
        Assert.Throws<OperationCanceledException>(() => Cancel(CancellationResult.ReturnBest, afterStep: 3));
    }

    [Fact]
    public void A_run_that_diverges_can_roll_back_lower_its_rate_and_go_on()
    {
        var log = new List<string>();
        var recipe = Recipe with { NumberOfEpochs = 6, LearningRate = Schedule.Custom(time => time.GlobalWholeEpoch == 3 ? 1e30 : 0.05), OnDivergence = new RollBack { Factor = 1e-31 } };
        var history = Train(recipe, new TrainingControl { Seed = 1, Warn = log.Add }).History;
        Assert.Equal(6, history.Epochs.Count);
        Assert.Contains(history.Warnings, warning => warning.Contains("epoch 3") && warning.Contains("Rolled back to the start of epoch 3"));
        Assert.Equal(history.Warnings, log);
        Assert.Equal(0.05 * 1e-31, history.Epochs[^1].LearningRate, 1e-40);
        Assert.Throws<InvalidOperationException>(() => Train(recipe with { OnDivergence = new RollBack { Factor = 0.9, MaximumRollBacks = 2 } }));
    }

    [Fact]
    public void Balanced_class_weights_are_rows_over_classes_times_rows_of_the_class()
    {
        var data = IonosphereRows.Load();
        float bad = 351f / (2 * 126), good = 351f / (2 * 225);
        var recipe = Recipe with { NumberOfEpochs = 5, ValidationSetFraction = 0 };
        var control = new TrainingControl { Seed = 1 };
        var balanced = Trainer.Train(recipe with { ClassWeights = ClassWeights.Balanced }, new TrainingTask(Loss.BinaryCrossEntropy, 1, data, data), control);
        var given = Trainer.Train(recipe with { ClassWeights = [bad, good] }, new TrainingTask(Loss.BinaryCrossEntropy, 1, data, data), control);
        var weighted = IonosphereRows.Load(row => data.Labels[row] > 0 ? good : bad);
        var byRow = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, weighted, weighted), control);
        Assert.Equal(Resuming.Bits(byRow), Resuming.Bits(given));
        Assert.Equal(Resuming.Bits(byRow), Resuming.Bits(balanced));
    }

    [Fact]
    public void A_schedule_that_does_not_fit_the_run_is_warned_about_with_both_lengths()
    {
        var recipe = Recipe with { NumberOfEpochs = 2, LearningRate = Schedule.Cosine(0.1, 0).For(Duration.Epochs(10)) };
        var history = Train(recipe).History;
        Assert.Contains(history.Warnings, warning => warning.StartsWith("LearningRate: ") && warning.Contains("10 epochs (90 steps)") && warning.Contains("18 steps"));
    }

    [Fact]
    public void Constant_features_and_dead_units_are_warned_about()
    {
        var builder = new TrainingDataBuilder(2, hasWeights: false);
        for (int row = 0; row < 20; row++)
            builder.Add([row, 5f], row % 2, 1f);
        var start = new MlpNetwork(NetworkDefinition.Perceptron(2, [new DenseDefinition(3, Activation.Relu)], 1));
        start.Parameters.Span.Fill(-1f);
        var recipe = Recipe with { HiddenLayers = [3], NumberOfEpochs = 1, LearningRate = 1e-6, ValidationSetFraction = 0 };
        var warnings = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, builder.Build(), Start: start), new TrainingControl { Seed = 1 }).History.Warnings;
        Assert.Contains(warnings, warning => warning.Contains("1 feature has the same value in every row (1)"));
        Assert.Contains(warnings, warning => warning.Contains("3 of 3 ReLU units are dead"));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(100)]
    [InlineData(16)]
    public void A_unit_that_only_a_late_row_wakes_is_not_dead_however_large_the_batches(int batchSize)
    {
        const int Rows = 200;
        var builder = new TrainingDataBuilder(1, hasWeights: false);
        for (int row = 0; row < Rows; row++)
            builder.Add([row == Rows - 1 ? 1f : -1f], row % 2, 1f);
        var start = new MlpNetwork(NetworkDefinition.Perceptron(1, [new DenseDefinition(3, Activation.Relu)], 1));
        start.Parameters.Span[..3].Fill(1f);
        var recipe = Recipe with { HiddenLayers = [3], NumberOfEpochs = 1, LearningRate = 1e-6, ValidationSetFraction = 0, BatchSize = batchSize, Shuffle = false };
        var warnings = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, builder.Build(), Start: start), new TrainingControl { Seed = 1 }).History.Warnings;
        Assert.DoesNotContain(warnings, warning => warning.Contains("dead"));
    }

    // Two of three suspects are awake in one late row alone, by which time they are few enough to be looked at one by one.
    [Fact]
    public void A_few_suspects_of_a_wide_layer_are_looked_at_until_a_late_row_wakes_them()
    {
        const int Rows = 200, Units = 512;
        var builder = new TrainingDataBuilder(1, hasWeights: false);
        for (int row = 0; row < Rows; row++)
            builder.Add([row == Rows - 1 ? 5f : 1f], row % 2, 1f);
        var definition = NetworkDefinition.Perceptron(1, [new DenseDefinition(2, Activation.Relu), new DenseDefinition(Units, Activation.Relu)], 1);
        var start = new MlpNetwork(definition);
        start.Parameters.Span.Fill(0.01f);
        var (weights, biases) = (start.Layers[1].Parameters[0], start.Layers[1].Parameters[1]);
        start.Parameters.Span[..2].Fill(1f);
        start.Parameters.Span.Slice(weights.Offset, weights.Length).Fill(1f);
        foreach (var (unit, bias) in new[] { (7, -4f), (100, -40f), (511, -9f) })
            start.Parameters.Span[biases.Offset + unit] = bias;
        var recipe = Recipe with
        {
            HiddenLayers = [2, Units],
            NumberOfEpochs = 1,
            LearningRate = 1e-9,
            ValidationSetFraction = 0,
            BatchSize = Rows,
            Shuffle = false,
        };
        var warnings = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, builder.Build(), Start: start), new TrainingControl { Seed = 1 }).History.Warnings;
        Assert.Contains(warnings, warning => warning.StartsWith("Layer 1: 1 of 512 ReLU units are dead, 0 for all of 200 rows", StringComparison.Ordinal));
    }

    private static TrainedNetwork Train(TrainingRecipe recipe, TrainingControl? control = null) =>
        Resuming.Train(recipe, control ?? new TrainingControl { Seed = 1 });

    private static double Measure(MlpNetwork network, TrainingData data)
    {
        var scorer = new NetworkScorer(network, maximumRows: 1);
        double sum = 0;
        var output = new float[1];
        for (int row = 0; row < data.RowCount; row++)
        {
            scorer.Score(data.Features(row), output);
            sum += Math.Log(1 + Math.Exp(-Math.Abs((double)output[0]))) + Math.Max(output[0], 0) - output[0] * data.Labels[row];
        }

        return sum / data.RowCount;
    }

    private sealed class SlowSteps : ITrainingCallback
    {
        public int Steps { get; private set; }

        public void OnStep(in StepRecord step)
        {
            Steps++;
            Thread.Sleep(1);
        }
    }

    private sealed class Witness(List<string> events, int stopAfter) : ITrainingCallback
    {
        public void OnRunStart(TrainingRun run, int firstEpoch) => events.Add($"run {firstEpoch}");

        public void OnEpochStart(int epoch) => events.Add($"epoch {epoch}");

        public void OnStep(in StepRecord step) => events.Add("step");

        public bool OnEpochEnd(EpochRecord epoch)
        {
            events.Add($"end {epoch.Epoch}");
            return epoch.Epoch < stopAfter;
        }

        public void OnImprovement(EpochRecord epoch) => events.Add($"improved {epoch.Epoch}");

        public void OnStop(StopReason reason) => events.Add($"stop {reason}");
    }

    private sealed class Thrower : ITrainingCallback
    {
        public void OnStep(in StepRecord step) => throw new TimeZoneNotFoundException();
    }

    private sealed class Canceller(CancellationTokenSource source, int afterStep) : ITrainingCallback
    {
        public void OnStep(in StepRecord step)
        {
            if (step.Step == afterStep)
                source.Cancel();
        }
    }
}
