using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>A reference run of a reactive schedule, and the expression that makes it. Ours are the rates where we differ on purpose, with the reason.</summary>
public sealed record GoldenReactionEntry(string Id, ReactiveSchedule Reactive, string Expression, Schedule? LearningRate, double[]? Ours, string? Reason);
