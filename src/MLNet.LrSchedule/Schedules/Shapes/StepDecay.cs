using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A drop at regular intervals: <c>initial drop^floor((t + offset) / every)</c>.</summary>
/// <remarks>
/// Without an offset the initial value lasts for the whole of the first interval. Programs that compute <c>floor((1 + epoch) / every)</c> drop one
/// epoch early: <c>Offset = Epochs(1)</c> reproduces them exactly.
/// </remarks>
public sealed record StepDecay : Schedule
{
    /// <summary>A drop at regular intervals.</summary>
    /// <param name="initial">Value before the first drop; finite.</param>
    /// <param name="drop">Factor of each drop; finite and at least 0.</param>
    /// <param name="every">Time between drops; longer than nothing.</param>
    /// <param name="offset">How much sooner the first drop comes; default none.</param>
    public StepDecay(double initial, double drop, Duration every, Duration offset = default)
    {
        Initial = initial;
        Drop = drop;
        Every = every;
        Offset = offset;
    }

    /// <summary>Value before the first drop; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>Factor of each drop; finite and at least 0.</summary>
    public double Drop { get; init => field = Require.NonNegative(value, nameof(Drop)); }

    /// <summary>Time between drops; longer than nothing.</summary>
    public Duration Every { get; init => field = Require.Positive(value, nameof(Every)); }

    /// <summary>How much sooner the first drop comes.</summary>
    public Duration Offset { get; init; }

    /// <inheritdoc/>
    public override double At(ScheduleTime time)
    {
        var intervals = Math.Floor(Duration.SnapToWholeStep((time.Step + Offset.InSteps(time.Run)) / Every.InSteps(time.Run)));
        return Initial * PortableMath.Pow(Drop, intervals);
    }

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Every.Needs | Offset.Needs;


    internal override void WarnIn(RunWindow window) => window.WarnIfLonger("A drop", Every, "the value never drops", mayFill: false);
}
