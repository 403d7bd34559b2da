namespace MLNet.LrSchedule.Schedules;

/// <summary>Smooth exponential decay: <c>initial factor^(t / every)</c>.</summary>
/// <remarks>It never ends. For the version in steps use <see cref="StepDecay"/> or <see cref="Schedule.Staircase"/>; for a floor or cap <see cref="Schedule.Clamp"/>.</remarks>
public sealed record ExponentialDecay : Schedule
{
    /// <summary>Smooth exponential decay.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="factor">What the value is multiplied by in each <paramref name="every"/>; finite and above 0.</param>
    /// <param name="every">Time for one factor; longer than nothing.</param>
    public ExponentialDecay(double initial, double factor, Duration every)
    {
        Initial = initial;
        Factor = factor;
        Every = every;
    }

    /// <summary>Value at step 0; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>What the value is multiplied by in each <see cref="Every"/>; finite and above 0. Above 1 the value grows.</summary>
    public double Factor { get; init => field = Require.Positive(value, nameof(Factor)); }

    /// <summary>Time for one factor; longer than nothing.</summary>
    public Duration Every { get; init => field = Require.Positive(value, nameof(Every)); }

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Initial * PortableMath.Pow(Factor, time.Units(Every));

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Every.Needs;
}
