using System;


namespace MLNet.LrSchedule.Schedules;

/// <summary>Inverse square root decay: <c>initial sqrt(timescale / (t + timescale))</c>.</summary>
/// <remarks>
/// It never ends; after three timescales it has halved. Behind a warmup as long as the timescale it is <c>initial sqrt(warmup / t)</c>, the schedule of
/// Vaswani et al., Attention Is All You Need, NeurIPS 2017, section 5.3.
/// </remarks>
public sealed record InverseSquareRootDecay : Schedule
{
    /// <summary>Inverse square root decay: <c>initial sqrt(timescale / (t + timescale))</c>.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="timescale">How slowly it falls; longer than nothing.</param>
    public InverseSquareRootDecay(double initial, Duration timescale)
    {
        Initial = initial;
        Timescale = timescale;
    }

    /// <summary>Value at step 0; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>How slowly it falls; longer than nothing.</summary>
    public Duration Timescale { get; init => field = Require.Positive(value, nameof(Timescale)); }

    /// <inheritdoc/>
    public override double At(ScheduleTime time)
    {
        var timescale = Timescale.InSteps(time.Run);
        return Initial * Math.Sqrt(timescale / (time.Step + timescale));
    }

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Timescale.Needs;
}
