using System;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class CatalogTests
{
    private static readonly TrainingRun Run = TrainingRun.OfEpochs(10, stepsPerEpoch: 10);

    [Fact]
    public void Shapes_reach_their_end_values_exactly_at_the_end_of_the_window_and_hold_them()
    {
        foreach (var shape in (Schedule[])
            [
                Schedule.Linear(0.3, 0.1), Schedule.Polynomial(0.3, 0.1, 2), Schedule.Cosine(0.3, 0.1), Schedule.Geometric(0.3, 0.1), Schedule.Rex(0.3, 0.1), Schedule.Tanh(0.3, 0.1),
            ])
        {
            Assert.Equal(0.1, At(shape, 100));
            Assert.Equal(0.1, At(shape, 250));
            Assert.InRange(At(shape, 0), 0.3 - 1e-6, 0.3);
            Assert.NotEqual(0.1, At(shape, 99));
        }
    }

    [Fact]
    public void The_momentum_of_one_cycle_mirrors_its_rate()
    {
        var rate = Schedule.OneCycle(0.1);
        var momentum = Schedule.OneCycleMomentum();

        Assert.Equal([0.004, 0.1, 1e-5], new[] { 0, 30, 100 }.Select(step => At(rate, step)));
        Assert.Equal([0.95, 0.85, 0.95], new[] { 0, 30, 100 }.Select(step => At(momentum, step)));
    }

    [Fact]
    public void One_cycle_in_three_phases_comes_back_before_it_ends()
    {
        var rate = Schedule.OneCycleThreePhase(0.1, rise: Fraction(0.4), shape: Annealing.Linear);

        Assert.Equal([0.004, 0.1, 0.004, 1e-5], new[] { 0, 40, 80, 100 }.Select(step => Math.Round(At(rate, step), 12)));
        Assert.Throws<ArgumentException>(() => Schedule.OneCycleThreePhase(0.1, rise: Fraction(0.6)));
    }

    [Fact]
    public void Triangles_follow_their_amplitude()
    {
        var schedule = Schedule.Triangular(0, 1, up: Steps(10), down: Steps(5), amplitudeMultiplier: 0.5);

        Assert.Equal([0, 0.5, 1, 0.6, 0, 0.5, 0.25], new[] { 0, 5, 10, 12, 15, 25, 40 }.Select(step => Math.Round(At(schedule, step), 12)));
    }

    [Fact]
    public void A_saw_tooth_without_a_way_down_is_legal()
    {
        Assert.Equal([0, 0.5, 0, 0.5], new[] { 0, 2, 4, 6 }.Select(step => At(Schedule.Triangular(0, 1, up: Steps(4), down: Steps(0)), step)));
    }

    [Fact]
    public void A_monotone_spline_goes_through_its_points_and_never_overshoots()
    {
        var schedule = Schedule.PiecewiseCubic((Epochs(0), 0), (Epochs(2), 1), (Epochs(4), 1), (Epochs(10), 0.1)).PrepareFor(Run);
        var values = Enumerable.Range(0, 101).Select(step => At(schedule, step)).ToArray();

        Assert.Equal([0, 1, 1, 0.1], new[] { 0, 20, 40, 100 }.Select(step => values[step]));
        Assert.All(Enumerable.Range(0, 20), step => Assert.True(values[step] < values[step + 1]));
        Assert.All(Enumerable.Range(20, 20), step => Assert.Equal(1, values[step], 12));
        Assert.All(Enumerable.Range(40, 60), step => Assert.True(values[step] > values[step + 1]));
    }

    [Fact]
    public void Points_in_different_units_must_be_in_order_in_the_run()
    {
        var schedule = Schedule.PiecewiseLinear((Epochs(5), 0), (Steps(20), 1));

        Assert.Contains("out of order", Assert.Throws<InvalidOperationException>(() => schedule.PrepareFor(Run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_with_a_floor_depends_on_the_order()
    {
        Schedule Chain(params ChainLink[] links) => new Chain(1, [.. links], Steps(1));
        var cosine = new ChainLink(Schedule.CosineWave(1, 0, Steps(10)), floor: 0.5);
        var decay = new ChainLink(Schedule.Exponential(1, 0.9, Steps(1)));

        Assert.NotEqual(At(Chain(cosine, decay), 5), At(Chain(decay, cosine), 5));
        Assert.Equal(At(Chain(decay, cosine with { Floor = 0 }), 5), At(Schedule.CosineWave(1, 0, Steps(10)) * Schedule.Exponential(1, 0.9, Steps(1)), 5), 12);
    }

    [Fact]
    public void Values_out_of_range_are_refused_where_they_are_written_even_by_with()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Constant(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Cosine(0.1, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Cosine(0.1, 0).Restart(Epochs(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Cosine(0.1, 0).Restart(Epochs(1), periodMultiplier: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Geometric(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Geometric(0.1, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Exponential(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.CosineLog(0.1, growth: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineAnnealing(1, 0) with { Exponent = 0 });
        Assert.Throws<ArgumentException>(() => Schedule.PiecewiseConstant([Epochs(1)], [1]));
        Assert.Throws<ArgumentException>(() => Schedule.PiecewiseLinear((Epochs(0), 1)));
        Assert.Throws<ArgumentNullException>(() => Schedule.Custom(null!));
    }

    [Fact]
    public void The_tail_of_a_very_long_run_costs_no_more_than_its_start()
    {
        // Not a timing: a recurrence that walked from the start at every step would not finish here.
        var run = new TrainingRun(10_000_000, 1000);
        var schedule = Schedule.TimeBasedCompounding(0.1, 1e-9, per: Steps(1)).PrepareFor(run);
        var sum = 0.0;
        for (var step = run.TotalSteps - 200_000; step < run.TotalSteps; step++)
        {
            sum += schedule.At(run.At(step));
        }

        Assert.InRange(sum, 0, 0.1 * 200_000);
    }

    [Fact]
    public void Asking_a_composed_schedule_allocates_nothing()
    {
        var run = TrainingRun.OfEpochs(100, 50);
        var schedule = ((Schedule.Cosine(0.1, 1e-5).Restart(Epochs(10), 2, 0.8) * Schedule.TimeBasedCompounding(1, 1e-4)).Staircase(Epochs(1)).WithWarmup(Steps(500)) +
            Schedule.Linear(0, 0.1).For(Fraction(0.2)).Then(Schedule.PiecewiseCubic((Epochs(0), 0.1), (Epochs(50), 0.05), (Epochs(80), 0)))).PrepareFor(run);
        // Every part once: a class makes what it has for all its instances when it is first used, which the last part is not at the first step.
        var sum = schedule.At(run.At(0)) + schedule.At(run.At(4999));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 5000; step++)
        {
            sum += schedule.At(run.At(step));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);
    }

    private static double At(Schedule schedule, int step) => schedule.At(Run.At(step));
}
