namespace MLNet.LrSchedule.Schedules;

/// <summary>One link of a <see cref="Chain"/>: it multiplies the distance of the value from a floor.</summary>
public sealed record ChainLink
{
    /// <summary>One link of a chain.</summary>
    /// <param name="factor">A schedule whose changes, relative to its value before, are applied.</param>
    /// <param name="floor">What the distance is measured from; finite. Default 0.</param>
    public ChainLink(Schedule factor, double floor = 0)
    {
        Factor = factor;
        Floor = floor;
    }

    /// <summary>A schedule whose changes, relative to its value before, are applied.</summary>
    public Schedule Factor { get; init => field = Require.NotNull(value, nameof(Factor)); }

    /// <summary>What the distance is measured from; finite.</summary>
    public double Floor { get; init => field = Require.Finite(value, nameof(Floor)); }
}
