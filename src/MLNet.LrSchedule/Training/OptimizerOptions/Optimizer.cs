using System;
using System.Text.Json.Serialization;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Which method turns gradients into updates, with its hyperparameters; each of them takes a schedule, and a number is a constant one.</summary>
/// <remarks>
/// <para>What all methods have is in the recipe: the learning rate, the decoupled <see cref="TrainingRecipe.WeightDecay"/> and the coupled
/// <see cref="TrainingRecipe.L2Regularization"/>. The recipe's momentum options belong to <see cref="Sgd"/> alone.</para>
/// <para>Betas may change during training: the bias correction uses the product of all betas so far.</para>
/// </remarks>
/// <example><code>Optimizer = new Adam { Beta1 = Schedule.Linear(from: 0.85, to: 0.95) }</code></example>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "optimizer")]
[JsonDerivedType(typeof(Sgd), "sgd")]
[JsonDerivedType(typeof(Adam), "adam")]
[JsonDerivedType(typeof(AdamW), "adamW")]
[JsonDerivedType(typeof(NAdam), "nAdam")]
[JsonDerivedType(typeof(RAdam), "rAdam")]
[JsonDerivedType(typeof(Adamax), "adamax")]
[JsonDerivedType(typeof(RmsProp), "rmsProp")]
[JsonDerivedType(typeof(AdaGrad), "adaGrad")]
[JsonDerivedType(typeof(AdaDelta), "adaDelta")]
[JsonDerivedType(typeof(RProp), "rProp")]
[JsonDerivedType(typeof(Lion), "lion")]
[JsonDerivedType(typeof(ScheduleFreeSgd), "scheduleFreeSgd")]
[JsonDerivedType(typeof(ScheduleFreeAdamW), "scheduleFreeAdamW")]
[JsonDerivedType(typeof(ScheduleFreeRAdam), "scheduleFreeRAdam")]
public abstract record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>The optimizer that works through a run, for a buffer of so many parameters.</summary>
    internal abstract ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount);

    /// <summary>An equal optimizer whose schedules answer fast for this run.</summary>
    internal abstract Optimizer PrepareFor(TrainingRun run);

    /// <summary>Completes one step's numbers by those of this optimizer.</summary>
    /// <param name="reader">Reads schedules at the step.</param>
    /// <param name="values">The numbers that every optimizer has.</param>
    internal abstract StepValues Read(in HyperparameterReader reader, StepValues values);

    private protected static Schedule Required(Schedule value, string name) => value ?? throw new ArgumentNullException(name);

    private protected static int Power(int value, string name) => value is >= 0 and <= 8
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "The power must be from 0 to 8.");
}
