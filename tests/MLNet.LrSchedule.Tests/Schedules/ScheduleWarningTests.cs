using System;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class ScheduleWarningTests
{
    private static readonly TrainingRun Run = TrainingRun.OfEpochs(50, stepsPerEpoch: 9);

    [Fact]
    public void A_decay_longer_than_the_run_is_named_with_both_lengths()
    {
        var warning = Assert.Single(Schedule.Cosine(0.1, 0).For(Epochs(100)).WarningsFor(Run));

        Assert.Equal("A phase takes 100 epochs (900 steps), but there are only 450 steps for it: its end is never reached.", warning);
    }

    [Fact]
    public void Whatever_cannot_be_reached_is_warned_about()
    {
        Assert.Equal(
            "A warmup takes 500 steps, but there are only 450 steps for it: the schedule behind it is never reached.",
            Assert.Single(Schedule.Constant(0.1).WithWarmup(Steps(500)).WarningsFor(Run)));
        Assert.Contains("what follows", Assert.Single(Schedule.Linear(0, 1).For(Epochs(30)).Then(Schedule.Constant(1).For(Epochs(30))).Then(0.1).WarningsFor(Run)), StringComparison.Ordinal);
        Assert.Contains("restarts", Assert.Single(Schedule.Cosine(1, 0).Restart(Epochs(60)).WarningsFor(Run)), StringComparison.Ordinal);
        Assert.Contains("never drops", Assert.Single(Schedule.StepDecay(0.1, 0.5, Epochs(50)).WarningsFor(Run)), StringComparison.Ordinal);
        Assert.Contains("never changes", Assert.Single(Schedule.Linear(0.1, 0).Staircase(Epochs(50)).WarningsFor(Run)), StringComparison.Ordinal);
        Assert.Contains("peak", Assert.Single(Schedule.Triangular(0, 1, up: Epochs(80)).WarningsFor(Run)), StringComparison.Ordinal);
        Assert.Contains("boundary", Assert.Single(Schedule.PiecewiseConstant([Epochs(10), Epochs(70)], [1, 0.5, 0.1]).WarningsFor(Run)), StringComparison.Ordinal);
        Assert.Contains("point", Assert.Single(Schedule.PiecewiseLinear((Epochs(0), 0), (Epochs(60), 1)).WarningsFor(Run)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_is_held_against_the_window_it_gets_not_against_the_run()
    {
        var schedule = Schedule.Cosine(1, 0).Restart(every: Epochs(10)).For(Epochs(5)).Then(0.1);

        Assert.Contains("(90 steps), but there are only 45 steps", Assert.Single(schedule.WarningsFor(Run)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_fits_is_not_warned_about()
    {
        Assert.Empty(Schedule.OneCycle(0.1).WarningsFor(Run));
        Assert.Empty(Schedule.Cosine(0.1, 0).For(Epochs(50)).WarningsFor(Run));
        Assert.Empty(Schedule.Cosine(0.1, 1e-5).Restart(Epochs(10), 2, 0.8).WithWarmup(Steps(50)).WarningsFor(Run));
        Assert.Empty(Schedule.TimeBased(0.1, 0.002).WarningsFor(Run));
    }

    [Fact]
    public void Phases_that_overlap_are_refused_where_they_are_written()
    {
        var exception = Assert.Throws<ArgumentException>(() => Schedule.Linear(0, 1).For(Fraction(0.6)).Then(Schedule.Constant(1).For(Fraction(0.7))).Then(0));
        Assert.Contains("130%", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_schedule_must_know_of_the_run_can_be_asked()
    {
        Assert.False(Schedule.Constant(0.1).NeedsTotalSteps);
        Assert.True(Schedule.Cosine(0.1, 0).NeedsTotalSteps);
        Assert.False(Schedule.Cosine(0.1, 0).For(Epochs(5)).NeedsTotalSteps);
        Assert.True(Schedule.Cosine(0.1, 0).For(Epochs(5)).NeedsStepsPerEpoch);
        Assert.False(Schedule.Cosine(0.1, 0).For(Steps(5)).NeedsStepsPerEpoch);
        Assert.True(Schedule.Constant(0.1).WithWarmup(Fraction(0.1)).NeedsTotalSteps);
        Assert.False(Schedule.TimeBased(0.1, 0.002, per: Steps(1)).NeedsStepsPerEpoch);
        Assert.True(Schedule.TimeBased(0.1, 0.002).NeedsStepsPerEpoch);
        Assert.True(Schedule.Custom(_ => 1).NeedsTotalSteps);
        Assert.True(Schedule.Linear(0, 1).For(Steps(5)).Then(Schedule.Linear(1, 0)).NeedsTotalSteps);
        Assert.False(Schedule.Linear(0, 1).For(Steps(5)).Then(0.5).NeedsTotalSteps);
    }
}
