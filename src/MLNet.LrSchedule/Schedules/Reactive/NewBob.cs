using System;
using System.Globalization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Lowers the rate after every epoch whose improvement over the epoch before is too small: <c>(previous - value) / previous &lt; Threshold</c>.</summary>
/// <remarks>
/// Unlike a plateau it compares with the previous epoch, not the best, and an improvement does not restore the patience. NaN and infinities count as no improvement.
/// The newbob rule of QuickNet and Kaldi, in the form of SpeechBrain's <c>NewBobScheduler</c>.
/// </remarks>
public sealed record NewBob : ReactiveSchedule
{
    /// <summary>What the rate is multiplied by; above 0 and below 1. Default 0.5.</summary>
    public double Factor
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Factor), value, "Factor must be above 0 and below 1.");
    } = 0.5;

    /// <summary>Smallest sufficient improvement, as a share of the previous value; finite and at least 0. Default 0.0025.</summary>
    public double Threshold { get; init => field = Require.NonNegative(value, nameof(Threshold)); } = 0.0025;

    /// <summary>Insufficient epochs that are tolerated before each reduction; at least 0. Default 0.</summary>
    public int Patience { get; init => field = Require.AtLeast(value, 0, nameof(Patience)); }

    /// <inheritdoc/>
    public override ReactiveState Start => new ComparisonState { PatienceLeft = Patience };

    /// <inheritdoc/>
    public override ReactiveState Observe(ReactiveState state, EpochMetrics metrics, double baseRate, double appliedRate)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var next = Own<ComparisonState>(state) with { Reason = null };
        if (metrics[Metric] is not { } value)
        {
            return next;
        }

        var improvement = Improvement(next.Previous, value);
        next = next with { Previous = double.IsFinite(value) ? value : next.Previous };
        if (improvement >= Threshold)
        {
            return next;
        }

        if (next.PatienceLeft > 0)
        {
            return next with { PatienceLeft = next.PatienceLeft - 1 };
        }

        var factor = next.Factor * Factor;
        var occurrence = string.Create(CultureInfo.InvariantCulture, $"improved by {improvement:P2}, less than {Threshold:P2}");
        return next with { Factor = factor, PatienceLeft = Patience, Reason = Explain(metrics, value, occurrence, next.Factor, factor) };
    }

    private double Improvement(double? previous, double value)
    {
        if (previous is not { } before)
        {
            return double.IsFinite(value) ? double.PositiveInfinity : 0;
        }

        if (!double.IsFinite(value) || before == 0)
        {
            return 0;
        }

        return (Metric.HigherIsBetter ? value - before : before - value) / Math.Abs(before);
    }
}
