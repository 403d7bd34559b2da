using System;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class DoorTests
{
    [Fact]
    public void An_integer_initial_rate_does_not_collapse_to_zero()
    {
        Assert.Equal(0.5, Schedule.FromKeras.CosineDecay(1, 10).At(new TrainingRun(10, 1).At(5)), 15);
    }

    [Fact]
    public void A_door_that_counts_steps_moves_within_an_epoch_and_one_that_counts_epochs_does_not()
    {
        var run = TrainingRun.OfEpochs(10, 4);

        Assert.Equal(0.1 * 0.9, Schedule.FromPyTorch.ExponentialLR(0.1, 0.9).At(run.At(7)), 15);
        Assert.Equal(0.1 * Math.Pow(0.9, 7), Schedule.FromPyTorch.ExponentialLR(0.1, 0.9, per: Steps(1)).At(run.At(7)), 15);
    }

    [Fact]
    public void What_the_libraries_accept_silently_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Schedule.FromKeras.PiecewiseConstantDecay([5, 3], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => Schedule.FromKeras.CosineDecay(0.1, 10, warmupSteps: 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromKeras.PolynomialDecay(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromPyTorch.ConstantLR(0.1, factor: 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromPyTorch.StepLR(0.1, stepSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromPyTorch.CosineAnnealingLR(0.1, tMax: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromPyTorch.CyclicLR(0.1, 0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromPyTorch.CyclicLR(0.01, 0.1, stepSizeUp: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromPyTorch.OneCycleLR(0.1, 20, pctStart: 0.6, threePhase: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromPyTorch.OneCycleLR(0.1, 20, pctStart: 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromPyTorch.SequentialLR([0.1, 0.2], [0]));
        Assert.Throws<ArgumentException>(() => Schedule.FromPyTorch.SequentialLR([0.1, 0.2], [3, 5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromOptax.PolynomialSchedule(1, 0, 1, -5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromOptax.ExponentialDecay(0.1, 0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromOptax.WarmupCosineDecaySchedule(0, 0.1, 10, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromTimm.CosineLRScheduler(0.1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromTimm.TanhLRScheduler(0.1, 10, lb: 3, ub: -7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromTransformers.Linear(0.1, 20, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromTransformers.Polynomial(0.1, 0, 10, lrEnd: 0.1));
        Assert.Throws<ArgumentException>(() => Schedule.FromTransformers.CosineWithMinLr(0.1, 0, 10));
        Assert.Throws<ArgumentException>(() => Schedule.FromTransformers.CosineWithMinLr(0.1, 0, 10, minLr: 0.01, minLrRate: 0.1));
        Assert.Throws<ArgumentException>(() => Schedule.FromFastai.CombineScheds([0.5, 0.4], [0.1, 0.2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.FromScikitLearn.InvScaling(0));
    }
}
