using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Schedule-free RAdam: as <see cref="ScheduleFreeAdamW"/>, with the rate times the rectification of <see cref="RAdam"/>, and at rest until there is one.</summary>
/// <remarks>
/// <para>Training takes gradients at y = (1 - b) z + b x, where z is the plain sequence and x its weighted average. Validation, the best model, saving and
/// everything that <c>Fit</c> returns use x; nobody has to switch. The rate needs no schedule towards zero; a warmup is of use.</para>
/// <para>Decay and penalty act at y. With batch normalisation, the running statistics are those of the weights y.</para>
/// <para>Defazio et al., The Road Less Scheduled, NeurIPS 2024.</para>
/// </remarks>
public sealed record ScheduleFreeRAdam : Optimizer
{
    /// <summary>
    /// How much late steps weigh in the average: step k (from 1) weighs k to this power. Range: 0 (evenly, the default) to 8.
    /// </summary>
    public int StepPower { get; init => field = Power(value, nameof(StepPower)); }

    /// <summary>
    /// How much steps with a large rate weigh in the average: the largest rate so far to this power. Range: 0 to 8. Default: 2.
    /// </summary>
    public int RatePower { get; init => field = Power(value, nameof(RatePower)); } = 2;

    /// <summary>The share b of the average in the weights that gradients are taken at, over training time. Values in [0, 1). Default: 0.9.</summary>
    public Schedule Beta1 { get; init => field = Required(value, nameof(Beta1)); } = 0.9;

    /// <summary>The share of the running mean of squared gradients that stays, over training time. Values in [0, 1). Default: 0.999.</summary>
    public Schedule Beta2 { get; init => field = Required(value, nameof(Beta2)); } = 0.999;

    /// <summary>What is added to the denominator, over training time. Values of at least 1e-30. Default: 1e-8.</summary>
    public Schedule Epsilon { get; init => field = Required(value, nameof(Epsilon)); } = 1e-8;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new ScheduleFreeAdamOptimizer(isRectified: true, StepPower, RatePower, parameterCount);

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
