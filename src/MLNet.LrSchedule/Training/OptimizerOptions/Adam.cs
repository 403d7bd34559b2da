using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Adam: m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g², w = w - rate (m / c1) / (sqrt(v / c2) + epsilon), with m and v corrected for their start at zero.</summary>
/// <remarks>
/// <para>c1 = 1 - (product of all Beta1), c2 = 1 - (product of all Beta2). A learning rate near 0.001 is usual.</para>
/// <para>Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015.</para>
/// </remarks>
public sealed record Adam : Optimizer
{
    /// <summary>Adam with the constants of Keras: epsilon 1e-7, added before the bias correction.</summary>
    public static Adam AsInKeras { get; } = new() { Epsilon = 1e-7, EpsilonPlacement = EpsilonPlacement.BeforeBiasCorrection };

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

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new AdamOptimizer(AmsGrad, EpsilonPlacement, parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this with
    {
        Beta1 = Beta1.PrepareFor(run),
        Beta2 = Beta2.PrepareFor(run),
        Epsilon = Epsilon.PrepareFor(run),
    };

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) => values with
    {
        Beta1 = reader.BelowOne(Beta1, nameof(Beta1)),
        Beta2 = reader.BelowOne(Beta2, nameof(Beta2)),
        Epsilon = reader.AboveZero(Epsilon, nameof(Epsilon)),
    };
}
