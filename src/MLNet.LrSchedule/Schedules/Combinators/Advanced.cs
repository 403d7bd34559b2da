using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A schedule some time ahead: <c>inner(t + by)</c>, in the same window.</summary>
/// <remarks>Formulas of the literature often count the first update as 1; <c>Advance(Steps(1))</c> turns one that counts from 0 into that.</remarks>
public sealed record Advanced : Schedule
{
    /// <summary>A schedule some time ahead.</summary>
    /// <param name="inner">What is shifted.</param>
    /// <param name="by">How far ahead; at least 0.</param>
    public Advanced(Schedule inner, Duration by)
    {
        Inner = inner;
        By = by;
    }

    /// <summary>How far ahead; at least 0.</summary>
    public Duration By { get; init; }

    /// <summary>What is shifted.</summary>
    public Schedule Inner { get; init => field = Require.NotNull(value, nameof(Inner)); }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => [Inner];

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Inner.At(time.Window(-By.InSteps(time.Run), time.Length));

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) => this with { Inner = Inner.PrepareFor(run) };

    internal override RunKnowledge NeedsIn(RunKnowledge window) => By.Needs | Inner.NeedsIn(window);
}
