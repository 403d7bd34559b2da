namespace MLNet.LrSchedule.Schedules;

/// <summary>A polynomial over the window: <c>to + (from - to) (1 - progress)^power</c>. Power 1 is a straight line.</summary>
/// <remarks>The power acts on the part that remains, whether the value falls or rises. The end value is reached at the end of the window and held.</remarks>
public sealed record PolynomialDecay : WindowShape
{
    /// <summary>A polynomial from one value to another.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value at the end of the window; finite.</param>
    /// <param name="power">Exponent; finite and above 0. Default 1.</param>
    public PolynomialDecay(double from, double to, double power = 1)
    {
        From = from;
        To = to;
        Power = power;
    }

    /// <summary>Value at step 0; finite.</summary>
    public double From { get; init => field = Require.Finite(value, nameof(From)); }

    /// <summary>Value at the end of the window and from there on; finite.</summary>
    public double To { get; init => field = Require.Finite(value, nameof(To)); }

    /// <summary>Exponent of the remaining share; finite and above 0.</summary>
    public double Power { get; init => field = Require.Positive(value, nameof(Power)); }

    /// <inheritdoc/>
    protected override double AtProgress(double progress) =>
        Blend.Between(To, From, PortableMath.Pow(1 - progress, Power));
}
