using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A schedule kept within limits: <c>min(max(value, minimum), maximum)</c>.</summary>
public sealed record Clamped : Schedule
{
    /// <summary>A schedule kept within limits.</summary>
    /// <param name="inner">What is limited.</param>
    /// <param name="minimum">Lowest value; null for no limit.</param>
    /// <param name="maximum">Highest value; null for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not finite, or the lowest value is above the highest.</exception>
    public Clamped(Schedule inner, double? minimum = null, double? maximum = null)
    {
        Inner = inner;
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>Lowest value; null for no limit.</summary>
    public double? Minimum { get; init => field = Ordered(value, Maximum, value, nameof(Minimum)); }

    /// <summary>Highest value; null for no limit.</summary>
    public double? Maximum { get; init => field = Ordered(Minimum, value, value, nameof(Maximum)); }

    /// <summary>What is limited.</summary>
    public Schedule Inner { get; init => field = Require.NotNull(value, nameof(Inner)); }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => [Inner];

    /// <inheritdoc/>
    public override double At(ScheduleTime time)
    {
        var value = Inner.At(time);
        if (value < Minimum)
        {
            return Minimum.Value;
        }

        return value > Maximum ? Maximum.Value : value;
    }

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) => this with { Inner = Inner.PrepareFor(run) };

    private static double? Ordered(double? minimum, double? maximum, double? written, string name)
    {
        if (written is { } number)
        {
            Require.Finite(number, name);
        }

        return minimum > maximum
            ? throw new ArgumentOutOfRangeException(name, written, $"The lowest value {minimum} must not be above the highest value {maximum}.")
            : written;
    }

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Inner.NeedsIn(window);
}
