namespace MLNet.LrSchedule.Schedules;

/// <summary>The sum of two schedules, value by value.</summary>
public sealed record Sum : Pointwise
{
    /// <summary>The sum of two schedules, value by value.</summary>
    /// <param name="left">The first schedule.</param>
    /// <param name="right">The second schedule.</param>
    public Sum(Schedule left, Schedule right)
        : base(left, right)
    {
    }

    private protected override double Combine(double left, double right) => left + right;
}
