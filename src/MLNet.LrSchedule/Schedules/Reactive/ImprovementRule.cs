using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>When a metric counts as improved: the one rule behind plateau schedules, early stopping and keeping the best model.</summary>
/// <remarks>
/// <para>Lower is better: a value improves on the best so far if it lies below <c>best - minDelta - minRelativeDelta |best|</c>. Higher is better: above
/// <c>best + minDelta + minRelativeDelta |best|</c>. The direction is that of the metric.</para>
/// <para>NaN and the infinities are worse than every number, in both directions: they never improve anything and never become the best.</para>
/// </remarks>
public sealed record ImprovementRule
{
    /// <summary>The metric. Default <see cref="Metric.Loss"/>.</summary>
    public Metric Metric { get; init => field = value ?? throw new ArgumentNullException(nameof(Metric)); } = Metric.Loss;

    /// <summary>How much better than the best a value must be, in the unit of the metric; finite and at least 0. Default 0: any improvement counts.</summary>
    public double MinDelta { get; init => field = Require.NonNegative(value, nameof(MinDelta)); }

    /// <summary>How much better than the best a value must be, as a share of the best; finite and at least 0. Default 0.</summary>
    public double MinRelativeDelta { get; init => field = Require.NonNegative(value, nameof(MinRelativeDelta)); }

    /// <summary>
    /// Whether the share is taken of the best with its sign, as PyTorch, optax and timm do. Default false.
    /// </summary>
    /// <remarks>The two differ only for a negative best, where with the sign the bar lies on the wrong side: a slightly worse value then counts as improved.</remarks>
    public bool RelativeToSignedBest { get; init; }

    /// <summary>Whether a value exactly at the bar counts as improved. Default false.</summary>
    public bool AcceptsTies { get; init; }

    /// <summary>
    /// Whether the best follows every gain, even one too small to count. Default false: the best stays until a value beats it by the deltas, so that slow progress adds up.
    /// </summary>
    public bool BestFollowsEveryGain { get; init; }

    /// <summary>Whether <paramref name="value"/> counts as improved.</summary>
    /// <param name="value">The new value.</param>
    /// <param name="best">The best value so far; null if there is none yet, in which case any finite value improves.</param>
    public bool IsImproved(double value, double? best)
    {
        if (!double.IsFinite(value))
        {
            return false;
        }

        if (best is not { } bar)
        {
            return true;
        }

        var sign = Metric.HigherIsBetter ? 1 : -1;
        var relative = RelativeToSignedBest || bar >= 0 ? MinRelativeDelta : -MinRelativeDelta;
        bar = (bar * (1 + (sign * relative))) + (sign * MinDelta);
        return Metric.HigherIsBetter
            ? value > bar || (AcceptsTies && value == bar)
            : value < bar || (AcceptsTies && value == bar);
    }

    /// <summary>Whether <paramref name="value"/> is better than <paramref name="best"/> by anything at all.</summary>
    internal bool IsGain(double value, double? best) =>
        double.IsFinite(value) && (best is not { } number || (Metric.HigherIsBetter ? value > number : value < number));
}
