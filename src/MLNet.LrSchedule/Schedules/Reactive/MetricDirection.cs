namespace MLNet.LrSchedule.Schedules;

/// <summary>Which way a metric improves.</summary>
public enum MetricDirection
{
    /// <summary>Lower is better, as for a loss.</summary>
    LowerIsBetter,

    /// <summary>Higher is better, as for an accuracy.</summary>
    HigherIsBetter,
}
