namespace MLNet.LrSchedule.Schedules;

/// <summary>The product of two schedules, value by value.</summary>
public sealed record Product : Pointwise
{
    /// <summary>The product of two schedules, value by value.</summary>
    /// <param name="left">The first schedule.</param>
    /// <param name="right">The second schedule.</param>
    public Product(Schedule left, Schedule right)
        : base(left, right)
    {
    }

    private protected override double Combine(double left, double right) => left * right;
}
