using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Stochastic gradient descent with momentum.</summary>
/// <remarks>
/// Its hyperparameters are the recipe's own <see cref="TrainingRecipe.Momentum"/>, <see cref="TrainingRecipe.MomentumConvention"/>,
/// <see cref="TrainingRecipe.Nesterov"/> and <see cref="TrainingRecipe.Dampening"/>.
/// </remarks>
public sealed record Sgd : Optimizer
{
    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new SgdOptimizer(recipe.MomentumConvention, recipe.Nesterov, parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this;

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) => values;
}
