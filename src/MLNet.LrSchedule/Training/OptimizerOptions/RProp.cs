using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Rprop: every parameter has a step size of its own, which grows while its gradient keeps its sign and shrinks when it changes.</summary>
/// <remarks>
/// <para>For full batches only: set the batch size to at least the number of rows. In mini-batches signs change by chance, and the method fails.
/// The learning rate is the size of the first step; after it, the schedule has no effect.</para>
/// <para>Riedmiller and Braun, 1993; this is the form without backtracking, in which a changed sign counts as no gradient for one step (Igel and Hüsken 2000).</para>
/// </remarks>
public sealed record RProp : Optimizer
{
    /// <summary>The factor of a step size whose gradient changed its sign, over training time. Values in [0, 1]. Default: 0.5.</summary>
    public Schedule Decrease { get; init => field = Required(value, nameof(Decrease)); } = 0.5;

    /// <summary>The factor of a step size whose gradient kept its sign, over training time. Values of at least 0, above 1 to be of use. Default: 1.2.</summary>
    public Schedule Increase { get; init => field = Required(value, nameof(Increase)); } = 1.2;

    /// <summary>The smallest step size, over training time. Values of at least 0. Default: 1e-6.</summary>
    public Schedule SmallestStep { get; init => field = Required(value, nameof(SmallestStep)); } = 1e-6;

    /// <summary>The largest step size, over training time. Values of at least 0. Default: 50.</summary>
    public Schedule LargestStep { get; init => field = Required(value, nameof(LargestStep)); } = 50.0;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new RPropOptimizer(parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this with
    {
        Decrease = Decrease.PrepareFor(run),
        Increase = Increase.PrepareFor(run),
        SmallestStep = SmallestStep.PrepareFor(run),
        LargestStep = LargestStep.PrepareFor(run),
    };

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) => values with
    {
        Decrease = reader.UpToOne(Decrease, nameof(Decrease)),
        Increase = reader.AtLeastZero(Increase, nameof(Increase)),
        SmallestStep = reader.AtLeastZero(SmallestStep, nameof(SmallestStep)),
        LargestStep = reader.AtLeastZero(LargestStep, nameof(LargestStep)),
    };
}
