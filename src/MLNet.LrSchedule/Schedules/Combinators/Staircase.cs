using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A schedule sampled at the start of every period and held until the next.</summary>
/// <remarks><c>Staircase(every: Epochs(1))</c> keeps a value constant within an epoch, as libraries do that move their schedules once per epoch.</remarks>
public sealed record Staircase : Schedule
{
    /// <summary>A schedule sampled and held.</summary>
    /// <param name="inner">What is sampled.</param>
    /// <param name="every">The period; longer than nothing.</param>
    public Staircase(Schedule inner, Duration every)
    {
        Inner = inner;
        Every = every;
    }

    /// <summary>The period; longer than nothing.</summary>
    public Duration Every { get; init => field = Require.Positive(value, nameof(Every)); }

    /// <summary>What is sampled.</summary>
    public Schedule Inner { get; init => field = Require.NotNull(value, nameof(Inner)); }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => [Inner];

    /// <inheritdoc/>
    public override double At(ScheduleTime time) =>
        Inner.At(time.AtStep(Duration.SnapToWholeStep(time.Count(Every) * Every.InSteps(time.Run))));

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) => this with { Inner = Inner.PrepareFor(run) };

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Every.Needs | Inner.NeedsIn(window);


    internal override void WarnIn(RunWindow window)
    {
        window.WarnIfLonger("A staircase period", Every, "the value never changes", mayFill: false);
        Inner.WarnIn(window);
    }
}
