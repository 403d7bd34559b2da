using System.Collections.Generic;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Samples.Ionosphere;

/// <summary>One of the tutorial's experiments.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="TutorialAccuracy">The validation accuracy that the tutorial reports.</param>
/// <param name="Options">Everything that decides the run but its seed.</param>
internal sealed record Experiment(string Name, double TutorialAccuracy, MlpOptions Options)
{
    /// <summary>Every option is written out, so that no change of a default changes the tutorial's numbers.</summary>
    private static MlpOptions Tutorial { get; } = new()
    {
        LabelColumnName = "Label",
        FeatureColumnName = "Features",
        ExampleWeightColumnName = null,
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        MissingValues = MissingValues.Skip,
        HiddenLayers = [34],
        Activation = Activation.Relu,
        WeightInitializer = WeightInitializer.Normal(standardDeviation: 0.05),
        BatchSize = 28,
        NumberOfEpochs = 50,
        Optimizer = new Sgd(),
        LearningRate = 0.1,
        Momentum = 0.0,
        MomentumConvention = MomentumConvention.Velocity,
        Nesterov = false,
        WeightDecay = 0.0,
        L2Regularization = 0.0,
        Shuffle = true,
        ValidationSetFraction = 0.33,
        ValidationSelection = ValidationSelection.Tail,
        ReturnedWeights = ReturnedWeights.Last,
    };

    public static IReadOnlyList<Experiment> All { get; } =
    [
        new("baseline", 0.9569, Tutorial),
        new("time-based", 0.9914, Tutorial with
        {
            // As Keras really ran it: the decay counts steps, not epochs.
            LearningRate = Schedule.TimeBased(initial: 0.1, decay: 0.1 / 50, per: Steps(1)),
            Momentum = 0.8,
        }),
        new("drop-based", 0.9914, Tutorial with
        {
            // The tutorial's code drops one epoch early: it counts floor((1 + epoch) / 10).
            LearningRate = Schedule.StepDecay(initial: 0.1, drop: 0.5, every: Epochs(10), offset: Epochs(1)),
            Momentum = 0.9,
        }),
    ];
}
