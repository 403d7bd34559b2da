using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A schedule in a window of its own length, which another schedule may follow.</summary>
/// <remarks>
/// The inner schedule spans the window instead of the run. On its own a phase goes on past its length as its inner schedule does: a cosine holds its
/// end value, a time-based decay keeps falling.
/// </remarks>
/// <example><code>Schedule.Linear(from: 0, to: 0.01).For(Epochs(3)).Then(0.01)</code></example>
public sealed record Phase : Schedule
{
    /// <summary>A schedule in a window of its own.</summary>
    /// <param name="inner">What runs in the window.</param>
    /// <param name="length">Length of the window; at least 0.</param>
    public Phase(Schedule inner, Duration length)
    {
        Inner = inner;
        Length = length;
    }

    /// <summary>What runs in the window.</summary>
    public Schedule Inner { get; init => field = Require.NotNull(value, nameof(Inner)); }

    /// <summary>Length of the window; at least 0. A phase without length is skipped.</summary>
    public Duration Length { get; init; }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => [Inner];

    /// <summary>This phase, and then another schedule, whose clock starts at 0 in the window that is left.</summary>
    /// <param name="next">What follows; give it a length with <see cref="Schedule.For"/> to let something follow it in turn.</param>
    public Sequence Then(Schedule next) => new([this], next);

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Inner.At(time.Window(0, Length.InSteps(time.Run)));

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) => this with { Inner = Inner.PrepareFor(run) };

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Length.Needs | Inner.NeedsIn(Length.Needs);


    internal override void WarnIn(RunWindow window)
    {
        window.WarnIfLonger("A phase", Length, "its end is never reached", mayFill: true);
        Inner.WarnIn(window.OfLength(Length.InSteps(window.Run)));
    }
}
