using System;
using System.Globalization;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A reactive schedule that acts whenever its metric has stopped improving. The base of <see cref="ReduceOnPlateau"/> and <see cref="LowerThenRaise"/>.</summary>
public abstract record PlateauSchedule : ReactiveSchedule
{
    private protected PlateauSchedule()
    {
    }

    /// <summary>Epochs without improvement that are tolerated; at least 0. Default 10.</summary>
    public int Patience { get; init => field = Require.AtLeast(value, 0, nameof(Patience)); } = 10;

    /// <summary>Whether the patience must be reached or exceeded. Default <see cref="PatienceRule.Reached"/>.</summary>
    public PatienceRule PatienceRule
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(PatienceRule), value, "PatienceRule must be one of the named values.");
    }

    /// <summary>How much better than the best a value must be, in the unit of the metric; finite and at least 0. Default 0.0001.</summary>
    public double MinDelta { get; init => field = Require.NonNegative(value, nameof(MinDelta)); } = 1e-4;

    /// <summary>How much better than the best a value must be, as a share of the best; finite and at least 0. Default 0.</summary>
    public double MinRelativeDelta { get; init => field = Require.NonNegative(value, nameof(MinRelativeDelta)); }

    /// <inheritdoc cref="ImprovementRule.RelativeToSignedBest"/>
    public bool RelativeToSignedBest { get; init; }

    /// <inheritdoc cref="ImprovementRule.AcceptsTies"/>
    public bool AcceptsTies { get; init; }

    /// <inheritdoc cref="ImprovementRule.BestFollowsEveryGain"/>
    public bool BestFollowsEveryGain { get; init; }

    /// <summary>Epochs after a change in which stalling does not count; the best value still moves. At least 0, default 0.</summary>
    public int Cooldown { get; init => field = Require.AtLeast(value, 0, nameof(Cooldown)); }

    /// <summary>Epochs at the beginning of the run that are not looked at, for example those of a warmup. At least 0, default 0.</summary>
    public long StartAfter { get; init => field = Require.AtLeast(value, 0, nameof(StartAfter)); }

    /// <summary>How many values are averaged into one observation; at least 1. Default 1: every epoch counts by itself.</summary>
    public int AverageOver { get; init => field = Require.AtLeast(value, 1, nameof(AverageOver)); } = 1;

    /// <inheritdoc/>
    public sealed override ReactiveState Start => new PlateauState();

    /// <inheritdoc/>
    public sealed override ReactiveState Observe(ReactiveState state, EpochMetrics metrics, double baseRate, double appliedRate)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var next = Own<PlateauState>(state) with { Reason = null };
        if (metrics.Epoch < StartAfter || metrics[Metric] is not { } value)
        {
            return next;
        }

        if (AverageOver > 1)
        {
            next = next with { Pending = [.. next.Pending, value] };
            if (next.Pending.Count < AverageOver)
            {
                return next;
            }

            value = next.Pending.Average();
            next = next with { Pending = [] };
        }

        next = next with { Tracker = next.Tracker.Observe(Rule, metrics.Epoch, value) };
        if (next.CooldownLeft > 0)
        {
            return next with { CooldownLeft = next.CooldownLeft - 1, Tracker = next.Tracker with { Stalled = 0 } };
        }

        var stalled = next.Tracker.Stalled;
        if (stalled == 0 || stalled < Patience + (PatienceRule == PatienceRule.Exceeded ? 1 : 0))
        {
            return next;
        }

        next = next with { CooldownLeft = Cooldown, Tracker = next.Tracker with { Stalled = 0 } };
        return Act(next, metrics, value, stalled, baseRate, appliedRate);
    }

    private protected abstract ReactiveState Act(PlateauState state, EpochMetrics metrics, double value, int stalled, double baseRate, double appliedRate);

    private protected static string Stalled(int observations, int averageOver) => string.Create(
        CultureInfo.InvariantCulture,
        $"has not improved for {observations * averageOver} epoch{(observations * averageOver == 1 ? "" : "s")}");

    private ImprovementRule Rule => new()
    {
        Metric = Metric,
        MinDelta = MinDelta,
        MinRelativeDelta = MinRelativeDelta,
        RelativeToSignedBest = RelativeToSignedBest,
        AcceptsTies = AcceptsTies,
        BestFollowsEveryGain = BestFollowsEveryGain,
    };
}
