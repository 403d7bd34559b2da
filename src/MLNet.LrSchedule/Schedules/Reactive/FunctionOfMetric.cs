using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The rate as any function of a metric: <c>rate = base rate f(metric)</c>.</summary>
/// <remarks>
/// A function cannot be saved: see <see cref="ReactiveSchedule.IsOpaque"/>. An epoch without the metric, or for which the function gives a negative or non-finite
/// factor, changes nothing.
/// </remarks>
/// <example><code>new FunctionOfMetric(loss => Math.Sqrt(loss)) { Metric = Metric.TrainingLoss }</code></example>
public sealed record FunctionOfMetric : ReactiveSchedule
{
    /// <summary>The rate as a function of a metric.</summary>
    /// <param name="function">The factor for a value of the metric.</param>
    public FunctionOfMetric(Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Function = function;
    }

    /// <summary>The factor for a value of the metric.</summary>
    public Func<double, double> Function { get; }

    private protected override bool IsOpaqueItself => true;

    /// <inheritdoc/>
    public override ReactiveState Observe(ReactiveState state, EpochMetrics metrics, double baseRate, double appliedRate)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var next = Own<FactorState>(state) with { Reason = null };
        if (metrics[Metric] is not { } value)
        {
            return next;
        }

        var factor = Function(value);
        return !double.IsFinite(factor) || factor < 0 || factor == next.Factor
            ? next
            : next with { Factor = factor, Reason = Explain(metrics, value, "sets the rate", next.Factor, factor) };
    }
}
