using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Raises the rate a little after every epoch that was no worse than the one before, and lowers it a lot after one that was.</summary>
/// <remarks>
/// The first value only sets the baseline. NaN and infinities count as worse. Published versions also undo the step that made things worse, which a schedule cannot.
/// Battiti, Accelerated Backpropagation Learning: Two Optimization Methods, Complex Systems 3, 1989.
/// </remarks>
public sealed record BoldDriver : ReactiveSchedule
{
    /// <summary>Factor after an epoch that was no worse; finite and at least 1. Default 1.05.</summary>
    public double Increase
    {
        get;
        init => field = double.IsFinite(value) && value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Increase), value, "Increase must be finite and at least 1.");
    } = 1.05;

    /// <summary>Factor after an epoch that was worse; above 0 and below 1. Default 0.5.</summary>
    public double Decrease
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Decrease), value, "Decrease must be above 0 and below 1.");
    } = 0.5;

    /// <summary>How much worse than the epoch before still counts as no worse, as a share of its value; finite and at least 0. Default 0.</summary>
    public double Tolerance { get; init => field = Require.NonNegative(value, nameof(Tolerance)); }

    /// <summary>The factor never rises above this; finite and at least 1. Default 1000.</summary>
    public double MaxFactor
    {
        get;
        init => field = double.IsFinite(value) && value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxFactor), value, "MaxFactor must be finite and at least 1.");
    } = 1000;

    /// <inheritdoc/>
    public override ReactiveState Start => new ComparisonState();

    /// <inheritdoc/>
    public override ReactiveState Observe(ReactiveState state, EpochMetrics metrics, double baseRate, double appliedRate)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var next = Own<ComparisonState>(state) with { Reason = null };
        if (metrics[Metric] is not { } value)
        {
            return next;
        }

        if (next.Previous is not { } previous)
        {
            return double.IsFinite(value) ? next with { Previous = value } : next;
        }

        var rise = Metric.HigherIsBetter ? previous - value : value - previous;
        var isWorse = !double.IsFinite(value) || rise > Tolerance * Math.Abs(previous);
        var factor = Math.Min(next.Factor * (isWorse ? Decrease : Increase), MaxFactor);
        return next with
        {
            Factor = factor,
            Previous = double.IsFinite(value) ? value : previous,
            Reason = factor == next.Factor ? null : Explain(metrics, value, isWorse ? "is worse than before" : "is no worse than before", next.Factor, factor),
        };
    }
}
