using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Phases one after the other, and then a last schedule that never ends. Each part's clock starts at 0 where the part starts.</summary>
/// <remarks>
/// A part is in force from its first step on: at the step where a phase ends the next part has already taken over. The last schedule spans what is left of the
/// window; if the phases leave nothing, the parts that find no room are never reached.
/// </remarks>
/// <example><code>Schedule.Linear(0, 0.1).For(Fraction(0.1)).Then(Schedule.Constant(0.1).For(Fraction(0.7))).Then(Schedule.Linear(0.1, 0))</code></example>
public sealed record Sequence : Schedule
{
    /// <summary>Phases and what follows them.</summary>
    /// <param name="phases">The phases in order; at least one.</param>
    /// <param name="last">What follows the last phase.</param>
    public Sequence(ValueList<Phase> phases, Schedule last)
    {
        Phases = phases;
        Last = last;
    }

    /// <summary>The phases in order; at least one.</summary>
    public ValueList<Phase> Phases
    {
        get;
        init => field = value is { Count: > 0 } && value.All(phase => phase is not null)
            ? value
            : throw new ArgumentException("A sequence needs at least one phase, and none may be missing.", nameof(Phases));
    }

    /// <summary>What follows the last phase.</summary>
    public Schedule Last { get; init => field = Require.NotNull(value, nameof(Last)); }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => [.. Phases, Last];

    /// <summary>This sequence, and then another schedule. The last part so far needs a length (<see cref="Schedule.For"/>).</summary>
    /// <param name="next">What follows.</param>
    /// <exception cref="InvalidOperationException">The last part has no length, so nothing could ever follow it.</exception>
    public Sequence Then(Schedule next) => Last is Phase phase
        ? new([.. Phases, phase], next)
        : throw new InvalidOperationException("The last part of the sequence never ends, so nothing can follow it; give it a length with For.");

    /// <inheritdoc/>
    public override double At(ScheduleTime time)
    {
        var start = 0.0;
        foreach (var phase in Phases.AsSpan())
        {
            var length = phase.Length.InSteps(time.Run);
            var end = Duration.SnapToWholeStep(start + length);
            if (time.Step < end)
            {
                return phase.Inner.At(time.Window(start, length));
            }

            start = end;
        }

        return Last.At(time.Window(start, time.Length - start));
    }

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) =>
        new Sequence([.. Phases.Select(phase => (Phase)phase.PrepareFor(run))], Last.PrepareFor(run));
}
