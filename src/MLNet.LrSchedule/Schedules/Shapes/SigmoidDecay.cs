namespace MLNet.LrSchedule.Schedules;

/// <summary>A logistic curve: <c>initial / (1 + exp(steepness (t - midpoint) / per))</c>.</summary>
/// <remarks>
/// Half the initial value at the midpoint; a positive steepness falls. Caffe's <c>sigmoid</c> policy, whose <c>gamma</c> is the steepness with the other sign.
/// </remarks>
public sealed record SigmoidDecay : Schedule
{
    /// <summary>A logistic curve: <c>initial / (1 + exp(steepness (t - midpoint) / per))</c>.</summary>
    /// <param name="initial">The upper limit of the curve; finite.</param>
    /// <param name="steepness">Change of the exponent per unit; finite.</param>
    /// <param name="midpoint">When half the initial value is reached; at least 0.</param>
    /// <param name="per">The unit of the steepness; longer than nothing.</param>
    public SigmoidDecay(double initial, double steepness, Duration midpoint, Duration per)
    {
        Initial = initial;
        Steepness = steepness;
        Midpoint = midpoint;
        Per = per;
    }

    /// <summary>The upper limit of the curve; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>Change of the exponent per unit; finite.</summary>
    public double Steepness { get; init => field = Require.Finite(value, nameof(Steepness)); }

    /// <summary>When half the initial value is reached; at least 0.</summary>
    public Duration Midpoint { get; init; }

    /// <summary>The unit of the steepness; longer than nothing.</summary>
    public Duration Per { get; init => field = Require.Positive(value, nameof(Per)); }

    /// <inheritdoc/>
    public override double At(ScheduleTime time) =>
        Initial / (1 + PortableMath.Exp(Steepness * (time.Step - Midpoint.InSteps(time.Run)) / Per.InSteps(time.Run)));

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Midpoint.Needs | Per.Needs;

    internal override void WarnIn(RunWindow window) => window.WarnIfLonger("The midpoint of a sigmoid", Midpoint, "most of the curve is never reached", mayFill: false);
}
