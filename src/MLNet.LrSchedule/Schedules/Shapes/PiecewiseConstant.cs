using System;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A value for each stretch of time: <c>values[k]</c>, with k the number of boundaries that have been reached.</summary>
/// <remarks>A new value is in force at its boundary, as in PyTorch and optax; Keras keeps the old one for one more step.</remarks>
/// <example><code>Schedule.PiecewiseConstant([Epochs(30), Epochs(60)], [0.1, 0.01, 0.001])</code></example>
public sealed record PiecewiseConstant : Schedule
{
    /// <summary>A value for each stretch of time.</summary>
    /// <param name="boundaries">Where the values change, in order; the same boundary twice skips a value.</param>
    /// <param name="values">The values, one more than boundaries; finite.</param>
    /// <exception cref="ArgumentException">The numbers of values and boundaries do not match, a value is not finite, or the boundaries are out of order.</exception>
    public PiecewiseConstant(ValueList<Duration> boundaries, ValueList<double> values)
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != boundaries.Count + 1)
        {
            throw new ArgumentException($"{boundaries.Count} boundaries need {boundaries.Count + 1} values, but there are {values.Count}.", nameof(values));
        }

        Boundaries = boundaries;
        Values = values;
    }

    /// <summary>Where the values change, in order.</summary>
    public ValueList<Duration> Boundaries { get; init => field = Milestones.Ordered(value, mayRepeat: true, nameof(Boundaries)); }

    /// <summary>The values, one more than boundaries; finite.</summary>
    public ValueList<double> Values
    {
        get;
        init => field = value.All(double.IsFinite) ? value : throw new ArgumentException("Every value must be finite.", nameof(Values));
    }

    /// <inheritdoc/>
    public override double At(ScheduleTime time)
    {
        var reached = 0;
        foreach (var boundary in Boundaries.AsSpan())
        {
            reached += time.Step >= boundary.InSteps(time.Run) ? 1 : 0;
        }

        return Values[reached];
    }

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Milestones.Needs(Boundaries);

    internal override void WarnIn(RunWindow window)
    {
        foreach (var boundary in Boundaries)
        {
            window.WarnIfLonger("A boundary", boundary, "what follows it is never reached", mayFill: false);
        }
    }
}
