using System;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>What is known about a metric after some epochs: the best value, when it was reached, and for how long nothing has improved. Immutable.</summary>
/// <example><code>
/// var tracker = new ImprovementTracker();
/// tracker = tracker.Observe(rule, epoch, value);
/// if (tracker.HasImproved) { /* keep this model */ }
/// </code></example>
public sealed record ImprovementTracker
{
    /// <summary>The best value so far; null while there is none. Always finite.</summary>
    [JsonConverter(typeof(NumberConverter))]
    public double? Best { get; init => field = value is { } best ? Require.Finite(best, nameof(Best)) : null; }

    /// <summary>The epoch of the best value; null while there is none.</summary>
    public long? BestEpoch { get; init; }

    /// <summary>Observations since the last one that counted as improved.</summary>
    public int Stalled { get; init => field = Require.AtLeast(value, 0, nameof(Stalled)); }

    /// <summary>Whether the latest observation counted as improved.</summary>
    [JsonIgnore]
    public bool HasImproved => Best is not null && Stalled == 0;

    /// <summary>What is known after one more observation.</summary>
    /// <param name="rule">When a value counts as improved.</param>
    /// <param name="epoch">Zero-based number of the epoch.</param>
    /// <param name="value">The value; NaN and infinities count as not improved.</param>
    public ImprovementTracker Observe(ImprovementRule rule, long epoch, double value)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.IsImproved(value, Best))
        {
            var moves = !rule.BestFollowsEveryGain || rule.IsGain(value, Best);
            return moves ? new() { Best = value, BestEpoch = epoch } : this with { Stalled = 0 };
        }

        var stalled = this with { Stalled = Stalled + 1 };
        return rule.BestFollowsEveryGain && rule.IsGain(value, Best) ? stalled with { Best = value, BestEpoch = epoch } : stalled;
    }
}
