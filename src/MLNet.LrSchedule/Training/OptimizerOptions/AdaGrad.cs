using System;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Adagrad: s = s + g², w = w - rate g / (sqrt(s) + epsilon), so that the rate of each parameter falls with all it has seen.</summary>
/// <remarks>
/// <para>Duchi, Hazan and Singer, Adaptive Subgradient Methods, JMLR 2011. A learning rate near 0.01 is usual.</para>
/// </remarks>
public sealed record AdaGrad : Optimizer
{
    /// <summary>What every sum of squares starts from. Range: at least 0, finite. Default: 0, as in PyTorch; Keras starts from 0.1.</summary>
    public double InitialSum
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(InitialSum), value, "The initial sum must be at least 0 and finite.");
    }

    /// <summary>What is added to the denominator, over training time. Values of at least 1e-30. Default: 1e-10.</summary>
    public Schedule Epsilon { get; init => field = Required(value, nameof(Epsilon)); } = 1e-10;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new AdaGradOptimizer(InitialSum, parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this with { Epsilon = Epsilon.PrepareFor(run) };

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) => values with
    {
        Epsilon = reader.AboveZero(Epsilon, nameof(Epsilon)),
    };
}
