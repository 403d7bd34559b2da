namespace MLNet.LrSchedule.Schedules;

/// <summary>A value at a moment, for <see cref="PiecewiseInterpolated"/>.</summary>
public readonly record struct SchedulePoint
{
    /// <summary>A value at a moment.</summary>
    /// <param name="at">The moment, from the start of the window.</param>
    /// <param name="value">The value; finite.</param>
    public SchedulePoint(Duration at, double value)
    {
        At = at;
        Value = value;
    }

    /// <summary>The moment, from the start of the window.</summary>
    public Duration At { get; init; }

    /// <summary>The value; finite.</summary>
    public double Value { get; init => field = Require.Finite(value, nameof(Value)); }

    /// <summary>A moment and a value are a point.</summary>
    public static implicit operator SchedulePoint((Duration At, double Value) point) => new(point.At, point.Value);
}
