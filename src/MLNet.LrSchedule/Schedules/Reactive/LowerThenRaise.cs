using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Lowers the learning rate at each of some plateaus, raises it at the next one to get out of a local minimum, and starts over.</summary>
/// <remarks>With the defaults and a metric that never improves, the factor goes 1, 1/2, 1/4, 1/8, 1, 1/2, ...</remarks>
/// <example><code>new LowerThenRaise { Patience = 3, Lowerings = 2, RaiseTo = 0.5 }</code></example>
public sealed record LowerThenRaise : PlateauSchedule
{
    /// <summary>What the rate is multiplied by when it is lowered; above 0 and below 1. Default 0.5.</summary>
    public double Factor
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Factor), value, "Factor must be above 0 and below 1.");
    } = 0.5;

    /// <summary>How often the rate is lowered before it is raised; at least 1. Default 3.</summary>
    public int Lowerings { get; init => field = Require.AtLeast(value, 1, nameof(Lowerings)); } = 3;

    /// <summary>The factor the rate is raised to; finite and above 0. Default 1: back to the curve beneath.</summary>
    public double RaiseTo { get; init => field = Require.Positive(value, nameof(RaiseTo)); } = 1;

    private protected override ReactiveState Act(PlateauState state, EpochMetrics metrics, double value, int stalled, double baseRate, double appliedRate)
    {
        var raises = state.Lowerings >= Lowerings;
        var factor = raises ? RaiseTo : state.Factor * Factor;
        return state with
        {
            Factor = factor,
            Lowerings = raises ? 0 : state.Lowerings + 1,
            Reason = Explain(metrics, value, Stalled(stalled, AverageOver), state.Factor, factor),
        };
    }
}
