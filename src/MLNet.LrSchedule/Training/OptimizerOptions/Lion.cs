using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Lion: every parameter moves by exactly the rate, w = w - rate sign(b1 m + (1 - b1) g), then m = b2 m + (1 - b2) g.</summary>
/// <remarks>
/// <para>The rate is three to ten times smaller, and the weight decay as much larger, than with Adam. Chen et al., Symbolic Discovery of Optimization Algorithms, NeurIPS 2023.</para>
/// </remarks>
public sealed record Lion : Optimizer
{
    /// <summary>The share of the momentum in the direction of a step, over training time. Values in [0, 1). Default: 0.9.</summary>
    public Schedule Beta1 { get; init => field = Required(value, nameof(Beta1)); } = 0.9;

    /// <summary>The share of the momentum that stays, over training time. Values in [0, 1). Default: 0.99.</summary>
    public Schedule Beta2 { get; init => field = Required(value, nameof(Beta2)); } = 0.99;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new LionOptimizer(parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this with { Beta1 = Beta1.PrepareFor(run), Beta2 = Beta2.PrepareFor(run) };

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) => values with
    {
        Beta1 = reader.BelowOne(Beta1, nameof(Beta1)),
        Beta2 = reader.BelowOne(Beta2, nameof(Beta2)),
    };
}
