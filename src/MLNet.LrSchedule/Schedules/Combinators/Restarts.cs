using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A schedule over and over, in cycles whose length and peak may change from one to the next.</summary>
/// <remarks>
/// <para>Cycle i is <c>every periodMultiplier^i</c> long and starts where cycle i - 1 ends. The starts are accumulated, never found by logarithms, so each restart
/// happens at its exact step for every multiplier. A cycle is at least one step long, whatever the multiplier.</para>
/// <para>With a <c>peakMultiplier</c>, the distance of cycle i from its last value is multiplied by <c>peakMultiplier^i</c>: a cosine from a peak to a floor restarts
/// from <c>floor + (peak - floor) peakMultiplier^i</c> and still ends at the floor.</para>
/// <para>Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017.</para>
/// </remarks>
/// <example><code>Schedule.Cosine(from: 0.1, to: 1e-5).Restart(every: Epochs(10), periodMultiplier: 2, peakMultiplier: 0.8)</code></example>
public sealed record Restarts : Schedule
{
    // Bounds the memory of prepared cycle starts; a run with more cycles walks the rest.
    private const int LargestTable = 1 << 20;

    /// <summary>A schedule over and over.</summary>
    /// <param name="inner">What runs in each cycle, over the window of that cycle.</param>
    /// <param name="every">Length of the first cycle; longer than nothing.</param>
    /// <param name="periodMultiplier">Length of each cycle relative to the one before; finite and above 0. Default 1.</param>
    /// <param name="peakMultiplier">Height of each cycle above its last value, relative to the one before; finite and at least 0. Default 1.</param>
    public Restarts(Schedule inner, Duration every, double periodMultiplier = 1, double peakMultiplier = 1)
    {
        Inner = inner;
        Every = every;
        PeriodMultiplier = periodMultiplier;
        PeakMultiplier = peakMultiplier;
    }

    /// <summary>Length of the first cycle; longer than nothing.</summary>
    public Duration Every { get; init => field = Require.Positive(value, nameof(Every)); }

    /// <summary>Length of each cycle relative to the one before; finite and above 0.</summary>
    public double PeriodMultiplier { get; init => field = Require.Positive(value, nameof(PeriodMultiplier)); }

    /// <summary>Height of each cycle above its last value, relative to the one before; finite and at least 0.</summary>
    public double PeakMultiplier { get; init => field = Require.NonNegative(value, nameof(PeakMultiplier)); }

    /// <summary>What runs in each cycle.</summary>
    public Schedule Inner { get; init => field = Require.NotNull(value, nameof(Inner)); }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => [Inner];

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => ValueIn(CycleAt(FirstCycle(time.Run), time.Step), time);

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run)
    {
        var prepared = this with { Inner = Inner.PrepareFor(run) };
        var cycle = FirstCycle(run);
        if (IsRegularFrom(cycle))
        {
            return prepared;
        }

        var cycles = new List<Cycle> { cycle };
        while (!IsRegularFrom(cycle) && cycle.End <= run.TotalSteps && cycles.Count < LargestTable)
        {
            cycle = cycle.Following(PeriodMultiplier);
            cycles.Add(cycle);
        }

        return new Prepared(prepared, cycles.ToArray());
    }

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Every.Needs | Inner.NeedsIn(Every.Needs);

    private Cycle FirstCycle(TrainingRun run) => new(0, 0, Math.Max(1, Every.InSteps(run)));

    private bool IsRegularFrom(Cycle cycle) => PeriodMultiplier == 1 || (PeriodMultiplier < 1 && cycle.Length == 1);

    private Cycle CycleAt(Cycle cycle, double step)
    {
        while (step >= cycle.End)
        {
            if (IsRegularFrom(cycle))
            {
                return cycle.LaterByWhole(step);
            }

            cycle = cycle.Following(PeriodMultiplier);
        }

        return cycle;
    }

    private double ValueIn(Cycle cycle, ScheduleTime time)
    {
        var value = Inner.At(time.Window(cycle.Start, cycle.Length));
        if (PeakMultiplier == 1 || cycle.Index == 0)
        {
            return value;
        }

        var last = Inner.At(time.AtStep(cycle.End).Window(cycle.Start, cycle.Length));
        return Blend.Between(last, value, PortableMath.Pow(PeakMultiplier, cycle.Index));
    }

    /// <summary>One cycle: its number from 0, and where it starts and how long it is, in steps.</summary>
    private readonly record struct Cycle(long Index, double Start, double Length)
    {
        public double End => Duration.SnapToWholeStep(Start + Length);

        public Cycle Following(double multiplier) => new(Index + 1, End, Duration.SnapToWholeStep(Math.Max(1, Length * multiplier)));

        public Cycle LaterByWhole(double step)
        {
            var cycles = Math.Floor(Duration.SnapToWholeStep((step - Start) / Length));
            return new(Index + (long)cycles, Duration.SnapToWholeStep(Start + (cycles * Length)), Length);
        }
    }

    private sealed record Prepared(Restarts Restarts, Cycle[] Cycles) : Schedule
    {
        public override double At(ScheduleTime time)
        {
            var low = 0;
            var high = Cycles.Length - 1;
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                if (Cycles[middle].Start <= time.Step)
                {
                    low = middle;
                }
                else
                {
                    high = middle - 1;
                }
            }

            return Restarts.ValueIn(Restarts.CycleAt(Cycles[low], time.Step), time);
        }
    }


    internal override void WarnIn(RunWindow window)
    {
        window.WarnIfLonger("A cycle", Every, "its end is never reached and nothing restarts", mayFill: true);
        Inner.WarnIn(window.OfLength(FirstCycle(window.Run).Length));
    }
}
