using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Two schedules combined value by value, both in the same window.</summary>
public abstract record Pointwise : Schedule
{
    private protected Pointwise(Schedule left, Schedule right)
    {
        Left = left;
        Right = right;
    }

    /// <summary>The first schedule.</summary>
    public Schedule Left { get; init => field = Require.NotNull(value, nameof(Left)); }

    /// <summary>The second schedule.</summary>
    public Schedule Right { get; init => field = Require.NotNull(value, nameof(Right)); }

    /// <inheritdoc/>
    protected internal sealed override IEnumerable<Schedule> Parts => [Left, Right];

    /// <inheritdoc/>
    public sealed override double At(ScheduleTime time) => Combine(Left.At(time), Right.At(time));

    /// <inheritdoc/>
    protected sealed override Schedule Prepare(TrainingRun run) => this with { Left = Left.PrepareFor(run), Right = Right.PrepareFor(run) };

    internal sealed override RunKnowledge NeedsIn(RunKnowledge window) => Left.NeedsIn(window) | Right.NeedsIn(window);

    private protected abstract double Combine(double left, double right);
}
