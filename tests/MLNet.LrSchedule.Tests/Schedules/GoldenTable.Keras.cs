using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Schedules;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public static partial class GoldenTable
{
    private static IEnumerable<GoldenEntry> Tutorial =>
    [
        Case("tutorial-time-based-table", Schedule.TimeBasedCompounding(0.1, 0.001)),
        Case("tutorial-time-based-50", Schedule.TimeBasedCompounding(0.1, 0.002)),
        Case("tutorial-time-based-zero-decay", Schedule.TimeBasedCompounding(0.1, 0)),
        Case("tutorial-drop-text", Schedule.StepDecay(0.1, 0.5, every: Epochs(10))),
        Case("tutorial-drop-code", Schedule.StepDecay(0.1, 0.5, every: Epochs(10), offset: Epochs(1))),
    ];

    private static IEnumerable<GoldenEntry> Keras =>
    [
        Case("keras2-sgd-decay-ionosphere", Schedule.FromKeras.LegacyDecay(0.1, 0.002)),
        Case("keras2-sgd-decay-fast", Schedule.FromKeras.LegacyDecay(0.5, 0.25)),
        Case("keras-exponential", Schedule.FromKeras.ExponentialDecay(0.1, 10, 0.96)),
        Case("keras-exponential-staircase", Schedule.FromKeras.ExponentialDecay(0.1, 10, 0.5, staircase: true)),
        Case("keras-exponential-growing", Schedule.FromKeras.ExponentialDecay(0.001, 4, 1.5)),
        Case("keras-inverse-time", Schedule.FromKeras.InverseTimeDecay(0.1, 1, 0.5)),
        Case("keras-inverse-time-steps", Schedule.FromKeras.InverseTimeDecay(0.05, 8, 2)),
        Case("keras-inverse-time-staircase", Schedule.FromKeras.InverseTimeDecay(0.1, 8, 0.5, staircase: true)),
        Case("keras-polynomial-linear", Schedule.FromKeras.PolynomialDecay(0.1, 20, 0.01)),
        Case("keras-polynomial-default-end", Schedule.FromKeras.PolynomialDecay(0.1, 10)),
        Case("keras-polynomial-sqrt", Schedule.FromKeras.PolynomialDecay(0.1, 20, 0.01, power: 0.5)),
        Case("keras-polynomial-quadratic", Schedule.FromKeras.PolynomialDecay(0.2, 25, 0, power: 2)),
        Case("keras-polynomial-cycle", Schedule.FromKeras.PolynomialDecay(0.1, 10, 0.01, cycle: true)),
        Case("keras-polynomial-cycle-sqrt", Schedule.FromKeras.PolynomialDecay(0.1, 8, 0.001, power: 0.5, cycle: true)),
        Case("keras-piecewise-constant", Schedule.FromKeras.PiecewiseConstantDecay([5, 12, 20], [1, 0.5, 0.1, 0.01])),
        Case("keras-piecewise-constant-one", Schedule.FromKeras.PiecewiseConstantDecay([3], [0.3, 0.03])),
        Case("keras-piecewise-constant-float-boundary", Schedule.FromKeras.PiecewiseConstantDecay([2.5, 6.9], [0.4, 0.2, 0.1])),
        Case("keras-cosine", Schedule.FromKeras.CosineDecay(0.1, 20)),
        Case("keras-cosine-alpha", Schedule.FromKeras.CosineDecay(0.1, 20, alpha: 0.1)),
        Case("keras-cosine-warmup", Schedule.FromKeras.CosineDecay(0, 20, warmupTarget: 0.1, warmupSteps: 5)),
        Case("keras-cosine-warmup-alpha", Schedule.FromKeras.CosineDecay(0.02, 18, alpha: 0.05, warmupTarget: 0.2, warmupSteps: 6)),
        Case("keras-cosine-warmup-target-lower", Schedule.FromKeras.CosineDecay(0.2, 10, warmupTarget: 0.1, warmupSteps: 4)),
        Case("keras-cosine-warmup-target-zero-steps", Schedule.FromKeras.CosineDecay(0.02, 10, warmupTarget: 0.1, warmupSteps: 0)),
        Case("keras-restarts-t1", Schedule.FromKeras.CosineDecayRestarts(0.1, 10, tMul: 1)),
        Case("keras-restarts-default", Schedule.FromKeras.CosineDecayRestarts(0.1, 5)),
        Case("keras-restarts-m", Schedule.FromKeras.CosineDecayRestarts(0.1, 5, mMul: 0.8, alpha: 0.1)),
        Case("keras-restarts-t15", Schedule.FromKeras.CosineDecayRestarts(0.1, 8, tMul: 1.5, mMul: 0.5)),
        Case("keras-restarts-t1-m", Schedule.FromKeras.CosineDecayRestarts(0.1, 6, tMul: 1, mMul: 0.9, alpha: 0.01)),
        Case(
            "keras-restarts-knife-edge",
            Schedule.FromKeras.CosineDecayRestarts(0.1, 16, tMul: 1.5),
            run: new(300, 7),
            deviations: [new(15, 0.1, "The library finds the cycle by a logarithm and misses this restart by one step; cycle starts are accumulated here.")]),
        Case("keras-lr-scheduler-callback", Schedule.FromKeras.LearningRateScheduler(0.01, (epoch, rate) => epoch < 10 ? rate : rate * Math.Exp(-0.1))),
    ];

    private static IEnumerable<GoldenEntry> ScikitLearn =>
    [
        Case("sklearn-constant", Schedule.FromScikitLearn.Constant()),
        Case("sklearn-invscaling", Schedule.FromScikitLearn.InvScaling(numberOfRows: 100, learningRateInit: 0.1)),
        Case("sklearn-invscaling-power", Schedule.FromScikitLearn.InvScaling(numberOfRows: 28, learningRateInit: 0.5, powerT: 0.25)),
    ];
}
