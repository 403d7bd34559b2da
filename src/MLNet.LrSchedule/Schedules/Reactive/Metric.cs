using System;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The name of something measured once per epoch, and which way it improves.</summary>
/// <remarks>Whatever follows a metric takes the direction from here, so it cannot be set wrongly elsewhere.</remarks>
[JsonConverter(typeof(MetricConverter))]
public sealed record Metric
{
    /// <summary>A metric of your own.</summary>
    /// <param name="name">Its name in <see cref="EpochMetrics.Others"/>; not empty.</param>
    /// <param name="direction">Which way it improves.</param>
    public Metric(string name, MetricDirection direction)
    {
        Name = name;
        Direction = direction;
    }

    /// <summary>The validation loss, or the training loss while there is none. The default of everything that follows a metric.</summary>
    public static Metric Loss { get; } = new("loss", MetricDirection.LowerIsBetter);

    /// <summary>The mean loss over the training rows.</summary>
    public static Metric TrainingLoss { get; } = new("training loss", MetricDirection.LowerIsBetter);

    /// <summary>The mean loss over the validation rows.</summary>
    public static Metric ValidationLoss { get; } = new("validation loss", MetricDirection.LowerIsBetter);

    /// <summary>The share of training rows predicted right.</summary>
    public static Metric TrainingAccuracy { get; } = new("training accuracy", MetricDirection.HigherIsBetter);

    /// <summary>The share of validation rows predicted right.</summary>
    public static Metric ValidationAccuracy { get; } = new("validation accuracy", MetricDirection.HigherIsBetter);

    internal static Metric[] Known => [Loss, TrainingLoss, ValidationLoss, TrainingAccuracy, ValidationAccuracy];

    /// <summary>The name, as it appears in explanations.</summary>
    public string Name
    {
        get;
        init => field = string.IsNullOrWhiteSpace(value) ? throw new ArgumentException("A metric needs a name.", nameof(Name)) : value;
    }

    /// <summary>Which way the metric improves.</summary>
    public MetricDirection Direction
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Direction), value, "Direction must be one of the named values.");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal bool HigherIsBetter => Direction == MetricDirection.HigherIsBetter;
}
