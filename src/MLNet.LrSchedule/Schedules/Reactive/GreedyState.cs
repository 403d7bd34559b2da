using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The state of <see cref="GreedyUpDown"/>.</summary>
public sealed record GreedyState : ReactiveState
{
    /// <summary>The best value and how long nothing has improved.</summary>
    public ImprovementTracker Tracker { get; init => field = value ?? throw new ArgumentNullException(nameof(Tracker)); } = new();

    /// <summary>Epochs in a row that improved.</summary>
    public int Improved { get; init => field = Require.AtLeast(value, 0, nameof(Improved)); }
}
