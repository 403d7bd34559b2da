using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Training;
using Xunit;
using Transformer = Microsoft.ML.Data.BinaryPredictionTransformer<
    Microsoft.ML.Calibrators.CalibratedModelParametersBase<MLNet.LrSchedule.MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>>;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>What belongs to one run: cancellation, progress and log.</summary>
public partial class MlpBinaryTrainerTests
{
    [Fact]
    public void A_cancelled_token_ends_the_training()
    {
        using CancellationTokenSource source = new();
        Counter counter = new(() => source.Cancel(), after: 2);

        Transformer best = Fit(_options with { Progress = counter, CancellationToken = source.Token });

        Assert.Equal(2, counter.Count);
        Assert.Equal(StopReason.Cancelled, best.Model.SubModel.History.StopReason);
        Assert.Equal(2, best.Model.SubModel.History.Epochs.Count);
    }

    [Fact]
    public void A_cancelled_token_throws_where_the_options_say_so()
    {
        using CancellationTokenSource source = new();
        Counter counter = new(() => source.Cancel(), after: 2);

        Assert.ThrowsAny<OperationCanceledException>(
            () => Fit(_options with { Progress = counter, CancellationToken = source.Token, OnCancel = CancellationResult.Throw }));
        Assert.Equal(2, counter.Count);
    }

    [Fact]
    public void A_cancelled_context_ends_the_training()
    {
        Counter counter = new(() => Cancel(_context), after: 2);

        Transformer best = Fit(_options with { Progress = counter });

        Assert.Equal(2, counter.Count);
        Assert.Equal(StopReason.Cancelled, best.Model.SubModel.History.StopReason);
    }

    [Fact]
    public void Every_epoch_is_told_to_the_progress_to_the_log_and_to_the_history_alike()
    {
        List<string> messages = [];
        _context.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Info && e.Source.Contains(nameof(MlpBinaryTrainer)))
            {
                messages.Add(e.Message);
            }
        };
        Counter counter = new();

        TrainingHistory history = Fit(_options with { Progress = counter }).Model.SubModel.History;

        Assert.Equal(20, history.Epochs.Count);
        Assert.Equal(history.Epochs, counter.Records);
        Assert.Equal(20, messages.Count);
        Assert.All(messages.Zip(history.Epochs), pair => Assert.Contains(pair.Second.ToText(), pair.First));
    }

    [Fact]
    public void The_model_keeps_the_options_but_not_what_belonged_to_the_run()
    {
        using CancellationTokenSource source = new();

        MlpBinaryModelParameters model = Fit(_options with { Progress = new Counter(), CancellationToken = source.Token }).Model.SubModel;

        Assert.Equal(_options, model.Options);
        Assert.Equal(_options.LearningRate, model.Schedule);
        Assert.Equal(3, model.History.Seed);
    }

    private static void Cancel(MLContext context) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(context, null);

    private sealed class Counter(Action? action = null, int after = -1) : IProgress<EpochRecord>
    {
        public List<EpochRecord> Records { get; } = [];

        public int Count => Records.Count;

        public void Report(EpochRecord value)
        {
            Records.Add(value);
            if (Count == after)
            {
                action!();
            }
        }
    }
}
