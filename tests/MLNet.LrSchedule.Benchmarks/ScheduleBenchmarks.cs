using BenchmarkDotNet.Attributes;
using MLNet.LrSchedule.Schedules;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>What it costs to ask a schedule for its value, once per step. The composed one must stay under 200 ns and allocate nothing.</summary>
[MemoryDiagnoser]
public class ScheduleBenchmarks
{
    private static readonly TrainingRun Run = new(10_000_000, 1000);

    private readonly Schedule _constant = Schedule.Constant(0.1).PrepareFor(Run);
    private readonly Schedule _cosine = Schedule.Cosine(0.1, 1e-5).PrepareFor(Run);
    private readonly Schedule _exponential = Schedule.Exponential(0.1, 0.96, every: Epochs(100)).PrepareFor(Run);
    private readonly Schedule _compounding = Schedule.TimeBasedCompounding(0.1, 1e-9, per: Steps(1)).PrepareFor(Run);
    private readonly Schedule _oneCycle = Schedule.OneCycle(0.1).PrepareFor(Run);

    private readonly Schedule _composed = (Schedule.Cosine(0.1, 1e-5).Restart(every: Epochs(10), periodMultiplier: 2) * Schedule.Exponential(1, 0.9, every: Epochs(100)))
        .Staircase(every: Epochs(1))
        .WithWarmup(over: Steps(500))
        .PrepareFor(Run);

    private long _step;

    [Params(100L, 9_999_000L)]
    public long Start { get; set; }

    [GlobalSetup]
    public void Begin() => _step = Start;

    [Benchmark]
    public double Constant() => Ask(_constant);

    [Benchmark]
    public double Cosine() => Ask(_cosine);

    [Benchmark]
    public double Exponential() => Ask(_exponential);

    [Benchmark]
    public double CompoundingPerStep() => Ask(_compounding);

    [Benchmark]
    public double OneCycle() => Ask(_oneCycle);

    [Benchmark(Description = "Warmup, restarts, product of two, staircase")]
    public double Composed() => Ask(_composed);

    // Walks through a few hundred steps from the start, so that no branch is always the same.
    private double Ask(Schedule schedule)
    {
        _step = _step == Start + 800 ? Start : _step + 1;
        return schedule.At(Run.At(_step));
    }
}
