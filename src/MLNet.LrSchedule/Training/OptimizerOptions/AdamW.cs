using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Adam with decoupled weight decay: each step first takes rate x decay x weight away from every weight, then is that of <see cref="Adam"/>.</summary>
/// <remarks>
/// <para>The decay is <see cref="WeightDecay"/>, so the recipe's <see cref="TrainingRecipe.WeightDecay"/> must be left at 0.</para>
/// <para>Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR 2019.</para>
/// </remarks>
public sealed record AdamW : Optimizer
{
    /// <summary>Whether the denominator uses the largest second moment so far. Default: false. Reddi, Kale and Kumar, ICLR 2018.</summary>
    public bool AmsGrad { get; init; }

    /// <summary>Where epsilon is added. Default: after the bias correction, as in PyTorch; Keras adds it before.</summary>
    public EpsilonPlacement EpsilonPlacement { get; init; } = EpsilonPlacement.AfterBiasCorrection;

    /// <summary>The share of the running mean of gradients that stays, over training time. Values in [0, 1). Default: 0.9.</summary>
    public Schedule Beta1 { get; init => field = Required(value, nameof(Beta1)); } = 0.9;

    /// <summary>The share of the running mean of squared gradients that stays, over training time. Values in [0, 1). Default: 0.999.</summary>
    public Schedule Beta2 { get; init => field = Required(value, nameof(Beta2)); } = 0.999;

    /// <summary>What is added to the denominator, over training time. Values of at least 1e-30. Default: 1e-8.</summary>
    public Schedule Epsilon { get; init => field = Required(value, nameof(Epsilon)); } = 1e-8;

    /// <summary>The decoupled decay over training time. Values of at least 0. Default: 0.01, as in PyTorch.</summary>
    public Schedule WeightDecay { get; init => field = Required(value, nameof(WeightDecay)); } = 0.01;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new AdamOptimizer(AmsGrad, EpsilonPlacement, parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this with
    {
        Beta1 = Beta1.PrepareFor(run),
        Beta2 = Beta2.PrepareFor(run),
        Epsilon = Epsilon.PrepareFor(run),
        WeightDecay = WeightDecay.PrepareFor(run),
    };

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) => values with
    {
        Beta1 = reader.BelowOne(Beta1, nameof(Beta1)),
        Beta2 = reader.BelowOne(Beta2, nameof(Beta2)),
        Epsilon = reader.AboveZero(Epsilon, nameof(Epsilon)),
        WeightDecay = reader.AtLeastZero(WeightDecay, nameof(WeightDecay)),
    };
}
