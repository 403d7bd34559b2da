using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Adam with the largest recent gradient for a denominator: u = max(b2 u, |g| + epsilon), w = w - (rate / c1) m / u.</summary>
/// <remarks>
/// <para>Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, section 7.1. A learning rate near 0.002 is usual.</para>
/// </remarks>
public sealed record Adamax : Optimizer
{
    /// <summary>The share of the running mean of gradients that stays, over training time. Values in [0, 1). Default: 0.9.</summary>
    public Schedule Beta1 { get; init => field = Required(value, nameof(Beta1)); } = 0.9;

    /// <summary>The share of the running mean of squared gradients that stays, over training time. Values in [0, 1). Default: 0.999.</summary>
    public Schedule Beta2 { get; init => field = Required(value, nameof(Beta2)); } = 0.999;

    /// <summary>What is added to every absolute gradient, over training time. Values of at least 1e-30. Default: 1e-8.</summary>
    public Schedule Epsilon { get; init => field = Required(value, nameof(Epsilon)); } = 1e-8;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new AdamaxOptimizer(parameterCount);

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
