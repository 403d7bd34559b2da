using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Adadelta: steps in the unit of past steps, s = g sqrt(u + epsilon) / sqrt(v + epsilon), w = w - rate s.</summary>
/// <remarks>
/// <para>v and u are running means of g² and s². The method sets its own scale, and its natural learning rate is 1. Zeiler, arXiv:1212.5701, 2012.</para>
/// </remarks>
public sealed record AdaDelta : Optimizer
{
    /// <summary>The share of the running means that stays, over training time. Values in [0, 1). Default: 0.9.</summary>
    public Schedule Rho { get; init => field = Required(value, nameof(Rho)); } = 0.9;

    /// <summary>What is added under both roots, over training time. Values of at least 1e-30. Default: 1e-6.</summary>
    public Schedule Epsilon { get; init => field = Required(value, nameof(Epsilon)); } = 1e-6;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new AdaDeltaOptimizer(parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this with { Rho = Rho.PrepareFor(run), Epsilon = Epsilon.PrepareFor(run) };

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) => values with
    {
        Beta2 = reader.BelowOne(Rho, nameof(Rho)),
        Epsilon = reader.AboveZero(Epsilon, nameof(Epsilon)),
    };
}
