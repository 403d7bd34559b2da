namespace MLNet.LrSchedule.Schedules;

/// <summary>The state of a schedule that compares each epoch with the one before.</summary>
public sealed record ComparisonState : ReactiveState
{
    /// <summary>The latest finite value of the metric; null while there is none.</summary>
    public double? Previous { get; init => field = value is { } previous ? Require.Finite(previous, nameof(Previous)) : null; }

    /// <summary>Insufficient epochs that are still tolerated.</summary>
    public int PatienceLeft { get; init => field = Require.AtLeast(value, 0, nameof(PatienceLeft)); }
}
