namespace MLNet.LrSchedule.Schedules;

/// <summary>The same value at every moment.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <summary>The same value at every moment.</summary>
    /// <param name="value">The value; finite.</param>
    public ConstantSchedule(double value) => Value = value;

    /// <summary>The value; finite.</summary>
    public double Value { get; init => field = Require.Finite(value, nameof(Value)); }

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Value;

    internal override RunKnowledge NeedsIn(RunKnowledge window) => RunKnowledge.None;
}
