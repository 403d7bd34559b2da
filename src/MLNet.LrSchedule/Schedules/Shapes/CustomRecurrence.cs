using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Any recurrence: <c>value(n) = next(n, value(n - 1))</c>, with n the number of whole units so far.</summary>
/// <remarks>A function cannot be saved; a record deriving from <see cref="RecurrentSchedule"/> can. The function must be pure.</remarks>
public sealed record CustomRecurrence : RecurrentSchedule
{
    /// <summary>A recurrence from a function.</summary>
    /// <param name="initial">Value before the first unit is over; finite.</param>
    /// <param name="next">The value after n units, from n and the value before.</param>
    /// <param name="per">The unit that is counted; longer than nothing.</param>
    public CustomRecurrence(double initial, Func<long, double, double> next, Duration per)
    {
        ArgumentNullException.ThrowIfNull(next);
        Initial = initial;
        Function = next;
        Per = per;
    }

    /// <summary>Value before the first unit is over; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>The value after n units, from n and the value before.</summary>
    public Func<long, double, double> Function { get; }

    /// <inheritdoc/>
    public override Duration Per { get; init => field = Require.Positive(value, nameof(Per)); }

    private protected override bool IsOpaqueItself => true;

    /// <inheritdoc/>
    protected override double First(TrainingRun run) => Initial;

    /// <inheritdoc/>
    protected override double Next(long n, double previous, TrainingRun run) => Function(n, previous);

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Per.Needs;
}
