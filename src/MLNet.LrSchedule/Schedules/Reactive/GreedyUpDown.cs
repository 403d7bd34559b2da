using System;
using System.Globalization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Raises the rate while the metric keeps improving and lowers it while it does not.</summary>
/// <remarks>
/// After <see cref="UpPatience"/> improved epochs in a row the factor is divided by <see cref="Factor"/>, after <see cref="DownPatience"/> epochs in a row without
/// improvement it is multiplied by it. The idea of GreedyLR: Subramanian and Ganapathiraman, Zeroth Order GreedyLR, 2023.
/// </remarks>
public sealed record GreedyUpDown : ReactiveSchedule
{
    /// <summary>Factor of a reduction, and one over that of a raise; above 0 and below 1. Default 0.95.</summary>
    public double Factor
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Factor), value, "Factor must be above 0 and below 1.");
    } = 0.95;

    /// <summary>Improved epochs in a row before a raise; at least 1. Default 1.</summary>
    public int UpPatience { get; init => field = Require.AtLeast(value, 1, nameof(UpPatience)); } = 1;

    /// <summary>Epochs in a row without improvement before a reduction; at least 1. Default 1.</summary>
    public int DownPatience { get; init => field = Require.AtLeast(value, 1, nameof(DownPatience)); } = 1;

    /// <summary>How much better than the best a value must be, in the unit of the metric; finite and at least 0. Default 0.</summary>
    public double MinDelta { get; init => field = Require.NonNegative(value, nameof(MinDelta)); }

    /// <summary>The factor never falls below this; finite and at least 0. Default 0.</summary>
    public double MinFactor { get; init => field = Require.NonNegative(value, nameof(MinFactor)); }

    /// <summary>The factor never rises above this; finite and above 0. Default 10.</summary>
    public double MaxFactor { get; init => field = Require.Positive(value, nameof(MaxFactor)); } = 10;

    /// <inheritdoc/>
    public override ReactiveState Start => new GreedyState();

    /// <inheritdoc/>
    public override ReactiveState Observe(ReactiveState state, EpochMetrics metrics, double baseRate, double appliedRate)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var next = Own<GreedyState>(state) with { Reason = null };
        if (metrics[Metric] is not { } value)
        {
            return next;
        }

        var isFirst = next.Tracker.Best is null;
        var tracker = next.Tracker.Observe(new ImprovementRule { Metric = Metric, MinDelta = MinDelta }, metrics.Epoch, value);
        next = next with { Tracker = tracker, Improved = tracker.HasImproved && !isFirst ? next.Improved + 1 : 0 };
        if (next.Improved >= UpPatience)
        {
            return Change(next with { Improved = 0 }, metrics, value, Math.Max(next.Factor, Math.Min(next.Factor / Factor, MaxFactor)), "has improved");
        }

        if (tracker.Stalled >= DownPatience)
        {
            var occurrence = string.Create(CultureInfo.InvariantCulture, $"has not improved ({tracker.Stalled} in a row)");
            next = next with { Tracker = tracker with { Stalled = 0 } };
            return Change(next, metrics, value, Math.Min(next.Factor, Math.Max(next.Factor * Factor, MinFactor)), occurrence);
        }

        return next;
    }

    private GreedyState Change(GreedyState state, EpochMetrics metrics, double value, double factor, string occurrence) => factor == state.Factor
        ? state
        : state with { Factor = factor, Reason = Explain(metrics, value, occurrence, state.Factor, factor) };
}
