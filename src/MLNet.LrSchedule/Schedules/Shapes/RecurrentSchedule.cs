using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A schedule whose value follows from the value before it: <c>value(n) = Next(n, value(n - 1))</c>, with n the number of whole units so far.</summary>
/// <remarks>
/// Asked without preparation, the value costs n evaluations. <see cref="Schedule.PrepareFor"/> works the sequence out once for a run, after which step ten million
/// costs what step one does. Derive from this type to write your own recurrence.
/// </remarks>
public abstract record RecurrentSchedule : Schedule
{
    // Bounds the memory of a prepared sequence to 8 MB; longer runs keep every second, third, ... value and work out the few between.
    private const long LargestTable = 1 << 20;

    /// <summary>The unit that is counted; longer than nothing. It is taken to be at least one step long.</summary>
    public abstract Duration Per { get; init; }

    /// <summary>The value before the first unit is over.</summary>
    /// <param name="run">The run the value is for.</param>
    protected abstract double First(TrainingRun run);

    /// <summary>The value after <paramref name="n"/> units.</summary>
    /// <param name="n">Whole units so far; at least 1.</param>
    /// <param name="previous">The value after n - 1 units.</param>
    /// <param name="run">The run the value is for.</param>
    protected abstract double Next(long n, double previous, TrainingRun run);

    /// <inheritdoc/>
    public sealed override double At(ScheduleTime time) => Continue(0, First(time.Run), CountAt(time), time.Run);

    /// <inheritdoc/>
    protected sealed override Schedule Prepare(TrainingRun run)
    {
        var sequence = PrepareParts(run);
        var units = (long)Math.Floor(Duration.SnapToWholeStep(run.TotalSteps / UnitIn(run)));
        var stride = 1 + (units / LargestTable);
        var table = new List<double> { sequence.First(run) };
        for (var n = stride; n <= units; n += stride)
        {
            table.Add(sequence.Continue(n - stride, table[^1], n, run));
        }

        return new Prepared(sequence, table.ToArray(), stride);
    }

    private protected virtual RecurrentSchedule PrepareParts(TrainingRun run) => this;

    private double UnitIn(TrainingRun run) => Math.Max(1, Per.InSteps(run));

    private long CountAt(ScheduleTime time) => Math.Max(0, (long)Math.Floor(Duration.SnapToWholeStep(time.Step / UnitIn(time.Run))));

    private double Continue(long from, double value, long to, TrainingRun run)
    {
        for (var n = from + 1; n <= to; n++)
        {
            value = Next(n, value, run);
        }

        return value;
    }

    private sealed record Prepared(RecurrentSchedule Sequence, double[] Table, long Stride) : Schedule
    {
        public override double At(ScheduleTime time)
        {
            var n = Sequence.CountAt(time);
            var entry = Math.Min(n / Stride, Table.Length - 1);
            return Sequence.Continue(entry * Stride, Table[entry], n, time.Run);
        }
    }
}
