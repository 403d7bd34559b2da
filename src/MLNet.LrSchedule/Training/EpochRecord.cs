using System;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>What one epoch did.</summary>
public sealed record EpochRecord
{
    /// <summary>The epoch, counted from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs of the whole run, so that <c>(Epoch + 1) / NumberOfEpochs</c> is the share that is done.</summary>
    public required int NumberOfEpochs { get; init; }

    /// <summary>Steps of the run so far, this epoch's included.</summary>
    public required long Steps { get; init; }

    /// <summary>The learning rate that the epoch's first step used.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The learning rate that the epoch's last step used; differs from the first where the schedule moves with every step.</summary>
    public required double LastLearningRate { get; init; }

    /// <summary>
    /// The mean loss over the epoch's batches, each taken before its step, so it is the loss of a network that was still learning;
    /// weighted by rows and example weights.
    /// </summary>
    public required double TrainingLoss { get; init; }

    /// <summary>The share of training rows classified rightly, taken in the same way; null for regression.</summary>
    public double? TrainingAccuracy { get; init; }

    /// <summary>The mean loss over the validation rows after the epoch; null without validation.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The share of validation rows classified rightly after the epoch; null without validation and for regression.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Time from the start of training to the end of the epoch, its validation included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Training rows per second in this epoch, its validation included.</summary>
    public required double RowsPerSecond { get; init; }

    /// <summary>Time that the rest of the run would take at the pace so far; zero after the last epoch.</summary>
    public required TimeSpan EstimatedTimeLeft { get; init; }

    /// <summary>The gradient's Euclidean norm in the epoch's last step, as the step used it: after any clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Per layer, the learning rate of the epoch's last step, and for adaptive optimizers the effective step sizes; the output layer is the last.</summary>
    public ValueList<LayerStep> Layers { get; init; } = [];

    /// <summary>Whether this is the best epoch so far, by <see cref="TrainingRecipe.BestMetric"/>.</summary>
    public required bool IsBest { get; init; }

    internal EpochMetrics Metrics => new(Epoch)
    {
        TrainingLoss = TrainingLoss,
        TrainingAccuracy = TrainingAccuracy,
        ValidationLoss = ValidationLoss,
        ValidationAccuracy = ValidationAccuracy,
    };
}
