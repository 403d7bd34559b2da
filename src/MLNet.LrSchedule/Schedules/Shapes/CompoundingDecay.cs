namespace MLNet.LrSchedule.Schedules;

/// <summary>Time-based decay that compounds: <c>value(n) = value(n - 1) / (1 + decay n)</c>, with n the number of whole <see cref="Per"/> units so far.</summary>
/// <remarks>
/// This is the recurrence behind the widely printed table 0.1, 0.0999000999, 0.0997006985, 0.09940249103, 0.09900646517 (initial 0.1, decay 0.001). It falls much
/// faster than <see cref="TimeBasedDecay"/>: the factor of unit n is <c>1 / (1 + decay n)</c>, not the value itself.
/// </remarks>
public sealed record CompoundingDecay : RecurrentSchedule
{
    /// <summary>Compounding time-based decay.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="decay">Decay per unit; finite and at least 0.</param>
    /// <param name="per">The unit that is counted; longer than nothing.</param>
    public CompoundingDecay(double initial, double decay, Duration per)
    {
        Initial = initial;
        Decay = decay;
        Per = per;
    }

    /// <summary>Value at step 0; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>Decay per unit; finite and at least 0.</summary>
    public double Decay { get; init => field = Require.NonNegative(value, nameof(Decay)); }

    /// <inheritdoc/>
    public override Duration Per { get; init => field = Require.Positive(value, nameof(Per)); }

    /// <inheritdoc/>
    protected override double First(TrainingRun run) => Initial;

    /// <inheritdoc/>
    protected override double Next(long n, double previous, TrainingRun run) => previous / (1 + (Decay * n));

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Per.Needs;
}
