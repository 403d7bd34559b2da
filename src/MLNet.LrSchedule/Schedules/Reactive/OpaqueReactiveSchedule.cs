using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>What is left of a reactive schedule that was a function after saving: it says that it cannot answer.</summary>
public sealed record OpaqueReactiveSchedule : ReactiveSchedule
{
    private protected override bool IsOpaqueItself => true;

    /// <summary>Always throws: the function was not saved.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override ReactiveState Observe(ReactiveState state, EpochMetrics metrics, double baseRate, double appliedRate) => throw new InvalidOperationException(
        "This reactive schedule was a function, which cannot be saved. To resume training, set it again in the options.");
}
