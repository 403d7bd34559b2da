using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A ramp in front of a schedule: <c>from + (first - from) ramp(progress)</c>, with first the inner schedule's own first value.</summary>
/// <remarks>
/// The inner schedule starts its clock when the ramp ends, in the window that is left, and its first value is used at that very step.
/// Goyal et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, 2017, section 2.2.
/// </remarks>
/// <example><code>Schedule.Cosine(from: 0.1, to: 1e-5).WithWarmup(over: Steps(500))</code></example>
public sealed record Warmup : Schedule
{
    /// <summary>A ramp in front of a schedule.</summary>
    /// <param name="inner">What follows the ramp.</param>
    /// <param name="over">Length of the ramp; at least 0.</param>
    /// <param name="from">Value where the ramp is 0; finite.</param>
    /// <param name="ramp">Share of the way that is done, from 0 to 1 over its window; null for a straight ramp.</param>
    public Warmup(Schedule inner, Duration over, double from, Schedule? ramp = null)
    {
        Inner = inner;
        Over = over;
        From = from;
        Ramp = ramp;
    }

    /// <summary>Length of the ramp; at least 0.</summary>
    public Duration Over { get; init; }

    /// <summary>Value where the ramp is 0; finite.</summary>
    public double From { get; init => field = Require.Finite(value, nameof(From)); }

    /// <summary>Share of the way that is done, from 0 to 1 over its window; null for a straight ramp.</summary>
    public Schedule? Ramp { get; init; }

    /// <summary>What follows the ramp.</summary>
    public Schedule Inner { get; init => field = Require.NotNull(value, nameof(Inner)); }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => Ramp is null ? [Inner] : [Ramp, Inner];

    /// <inheritdoc/>
    public override double At(ScheduleTime time)
    {
        var over = Over.InSteps(time.Run);
        if (time.Step >= over)
        {
            return Inner.At(time.Window(over, time.Length - over));
        }

        var first = Inner.At(time.AtStep(over).Window(over, time.Length - over));
        var ramp = time.Window(0, over);
        return Blend.Between(From, first, Ramp is null ? ramp.Progress : Ramp.At(ramp));
    }

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) => this with { Ramp = Ramp?.PrepareFor(run), Inner = Inner.PrepareFor(run) };

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Over.Needs | (Ramp?.NeedsIn(Over.Needs) ?? RunKnowledge.None) | Inner.NeedsIn(window | Over.Needs);


    internal override void WarnIn(RunWindow window)
    {
        window.WarnIfLonger("A warmup", Over, "the schedule behind it is never reached", mayFill: false);
        Ramp?.WarnIn(window.OfLength(Over.InSteps(window.Run)));
        Inner.WarnIn(window.OfLength(Math.Max(window.Length - Over.InSteps(window.Run), 0)));
    }
}
