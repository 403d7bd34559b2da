using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The state of a schedule that acts on plateaus.</summary>
public sealed record PlateauState : ReactiveState
{
    /// <summary>The best value and how long nothing has improved.</summary>
    public ImprovementTracker Tracker { get; init => field = value ?? throw new ArgumentNullException(nameof(Tracker)); } = new();

    /// <summary>Observations that are still ignored after the latest change.</summary>
    public int CooldownLeft { get; init => field = Require.AtLeast(value, 0, nameof(CooldownLeft)); }

    /// <summary>How often the factor has been lowered since it was last raised.</summary>
    public int Lowerings { get; init => field = Require.AtLeast(value, 0, nameof(Lowerings)); }

    /// <summary>Values that are waiting to be averaged.</summary>
    public ValueList<double> Pending { get; init => field = value ?? throw new ArgumentNullException(nameof(Pending)); } = [];
}
