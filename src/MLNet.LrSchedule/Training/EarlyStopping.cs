using System;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Ends a run whose metric has stopped improving.</summary>
/// <remarks>
/// As in Keras, the run ends when the number of epochs without improvement reaches <see cref="Patience"/>. NaN and infinity never improve
/// anything. Prechelt, Early Stopping - But When?, 1998.
/// </remarks>
/// <example><code>EarlyStopping = new EarlyStopping { Patience = 20, MinDelta = 1e-3 }</code></example>
public sealed record EarlyStopping
{
    /// <summary>The metric that is watched; its direction follows from it. Default: the validation loss, or the training loss without validation.</summary>
    public Metric Metric { get; init => field = value ?? throw new ArgumentNullException(nameof(Metric)); } = Metric.Loss;

    /// <summary>Epochs without improvement that end the run. Range: at least 1. Default: 10.</summary>
    public int Patience
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Patience), value, "Patience must be at least 1.");
    } = 10;

    /// <summary>How much better than the best a value must be, in the metric's unit. Range: at least 0, finite. Default: 0.</summary>
    public double MinDelta
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MinDelta), value, "MinDelta must be at least 0 and finite.");
    }

    /// <summary>The first epoch that counts, from 0; earlier ones neither improve nor stall anything. Range: at least 0. Default: 0.</summary>
    public int StartAfter
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(StartAfter), value, "StartAfter must be at least 0.");
    }

    /// <summary>
    /// Whether the result has the weights of the best epoch, as <see cref="TrainingRecipe.ReturnedWeights"/> decides. Default: true. False
    /// takes the last epoch's in any case.
    /// </summary>
    public bool RestoreBestWeights { get; init; } = true;

    internal ImprovementRule Rule => new() { Metric = Metric, MinDelta = MinDelta };
}

/// <summary>A value of a metric that ends the run as soon as it is reached.</summary>
/// <param name="Metric">The metric; its direction says which side of the value counts as reached.</param>
/// <param name="Value">The value to reach, in the metric's unit.</param>
/// <example><code>Target = new MetricTarget(Metric.ValidationAccuracy, 0.99)</code></example>
public sealed record MetricTarget(Metric Metric, double Value)
{
    internal bool IsReached(EpochMetrics metrics) => metrics[Metric] is { } value &&
        (Metric.Direction == MetricDirection.HigherIsBetter ? value >= Value : value <= Value);
}

/// <summary>Which weights a run returns.</summary>
public enum ReturnedWeights
{
    /// <summary>Those of the epoch with the best value of <see cref="TrainingRecipe.BestMetric"/>.</summary>
    Best,

    /// <summary>Those after the last step.</summary>
    Last,
}
