using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Schedule-free SGD: z = z - rate g, and an average of all z in place of a falling rate.</summary>
/// <remarks>
/// <para>Training takes gradients at y = (1 - b) z + b x, where z is the plain sequence and x its weighted average. Validation, the best model, saving and
/// everything that <c>Fit</c> returns use x; nobody has to switch. The rate needs no schedule towards zero; a warmup is of use.</para>
/// <para>Decay and penalty act at y. With batch normalisation, the running statistics are those of the weights y.</para>
/// <para>Defazio et al., The Road Less Scheduled, NeurIPS 2024.</para>
/// </remarks>
public sealed record ScheduleFreeSgd : Optimizer
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
    public Schedule Momentum { get; init => field = Required(value, nameof(Momentum)); } = 0.9;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new ScheduleFreeSgdOptimizer(StepPower, RatePower, parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this with { Momentum = Momentum.PrepareFor(run) };

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) => values with
    {
        Momentum = reader.BelowOne(Momentum, nameof(Momentum)),
    };
}
