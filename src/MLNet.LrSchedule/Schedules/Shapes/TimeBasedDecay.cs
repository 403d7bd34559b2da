namespace MLNet.LrSchedule.Schedules;

/// <summary>Time-based decay: <c>initial / (1 + decay n)</c>, with n the number of whole <see cref="Per"/> units since the start of the window.</summary>
/// <remarks>
/// Counted per epoch the value is constant within an epoch; counted per step, <c>Per = Steps(1)</c>, it is what Keras's <c>decay</c> argument does. The reading
/// that compounds is <see cref="CompoundingDecay"/>.
/// </remarks>
public sealed record TimeBasedDecay : Schedule
{
    /// <summary>Time-based decay.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="decay">Decay per unit; finite and at least 0.</param>
    /// <param name="per">The unit that is counted; longer than nothing.</param>
    public TimeBasedDecay(double initial, double decay, Duration per)
    {
        Initial = initial;
        Decay = decay;
        Per = per;
    }

    /// <summary>Value at step 0; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>Decay per unit; finite and at least 0.</summary>
    public double Decay { get; init => field = Require.NonNegative(value, nameof(Decay)); }

    /// <summary>The unit that is counted; longer than nothing.</summary>
    public Duration Per { get; init => field = Require.Positive(value, nameof(Per)); }

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Initial / (1 + (Decay * time.Count(Per)));

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Per.Needs;
}
