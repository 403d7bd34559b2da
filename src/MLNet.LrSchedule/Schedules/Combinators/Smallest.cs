using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The smaller value of two schedules at every moment.</summary>
public sealed record Smallest : Pointwise
{
    /// <summary>The smaller value of two schedules at every moment.</summary>
    /// <param name="left">The first schedule.</param>
    /// <param name="right">The second schedule.</param>
    public Smallest(Schedule left, Schedule right)
        : base(left, right)
    {
    }

    private protected override double Combine(double left, double right) => Math.Min(left, right);
}
