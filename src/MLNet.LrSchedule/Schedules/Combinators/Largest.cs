using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The larger value of two schedules at every moment.</summary>
public sealed record Largest : Pointwise
{
    /// <summary>The larger value of two schedules at every moment.</summary>
    /// <param name="left">The first schedule.</param>
    /// <param name="right">The second schedule.</param>
    public Largest(Schedule left, Schedule right)
        : base(left, right)
    {
    }

    private protected override double Combine(double left, double right) => Math.Max(left, right);
}
