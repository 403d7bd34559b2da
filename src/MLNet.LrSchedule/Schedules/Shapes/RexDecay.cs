namespace MLNet.LrSchedule.Schedules;

/// <summary>A curve that stays high for long and then falls: <c>to + (from - to) (1 - progress) / (1 - progress / 2)</c>.</summary>
/// <remarks>
/// Chen, Wolfe and Kyrillidis, REX: Revisiting Budgeted Training with an Improved Schedule, MLSys 2022.
/// </remarks>
public sealed record RexDecay : WindowShape
{
    /// <summary>A curve that stays high for long and then falls: <c>to + (from - to) (1 - progress) / (1 - progress / 2)</c>.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value at the end of the window and from there on; finite. Default 0.</param>
    public RexDecay(double from, double to = 0)
    {
        From = from;
        To = to;
    }

    /// <summary>Value at step 0; finite.</summary>
    public double From { get; init => field = Require.Finite(value, nameof(From)); }

    /// <summary>Value at the end of the window and from there on; finite. Default 0.</summary>
    public double To { get; init => field = Require.Finite(value, nameof(To)); }

    /// <inheritdoc/>
    protected override double AtProgress(double progress) => Blend.Between(To, From, (1 - progress) / (1 - (progress / 2)));
}
