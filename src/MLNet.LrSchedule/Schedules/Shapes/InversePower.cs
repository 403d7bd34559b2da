namespace MLNet.LrSchedule.Schedules;

/// <summary>Inverse power decay: <c>initial (1 + decay n)^-power</c>, with n the number of whole <c>per</c> units since the start of the window.</summary>
/// <remarks>
/// Power 1 is <see cref="TimeBasedDecay"/>. Caffe's <c>inv</c> policy counts steps; scikit-learn's <c>invscaling</c> counts epochs, with the number of rows as decay.
/// </remarks>
public sealed record InversePower : Schedule
{
    /// <summary>Inverse power decay: <c>initial (1 + decay n)^-power</c>, with n the number of whole <c>per</c> units since the start of the window.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="decay">Decay per unit; finite and at least 0.</param>
    /// <param name="power">Exponent; finite and at least 0.</param>
    /// <param name="per">The unit that is counted; longer than nothing.</param>
    public InversePower(double initial, double decay, double power, Duration per)
    {
        Initial = initial;
        Decay = decay;
        Power = power;
        Per = per;
    }

    /// <summary>Value at step 0; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>Decay per unit; finite and at least 0.</summary>
    public double Decay { get; init => field = Require.NonNegative(value, nameof(Decay)); }

    /// <summary>Exponent; finite and at least 0.</summary>
    public double Power { get; init => field = Require.NonNegative(value, nameof(Power)); }

    /// <summary>The unit that is counted; longer than nothing.</summary>
    public Duration Per { get; init => field = Require.Positive(value, nameof(Per)); }

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Initial * PortableMath.Pow(1 + (Decay * time.Count(Per)), -Power);

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Per.Needs;
}
