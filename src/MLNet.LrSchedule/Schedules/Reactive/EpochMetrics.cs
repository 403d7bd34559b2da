using System;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

/// <summary>What was measured in one epoch. Whatever was not measured is null.</summary>
public sealed record EpochMetrics
{
    /// <summary>The measurements of one epoch.</summary>
    /// <param name="epoch">Zero-based number of the epoch.</param>
    public EpochMetrics(long epoch) => Epoch = epoch;

    /// <summary>Zero-based number of the epoch.</summary>
    public long Epoch { get; init => field = Require.AtLeast(value, 0, nameof(Epoch)); }

    /// <summary>Mean loss over the training rows.</summary>
    public double? TrainingLoss { get; init; }

    /// <summary>Share of training rows predicted right, from 0 to 1.</summary>
    public double? TrainingAccuracy { get; init; }

    /// <summary>Mean loss over the validation rows.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Share of validation rows predicted right, from 0 to 1.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Further measurements, by name.</summary>
    public ValueList<MetricValue> Others { get; init => field = value ?? throw new ArgumentNullException(nameof(Others)); } = [];

    /// <summary>The value of a metric, or null if it was not measured in this epoch.</summary>
    /// <param name="metric">The metric.</param>
    public double? this[Metric metric]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(metric);
            return metric == Metric.Loss ? ValidationLoss ?? TrainingLoss
                : metric == Metric.TrainingLoss ? TrainingLoss
                : metric == Metric.TrainingAccuracy ? TrainingAccuracy
                : metric == Metric.ValidationLoss ? ValidationLoss
                : metric == Metric.ValidationAccuracy ? ValidationAccuracy
                : Others.FirstOrDefault(other => other.Name == metric.Name)?.Value;
        }
    }

    /// <summary>An epoch in which only <paramref name="metric"/> was measured.</summary>
    /// <param name="epoch">Zero-based number of the epoch.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="value">Its value; null for an epoch without it.</param>
    public static EpochMetrics Of(long epoch, Metric metric, double? value)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var metrics = new EpochMetrics(epoch);
        return value is not { } measured ? metrics
            : metric == Metric.Loss || metric == Metric.TrainingLoss ? metrics with { TrainingLoss = measured }
            : metric == Metric.TrainingAccuracy ? metrics with { TrainingAccuracy = measured }
            : metric == Metric.ValidationLoss ? metrics with { ValidationLoss = measured }
            : metric == Metric.ValidationAccuracy ? metrics with { ValidationAccuracy = measured }
            : metrics with { Others = [new(metric.Name, measured)] };
    }
}
