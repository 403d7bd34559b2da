using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The rate as an exponential of a metric: <c>rate = base rate exp(scale metric)</c>. With a scale of 1 and the loss, <c>eta0 exp(cost)</c>.</summary>
/// <remarks>A large loss gives a large rate, which shrinks to the curve beneath as the loss goes to 0. An epoch with a NaN or infinite value changes nothing.</remarks>
public sealed record ExponentialOfMetric : ReactiveSchedule
{
    /// <summary>What the metric is multiplied by in the exponent; finite. Default 1.</summary>
    public double Scale { get; init => field = Require.Finite(value, nameof(Scale)); } = 1;

    /// <summary>The factor never rises above this; finite and above 0. Default 100.</summary>
    public double MaxFactor { get; init => field = Require.Positive(value, nameof(MaxFactor)); } = 100;

    /// <inheritdoc/>
    public override ReactiveState Observe(ReactiveState state, EpochMetrics metrics, double baseRate, double appliedRate)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var next = Own<FactorState>(state) with { Reason = null };
        if (metrics[Metric] is not { } value || !double.IsFinite(value))
        {
            return next;
        }

        var factor = Math.Min(PortableMath.Exp(Scale * value), MaxFactor);
        return factor == next.Factor ? next : next with { Factor = factor, Reason = Explain(metrics, value, "sets the rate", next.Factor, factor) };
    }
}
