using System;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class CombinatorTests
{
    private static readonly TrainingRun Run = TrainingRun.OfEpochs(10, stepsPerEpoch: 10);

    [Fact]
    public void Warmup_ends_exactly_at_the_inner_start_value()
    {
        var schedule = Schedule.Cosine(from: 0.1, to: 1e-5).WithWarmup(over: Steps(40));

        Assert.Equal(0, At(schedule, 0));
        Assert.Equal(0.05, At(schedule, 20));
        Assert.Equal(0.1, At(schedule, 40));
        Assert.Equal(1e-5, At(schedule, 100));
    }

    [Fact]
    public void A_warmup_may_have_any_shape()
    {
        var schedule = Schedule.Constant(2).WithWarmup(over: Steps(10), ramp: Schedule.Cosine(0, 1), from: 1);

        Assert.Equal([1, 1.5, 2, 2], new[] { 0, 5, 10, 11 }.Select(step => At(schedule, step)));
    }

    [Fact]
    public void A_phase_hands_over_at_its_first_step_after_the_end()
    {
        var schedule = Schedule.Linear(from: 0, to: 0.01).For(Epochs(3)).Then(0.5);

        Assert.Equal(0.01 * 29 / 30, At(schedule, 29), 15);
        Assert.Equal(0.5, At(schedule, 30));
    }

    [Fact]
    public void A_sequence_leaves_its_last_part_the_rest_of_the_window()
    {
        var schedule = Schedule.Linear(0, 1).For(Fraction(0.1)).Then(Schedule.Constant(1).For(Fraction(0.7))).Then(Schedule.Linear(1, 0));

        Assert.Equal(1, At(schedule, 80));
        Assert.Equal(0.5, At(schedule, 90));
        Assert.Equal(0, At(schedule, 100));
    }

    [Fact]
    public void Nothing_can_follow_a_part_that_never_ends()
    {
        var endless = Schedule.Linear(0, 1).For(Epochs(1)).Then(0.5);

        Assert.Contains("For", Assert.Throws<InvalidOperationException>(() => endless.Then(0.1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_phase_without_length_is_skipped()
    {
        Assert.Equal(0.5, At(Schedule.Linear(0, 1).For(Steps(0)).Then(0.5), 0));
        Assert.Equal(0.5, At(Schedule.Constant(0.5).WithWarmup(over: Epochs(0)), 0));
    }

    [Theory]
    [InlineData(1, new[] { 0, 16, 32, 48, 64 })]
    [InlineData(2, new[] { 0, 16, 48, 112, 240 })]
    [InlineData(1.5, new[] { 0, 16, 40, 76, 130, 211 })]
    [InlineData(3, new[] { 0, 16, 64, 208, 640, 1936 })]
    public void Restarts_land_on_the_accumulated_cycle_starts(double multiplier, int[] starts)
    {
        var run = new TrainingRun(2000, 1);
        var schedule = Schedule.Linear(from: 1, to: 0).Restart(every: Steps(16), periodMultiplier: multiplier);
        foreach (var form in (Schedule[])[schedule, schedule.PrepareFor(run)])
        {
            Assert.Equal(starts, Enumerable.Range(0, starts[^1] + 1).Where(step => form.At(run.At(step)) == 1));
        }
    }

    [Fact]
    public void Cycles_that_shrink_end_up_one_step_long()
    {
        var schedule = Schedule.Linear(from: 1, to: 0).Restart(every: Steps(4), periodMultiplier: 0.5);
        foreach (var form in (Schedule[])[schedule, schedule.PrepareFor(Run)])
        {
            Assert.Equal([1, 0.75, 0.5, 0.25, 1, 0.5, 1, 1, 1], Enumerable.Range(0, 9).Select(step => form.At(Run.At(step))));
        }
    }

    [Fact]
    public void A_peak_multiplier_lowers_the_peaks_and_keeps_the_floor()
    {
        var schedule = Schedule.Linear(from: 1, to: 0.2).Restart(every: Steps(10), peakMultiplier: 0.5);

        Assert.Equal(1, At(schedule, 0));
        Assert.Equal(0.2 + (0.8 * 0.5), At(schedule, 10), 15);
        Assert.Equal(0.2 + (0.4 * 0.5), At(schedule, 15), 15);
        Assert.Equal(0.2 + (0.8 * 0.25), At(schedule, 20), 15);
    }

    [Fact]
    public void A_staircase_holds_the_value_of_the_start_of_each_period()
    {
        var schedule = Schedule.Linear(1, 0).Staircase(every: Epochs(1));

        Assert.Equal(1, At(schedule, 9));
        Assert.Equal(0.9, At(schedule, 10));
        Assert.Equal(0.9, At(schedule, 19));
    }

    [Fact]
    public void Values_combine_pointwise()
    {
        Schedule line = Schedule.Linear(1, 0);

        Assert.Equal(0.05, At(line * 0.1, 50));
        Assert.Equal(1.5, At(line + 1, 50));
        Assert.Equal(0.7, At(line.Clamp(minimum: 0.7), 50));
        Assert.Equal(0.3, At(line.Clamp(maximum: 0.3), 50));
        Assert.Equal(0.4, At(line.Advance(Steps(10)), 50));
    }

    [Fact]
    public void Limits_in_the_wrong_order_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Constant(1).Clamp(minimum: 2, maximum: 1));
    }

    [Fact]
    public void A_custom_schedule_sees_its_own_window_and_the_run()
    {
        var seen = Schedule.Custom(time => (1000 * time.Step) + time.GlobalStep).WithWarmup(over: Steps(40));

        Assert.Equal((1000 * 5) + 45, At(seen, 45));
    }

    private static double At(Schedule schedule, int step) => schedule.At(Run.At(step));
}
