namespace MLNet.LrSchedule.Internals;

/// <summary>Which column plays which part.</summary>
/// <param name="Label">The labels.</param>
/// <param name="Features">The features.</param>
/// <param name="Weight">The example weights, where there are any.</param>
/// <param name="Validation">The column of <see cref="bool"/> that marks validation rows, where there is one.</param>
internal readonly record struct ColumnNames(string Label, string Features, string? Weight, string? Validation);
