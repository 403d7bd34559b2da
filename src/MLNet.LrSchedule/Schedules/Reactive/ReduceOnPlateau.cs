using System;
using System.Globalization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Lowers the learning rate when a metric has stopped improving: <c>factor(n + 1) = max(factor(n) Factor, MinFactor, MinRate / base rate)</c>.</summary>
/// <remarks>
/// The defaults are Keras's. Libraries differ in what counts as better, in whether patience must be reached or exceeded and in what a cooldown means;
/// <c>Schedule.FromPyTorch</c> and its siblings give each library's own.
/// </remarks>
/// <example><code>new ReduceOnPlateau { Factor = 0.5, Patience = 2 }.Simulate([1.0, 0.8, 0.8, 0.8])   // 1, 1, 1, 0.5</code></example>
public sealed record ReduceOnPlateau : PlateauSchedule
{
    /// <summary>What the rate is multiplied by at each plateau; at least 0 and below 1. Default 0.1.</summary>
    public double Factor
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Factor), value, "Factor must be at least 0 and below 1.");
    } = 0.1;

    /// <summary>The factor never falls below this; finite and at least 0. Default 0.</summary>
    public double MinFactor { get; init => field = Require.NonNegative(value, nameof(MinFactor)); }

    /// <summary>The rate itself is never lowered below this; finite and at least 0. Default 0.</summary>
    public double MinRate { get; init => field = Require.NonNegative(value, nameof(MinRate)); }

    /// <summary>A reduction that would lower the rate by no more than this is skipped; finite and at least 0. Default 0.</summary>
    public double MinReduction { get; init => field = Require.NonNegative(value, nameof(MinReduction)); }

    /// <summary>When a reduction is due and the rate is already at or below this, training is asked to stop instead; null never asks. Default null.</summary>
    public double? StopAtRate { get; init => field = value is { } rate ? Require.NonNegative(rate, nameof(StopAtRate)) : null; }

    private protected override ReactiveState Act(PlateauState state, EpochMetrics metrics, double value, int stalled, double baseRate, double appliedRate)
    {
        if (appliedRate <= StopAtRate)
        {
            return state with
            {
                StopRequested = true,
                Reason = string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {metrics.Epoch}: {Named(metrics)} {value:G4} {Stalled(stalled, AverageOver)} and the rate {appliedRate:G4} is not above {StopAtRate:G4}: stop"),
            };
        }

        var floor = Math.Max(MinFactor, baseRate > 0 ? MinRate / baseRate : 0);
        var factor = Math.Min(state.Factor, Math.Max(state.Factor * Factor, floor));
        if ((state.Factor - factor) * baseRate <= MinReduction && (factor == state.Factor || MinReduction > 0))
        {
            return state;
        }

        return state with
        {
            Factor = factor,
            Lowerings = state.Lowerings + 1,
            Reason = Explain(metrics, value, Stalled(stalled, AverageOver), state.Factor, factor),
        };
    }
}
