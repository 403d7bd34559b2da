using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>Everything a model is, apart from ML.NET: what it was asked to be, what it became, and how it got there.</summary>
/// <param name="Options">The options of the training, without what belonged to that run alone.</param>
/// <param name="Network">The trained network.</param>
/// <param name="History">The record of the training.</param>
internal sealed record MlpModelContent(MlpOptions Options, MlpNetwork Network, TrainingHistory History)
{
    /// <summary>How the network's output relates to the label, in regression.</summary>
    public LabelScale LabelScale { get; init; } = LabelScale.None;

    /// <summary>What the network sees of the features; null where it sees them as they are.</summary>
    public InputTransform? Inputs { get; init; }

    /// <summary>The learning rate of the training, also where the options left it open.</summary>
    public Schedule LearningRate => Options.LearningRate ?? DefaultTraining.Complete(Options, History.TrainingRows, Options.Loss ?? Loss.Squared).LearningRate!;

    /// <summary>Length of the feature vectors that the model takes.</summary>
    public int FeatureCount => Inputs?.Features ?? Network.Inputs;

    /// <summary>
    /// The options as the model's file has them, for a model that was loaded. They are saved again as they stand, so that a schedule of the
    /// user's own, which only a process that registered it can read, is not lost on the way.
    /// </summary>
    public string? SavedOptions { get; init; }
}
