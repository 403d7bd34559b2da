namespace MLNet.LrSchedule.Schedules;

/// <summary>Half a cosine wave over the window: <c>to + (from - to) ((1 + cos(pi progress)) / 2)^exponent</c>.</summary>
/// <remarks>
/// The end value is reached at the end of the window and held. For warm restarts see <see cref="Schedule.Restart"/>.
/// Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017, eq. 5.
/// </remarks>
public sealed record CosineAnnealing : WindowShape
{
    /// <summary>Half a cosine wave from one value to another.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value at the end of the window; finite.</param>
    /// <param name="exponent">Exponent of the falling half wave; finite and above 0. Default 1.</param>
    public CosineAnnealing(double from, double to, double exponent = 1)
    {
        From = from;
        To = to;
        Exponent = exponent;
    }

    /// <summary>Value at step 0; finite.</summary>
    public double From { get; init => field = Require.Finite(value, nameof(From)); }

    /// <summary>Value at the end of the window and from there on; finite.</summary>
    public double To { get; init => field = Require.Finite(value, nameof(To)); }

    /// <summary>Exponent of the falling half wave; finite and above 0.</summary>
    public double Exponent { get; init => field = Require.Positive(value, nameof(Exponent)); }

    /// <inheritdoc/>
    protected override double AtProgress(double progress) =>
        Blend.Between(To, From, PortableMath.Pow((1 + PortableMath.CosPi(progress)) / 2, Exponent));
}
