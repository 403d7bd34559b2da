using System;
using System.Collections.Generic;
using System.Globalization;
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
        init => field = Checked(value);
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

    private static ValueList<Phase> Checked(ValueList<Phase> phases)
    {
        if (phases is not { Count: > 0 } || phases.Any(phase => phase is null))
        {
            throw new ArgumentException("A sequence needs at least one phase, and none may be missing.", nameof(Phases));
        }

        // Only fractions can be added before the run is known. Rounding noise of thirds and tenths is no overlap.
        var shares = phases.Where(phase => phase.Length.Unit == DurationUnit.Fraction).Sum(phase => phase.Length.Amount);
        return shares <= 1 + 1e-9
            ? phases
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The phases overlap: their fractions add up to {shares * 100:0.##}% of the run."), nameof(Phases));
    }

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) =>
        new Sequence([.. Phases.Select(phase => (Phase)phase.PrepareFor(run))], Last.PrepareFor(run));

    internal override RunKnowledge NeedsIn(RunKnowledge window)
    {
        var lengths = RunKnowledge.None;
        var parts = RunKnowledge.None;
        foreach (var phase in Phases)
        {
            lengths |= phase.Length.Needs;
            parts |= phase.NeedsIn(window);
        }

        return parts | Last.NeedsIn(window | lengths);
    }


    internal override void WarnIn(RunWindow window)
    {
        var end = 0.0;
        foreach (var phase in Phases)
        {
            var length = phase.Length.InSteps(window.Run);
            end = Duration.SnapToWholeStep(end + length);
            phase.Inner.WarnIn(window.OfLength(length));
        }

        window.WarnIfLonger("A sequence without its last part", string.Join(" + ", Phases.Select(phase => phase.Length)), end, "what follows is never reached", mayFill: false);
        Last.WarnIn(window.OfLength(Math.Max(window.Length - end, 0)));
    }
}
