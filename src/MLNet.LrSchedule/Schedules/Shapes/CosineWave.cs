namespace MLNet.LrSchedule.Schedules;

/// <summary>A cosine wave that never ends: <c>to + (from - to) (1 + cos(pi t / every)) / 2</c>.</summary>
/// <remarks>
/// It falls from one value to the other in <c>every</c>, rises again in the next, and so on. This is what PyTorch's <c>CosineAnnealingLR</c> does past its
/// <c>T_max</c>. <see cref="CosineAnnealing"/> holds its end value instead.
/// </remarks>
public sealed record CosineWave : Schedule
{
    /// <summary>A cosine wave that never ends: <c>to + (from - to) (1 + cos(pi t / every)) / 2</c>.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">The other extreme of the wave; finite.</param>
    /// <param name="every">Time from one extreme to the other, half a wave; longer than nothing.</param>
    public CosineWave(double from, double to, Duration every)
    {
        From = from;
        To = to;
        Every = every;
    }

    /// <summary>Value at step 0; finite.</summary>
    public double From { get; init => field = Require.Finite(value, nameof(From)); }

    /// <summary>The other extreme of the wave; finite.</summary>
    public double To { get; init => field = Require.Finite(value, nameof(To)); }

    /// <summary>Time from one extreme to the other, half a wave; longer than nothing.</summary>
    public Duration Every { get; init => field = Require.Positive(value, nameof(Every)); }

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Blend.Between(To, From, (1 + PortableMath.CosPi(time.Units(Every))) / 2);

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Every.Needs;
}
