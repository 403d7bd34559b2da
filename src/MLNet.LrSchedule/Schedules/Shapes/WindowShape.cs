namespace MLNet.LrSchedule.Schedules;

/// <summary>A shape that spans whatever window it is given: its value depends only on the share of the window that is over.</summary>
/// <remarks>Derive from it to write a shape of your own: <c>For</c>, <c>WithWarmup</c>, <c>Restart</c> and the other combinators then give it its length.</remarks>
public abstract record WindowShape : Schedule
{
    /// <inheritdoc/>
    public sealed override double At(ScheduleTime time) => AtProgress(time.Progress);

    /// <summary>The value when a share of the window is over.</summary>
    /// <param name="progress">The share: 0 at the start, 1 from the end of the window on.</param>
    protected abstract double AtProgress(double progress);

    internal sealed override RunKnowledge NeedsIn(RunKnowledge window) => window;
}
