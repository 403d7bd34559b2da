using System.Collections.Generic;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>A golden case, and the expression of the public API that makes it.</summary>
public sealed record GoldenEntry(string Id, Schedule Schedule, string Expression, Schedule? Momentum, TrainingRun? Run, IReadOnlyList<GoldenDeviation> Deviations);

/// <summary>A value where we differ from the library on purpose.</summary>
public sealed record GoldenDeviation(int Index, double Ours, string Reason, double? Momentum = null);
