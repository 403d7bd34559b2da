using System;


namespace MLNet.LrSchedule.Schedules;

/// <summary>An exponential curve between two values over the window: <c>from (to / from)^progress</c>.</summary>
/// <remarks>
/// Equal steps on a logarithmic axis: the sweep of a learning-rate range test, the decay of a tri-stage schedule, fastai's <c>SchedExp</c>.
/// </remarks>
public sealed record GeometricInterpolation : WindowShape
{
    /// <summary>An exponential curve between two values over the window: <c>from (to / from)^progress</c>.</summary>
    /// <param name="from">Value at step 0; finite, not 0, of the same sign as the end value.</param>
    /// <param name="to">Value at the end of the window and from there on; finite, not 0.</param>
    public GeometricInterpolation(double from, double to)
    {
        From = from;
        To = to;
    }

    /// <summary>Value at step 0; finite, not 0, of the same sign as the end value.</summary>
    public double From { get; init => field = Checked(value, To, value, nameof(From)); }

    /// <summary>Value at the end of the window and from there on; finite, not 0.</summary>
    public double To { get; init => field = Checked(From, value, value, nameof(To)); }

    /// <inheritdoc/>
    protected override double AtProgress(double progress) => progress == 1 ? To : From * PortableMath.Pow(To / From, progress);

    // While a record is being made the other value is still 0, which says nothing yet.
    private static double Checked(double from, double to, double written, string name)
    {
        if (!double.IsFinite(written) || written == 0)
        {
            throw new ArgumentOutOfRangeException(name, written, $"{name} must be finite and not 0.");
        }

        return from * to < 0 ? throw new ArgumentOutOfRangeException(name, written, "Both values must have the same sign.") : written;
    }
}
