using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A schedule whose window grows by its own length each time it is used up: <c>length = every max(1, ceil(t / every))</c>.</summary>
/// <remarks>
/// At an exact multiple of the length the inner schedule is at its end; one step later it falls back to where it would be in the longer window. This is the
/// <c>cycle</c> option of Keras's <c>PolynomialDecay</c>.
/// </remarks>
public sealed record Stretched : Schedule
{
    /// <summary>A schedule whose window grows.</summary>
    /// <param name="inner">What spans the window.</param>
    /// <param name="every">Length of the first window; longer than nothing.</param>
    public Stretched(Schedule inner, Duration every)
    {
        Inner = inner;
        Every = every;
    }

    /// <summary>Length of the first window; longer than nothing.</summary>
    public Duration Every { get; init => field = Require.Positive(value, nameof(Every)); }

    /// <summary>What spans the window.</summary>
    public Schedule Inner { get; init => field = Require.NotNull(value, nameof(Inner)); }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => [Inner];

    /// <inheritdoc/>
    public override double At(ScheduleTime time)
    {
        var windows = Math.Max(1, Math.Ceiling(Duration.SnapToWholeStep(time.Units(Every))));
        return Inner.At(time.Window(0, Every.InSteps(time.Run) * windows));
    }

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) => this with { Inner = Inner.PrepareFor(run) };

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Every.Needs | Inner.NeedsIn(Every.Needs);

    internal override void WarnIn(RunWindow window)
    {
        window.WarnIfLonger("A cycle", Every, "its end is never reached", mayFill: true);
        Inner.WarnIn(window.OfLength(Every.InSteps(window.Run)));
    }
}
