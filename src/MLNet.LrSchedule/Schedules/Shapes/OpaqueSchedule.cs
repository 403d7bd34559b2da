using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>What is left of a function after saving: a schedule that says it cannot answer.</summary>
/// <remarks>A model saved with one loads and predicts; resuming its training needs the original function again.</remarks>
public sealed record OpaqueSchedule : Schedule
{
    /// <summary>Always throws: the function was not saved.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override double At(ScheduleTime time) => throw new InvalidOperationException(
        "This schedule was a function (Schedule.Custom or another lambda), which cannot be saved. To resume training, set the schedule again in the options.");

    private protected override bool IsOpaqueItself => true;
}
