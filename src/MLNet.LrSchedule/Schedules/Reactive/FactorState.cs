namespace MLNet.LrSchedule.Schedules;

/// <summary>The state of a reactive schedule that remembers nothing but its factor.</summary>
public sealed record FactorState : ReactiveState;
