using System.Collections.Generic;
using MLNet.LrSchedule.Schedules;
using static MLNet.LrSchedule.Schedules.Schedule.FromOptax;

namespace MLNet.LrSchedule.Tests.Schedules;

public static partial class GoldenTable
{
    private static IEnumerable<GoldenEntry> Optax =>
    [
        Case("optax-constant", Schedule.FromOptax.ConstantSchedule(0.3)),
        Case("optax-polynomial", Schedule.FromOptax.PolynomialSchedule(1, 0.01, 2, 20)),
        Case("optax-polynomial-begin", Schedule.FromOptax.PolynomialSchedule(0.1, 0.001, 0.5, 15, transitionBegin: 6)),
        Case("optax-polynomial-growing", Schedule.FromOptax.PolynomialSchedule(0.01, 0.1, 3, 12)),
        Case("optax-linear", Schedule.FromOptax.LinearSchedule(1, 0.01, 10)),
        Case(
            "optax-piecewise-constant",
            Schedule.FromOptax.PiecewiseConstantSchedule(1, new Dictionary<long, double> { [5] = 0.1, [12] = 0.5, [15] = 2 })),
        Case("optax-exponential", Schedule.FromOptax.ExponentialDecay(0.1, 5, 0.5)),
        Case(
            "optax-exponential-begin-staircase-end",
            Schedule.FromOptax.ExponentialDecay(0.1, 4, 0.6, transitionBegin: 3, staircase: true, endValue: 0.02)),
        Case("optax-exponential-rising-capped", Schedule.FromOptax.ExponentialDecay(0.001, 3, 2, endValue: 0.01)),
        Case("optax-cosine", Schedule.FromOptax.CosineDecaySchedule(0.1, 20)),
        Case("optax-cosine-alpha-exponent", Schedule.FromOptax.CosineDecaySchedule(0.1, 20, alpha: 0.1, exponent: 2)),
        Case(
            "optax-piecewise-linear",
            Schedule.FromOptax.PiecewiseInterpolateSchedule(InterpolateType.Linear, 1, new Dictionary<long, double> { [4] = 0.1, [8] = 0.01 })),
        Case(
            "optax-piecewise-cosine",
            Schedule.FromOptax.PiecewiseInterpolateSchedule(InterpolateType.Cosine, 0.1, new Dictionary<long, double> { [5] = 10, [10] = 1, [16] = 0.01 })),
        Case("optax-linear-onecycle", Schedule.FromOptax.LinearOneCycleSchedule(20, 0.1)),
        Case("optax-linear-onecycle-custom", Schedule.FromOptax.LinearOneCycleSchedule(30, 0.4, 0.25, 0.7, 10, 100)),
        Case("optax-cosine-onecycle", Schedule.FromOptax.CosineOneCycleSchedule(20, 0.1)),
        Case("optax-warmup-constant", Schedule.FromOptax.WarmupConstantSchedule(0.01, 0.1, 6)),
        Case("optax-warmup-cosine", Schedule.FromOptax.WarmupCosineDecaySchedule(0, 0.1, 5, 25, endValue: 0.001)),
        Case("optax-warmup-cosine-exponent", Schedule.FromOptax.WarmupCosineDecaySchedule(0.02, 0.2, 4, 20, endValue: 0.02, exponent: 1.5)),
        Case(
            "optax-warmup-exponential",
            Schedule.FromOptax.WarmupExponentialDecaySchedule(0, 0.1, 5, 6, 0.5, transitionBegin: 2, endValue: 0.01)),
        Case("optax-sgdr", Schedule.FromOptax.SgdrSchedule((0, 0.1, 2, 10, 0), (0, 0.08, 2, 20, 0.001), (0.001, 0.05, 1, 8, 0))),
        Case(
            "optax-join",
            Schedule.FromOptax.JoinSchedules([Schedule.FromOptax.LinearSchedule(0, 0.1, 5), 0.1, Schedule.FromOptax.ExponentialDecay(0.1, 3, 0.5)], [5, 12])),
    ];
}
