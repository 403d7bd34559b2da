namespace MLNet.LrSchedule.Schedules;

/// <summary>A measurement with a name, beside those that have a property of their own.</summary>
/// <param name="Name">The name of the metric.</param>
/// <param name="Value">The measured value; may be NaN or infinite.</param>
public sealed record MetricValue(string Name, double Value);
