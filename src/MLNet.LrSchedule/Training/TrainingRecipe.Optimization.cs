using System;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

public partial record TrainingRecipe
{
    /// <summary>
    /// What training makes small. Null (the default) is the task's own: binary cross-entropy, softmax cross-entropy, or the squared error. The
    /// loss must suit the task.
    /// </summary>
    public Loss? Loss { get; init; }

    /// <summary>
    /// Which method turns gradients into updates. Null (the default) is <see cref="Sgd"/> where <see cref="TrainingRecipe.LearningRate"/> or one of the momentum
    /// options, which belong to it, is set; else <see cref="AdamW"/> with a decay of (1,400 / rows that are trained on)^1.5, but from 0.2 to 3, and with few rows
    /// at most rows / 100 (in regression rows / 200) or 0.5, whichever is more; <see cref="TrainingRecipe.WeightDecay"/> is the decay where it is set.
    /// </summary>
    /// <remarks>
    /// The fewer the rows, the more of what a network can learn is noise: so the decay, which holds weights back that few gradients agree on. With an
    /// optimizer other than <see cref="Sgd"/> the momentum options must be left as they are. docs/default-options.md has the measurements.
    /// </remarks>
    public Optimizer? Optimizer { get; init; }

    /// <summary>
    /// Whether <see cref="WeightDecay"/> and <see cref="L2Regularization"/> act on biases, and on the scales and shifts of normalisations,
    /// as they do on weights. Default: false.
    /// </summary>
    public bool DecayBiases { get; init; }

    /// <summary>
    /// What the learning rate of the output layer is multiplied by, over training time. Values of at least 0. Default: 1. The hidden layers
    /// have <see cref="HiddenLayer.LearningRateMultiplier"/>.
    /// </summary>
    public Schedule OutputLearningRateMultiplier { get; init => field = Required(value, nameof(OutputLearningRateMultiplier)); } = 1.0;

    /// <summary>
    /// The largest absolute value that an element of the gradient may have, over training time; larger ones are cut off. Values above 0.
    /// Default: null, no limit. Comes before <see cref="MaximumGradientNorm"/>.
    /// </summary>
    public Schedule? MaximumGradientValue { get; init; }

    /// <summary>
    /// The largest Euclidean norm that the gradient of all parameters together may have, over training time; a longer one is scaled down.
    /// Values above 0. Default: null, no limit. Pascanu, Mikolov and Bengio, ICML 2013.
    /// </summary>
    public Schedule? MaximumGradientNorm { get; init; }

    /// <summary>Whether all options that belong to <see cref="Sgd"/> are as they are by default.</summary>
    internal bool KeepsMomentum
    {
        get
        {
            var defaults = new TrainingRecipe();
            return Momentum == defaults.Momentum && MomentumConvention == defaults.MomentumConvention && Nesterov == defaults.Nesterov && Dampening == defaults.Dampening;
        }
    }

    /// <summary>Refuses options that contradict each other.</summary>
    /// <exception cref="InvalidOperationException">They do; the message says which and what to do.</exception>
    internal void Check()
    {
        var defaults = new TrainingRecipe();
        if (Optimizer is not (null or Sgd) && !KeepsMomentum)
        {
            throw new InvalidOperationException(
                $"{nameof(Momentum)}, {nameof(MomentumConvention)}, {nameof(Nesterov)} and {nameof(Dampening)} of the options belong to {nameof(Sgd)}, " +
                $"but the optimizer is {Optimizer.GetType().Name}; leave them at their defaults and set the hyperparameters of the optimizer itself.");
        }

        if (Optimizer is AdamW && WeightDecay != defaults.WeightDecay)
        {
            throw new InvalidOperationException(
                $"{nameof(WeightDecay)} is set in the options, but {nameof(AdamW)} has a {nameof(AdamW.WeightDecay)} of its own; " +
                $"leave that of the options at 0, or use {nameof(Adam)}.");
        }

        if (Optimizer is (null or Sgd) && MomentumConvention == Optimizers.MomentumConvention.Velocity && Dampening != defaults.Dampening)
        {
            throw new InvalidOperationException(
                $"{nameof(Dampening)} needs {nameof(MomentumConvention)}.{nameof(Optimizers.MomentumConvention.GradientBuffer)}; the velocity convention has no dampening.");
        }
    }
}
