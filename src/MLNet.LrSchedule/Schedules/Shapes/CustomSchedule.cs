using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Any function of training time. It must be pure: the same moment must give the same value.</summary>
/// <remarks>A function cannot be saved or compared by what it does; a record deriving from <see cref="Schedule"/> can.</remarks>
public sealed record CustomSchedule : Schedule
{
    /// <summary>A schedule from a function.</summary>
    /// <param name="function">The value for the update about to be applied.</param>
    public CustomSchedule(Func<ScheduleTime, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Function = function;
    }

    /// <summary>The value for the update about to be applied.</summary>
    public Func<ScheduleTime, double> Function { get; }

    private protected override bool IsOpaqueItself => true;

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Function(time);
}
