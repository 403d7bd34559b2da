using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Schedules;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public static partial class GoldenTable
{
    private static IEnumerable<GoldenEntry> PyTorch =>
    [
        Case("torch-constant-default", Schedule.FromPyTorch.ConstantLR(0.1)),
        Case("torch-constant-half", Schedule.FromPyTorch.ConstantLR(0.05, factor: 0.5, totalIters: 4)),
        Case("torch-linear-default", Schedule.FromPyTorch.LinearLR(0.1)),
        Case("torch-linear-half", Schedule.FromPyTorch.LinearLR(0.05, startFactor: 0.5, totalIters: 4)),
        Case("torch-linear-down", Schedule.FromPyTorch.LinearLR(0.1, startFactor: 1, endFactor: 0.1, totalIters: 10)),
        Case("torch-linear-down-to-zero", Schedule.FromPyTorch.LinearLR(0.1, startFactor: 1, endFactor: 0, totalIters: 8)),
        Case("torch-exponential", Schedule.FromPyTorch.ExponentialLR(0.1, gamma: 0.9)),
        Case("torch-step", Schedule.FromPyTorch.StepLR(0.1, stepSize: 10, gamma: 0.5)),
        Case("torch-step-default", Schedule.FromPyTorch.StepLR(0.05, stepSize: 3)),
        Case("torch-multistep", Schedule.FromPyTorch.MultiStepLR(0.1, [5, 8, 15])),
        Case("torch-multistep-duplicate", Schedule.FromPyTorch.MultiStepLR(0.1, [4, 4, 9], gamma: 0.5)),
        Case("torch-multistep-unsorted", Schedule.FromPyTorch.MultiStepLR(0.1, [9, 3, 6], gamma: 0.5)),
        Case("torch-multistep-milestone-zero", Schedule.FromPyTorch.MultiStepLR(0.1, [0, 3], gamma: 0.5)),
        Case("torch-lambda-exp", Schedule.FromPyTorch.LambdaLR(0.1, t => Math.Pow(0.95, t))),
        Case("torch-lambda-inverse", Schedule.FromPyTorch.LambdaLR(0.1, t => 1 / (1 + (0.5 * t)))),
        Case("torch-multiplicative", Schedule.FromPyTorch.MultiplicativeLR(0.1, t => t < 5 ? 0.98 : 0.9)),
        Case("torch-multiplicative-is-compound", Schedule.FromPyTorch.MultiplicativeLR(0.1, t => 1 / (1 + (0.5 * t)))),
        Case("torch-polynomial-linear", Schedule.FromPyTorch.PolynomialLR(0.1, totalIters: 10)),
        Case("torch-polynomial-square", Schedule.FromPyTorch.PolynomialLR(0.1, totalIters: 10, power: 2)),
        Case("torch-polynomial-09", Schedule.FromPyTorch.PolynomialLR(0.05, totalIters: 20, power: 0.9)),
        Case("torch-polynomial-default", Schedule.FromPyTorch.PolynomialLR(0.1)),
        Case("torch-cosine", Schedule.FromPyTorch.CosineAnnealingLR(0.1, tMax: 10)),
        Case("torch-cosine-etamin", Schedule.FromPyTorch.CosineAnnealingLR(0.1, tMax: 12, etaMin: 0.01)),
        Case("torch-cosine-etamin-rising", Schedule.FromPyTorch.CosineAnnealingLR(0.1, tMax: 5, etaMin: 0.02)),
        Case("torch-cosine-tmax1", Schedule.FromPyTorch.CosineAnnealingLR(0.1, tMax: 1, etaMin: 0.01)),
        Case("torch-warm-restarts-1", Schedule.FromPyTorch.CosineAnnealingWarmRestarts(0.1, t0: 5)),
        Case("torch-warm-restarts-2", Schedule.FromPyTorch.CosineAnnealingWarmRestarts(0.1, t0: 5, tMult: 2, etaMin: 0.001)),
        Case("torch-warm-restarts-3", Schedule.FromPyTorch.CosineAnnealingWarmRestarts(0.1, t0: 2, tMult: 3)),
        Case("torch-warm-restarts-fractional", Schedule.Cosine(0.1, 0.01).Restart(every: Epochs(2), periodMultiplier: 2), run: new(28, 4)),
        Case("torch-swalr-cos", Schedule.FromPyTorch.SWALR(0.1, swaLr: 0.02, annealEpochs: 6)),
        Case("torch-swalr-linear-up", Schedule.FromPyTorch.SWALR(0.01, swaLr: 0.05, annealEpochs: 5, annealStrategy: Annealing.Linear)),
        Case("torch-swalr-zero", Schedule.FromPyTorch.SWALR(0.1, swaLr: 0.02, annealEpochs: 0, annealStrategy: Annealing.Linear)),
        Case("torch-two-groups-lambda", Schedule.FromPyTorch.LambdaLR(0.01, t => Math.Pow(0.95, t))),
        Case("lrfinder-exp", Schedule.RangeTest(1e-5, 10).For(Steps(19))),
        Case("lrfinder-linear", Schedule.Linear(1e-4, 1).For(Steps(11))),
        Case("skorch-warm-restart", CosinesIncludingBothEnds(0.05, 1e-6, 10, 20, 40)),
    ];

    private static IEnumerable<GoldenEntry> PyTorchCompositions =>
    [
        Case(
            "torch-sequential-constant-exponential",
            Schedule.FromPyTorch.SequentialLR([Schedule.FromPyTorch.ConstantLR(1, 0.1, 2), Schedule.FromPyTorch.ExponentialLR(1, 0.9)], [2])),
        Case(
            "torch-sequential-warmup-cosine",
            Schedule.FromPyTorch.SequentialLR([Schedule.FromPyTorch.LinearLR(0.1, 0.1, totalIters: 5), Schedule.FromPyTorch.CosineAnnealingLR(0.1, 15)], [5])),
        Case(
            "torch-sequential-warmup-short-milestone",
            Schedule.FromPyTorch.SequentialLR([Schedule.FromPyTorch.LinearLR(0.1, 0.1, totalIters: 8), Schedule.FromPyTorch.ExponentialLR(0.1, 0.9)], [4])),
        Case(
            "torch-sequential-warmup-late-milestone",
            Schedule.FromPyTorch.SequentialLR([Schedule.FromPyTorch.LinearLR(0.1, 0.5, totalIters: 3), Schedule.FromPyTorch.StepLR(0.1, 3, 0.5)], [5])),
        Case(
            "torch-sequential-three",
            Schedule.FromPyTorch.SequentialLR(
                [Schedule.FromPyTorch.LinearLR(0.1, 0.25, totalIters: 4), Schedule.FromPyTorch.ConstantLR(0.1, 1, 6), Schedule.FromPyTorch.PolynomialLR(0.1, 10)], [4, 10])),
        Case(
            "torch-sequential-multiplicative",
            Schedule.FromPyTorch.SequentialLR([Schedule.FromPyTorch.ExponentialLR(0.1, 0.5), Schedule.FromPyTorch.MultiplicativeLR(0.1, _ => 0.9)], [3])),
        Case(
            "torch-sequential-lambda",
            Schedule.FromPyTorch.SequentialLR([Schedule.FromPyTorch.ConstantLR(0.1, 0.5, 100), Schedule.FromPyTorch.LambdaLR(0.1, t => 1 / Math.Sqrt(t + 1))], [3])),
        Case(
            "torch-sequential-multistep-restarts",
            Schedule.FromPyTorch.SequentialLR([Schedule.FromPyTorch.MultiStepLR(0.2, [2, 4], 0.5), Schedule.FromPyTorch.CosineAnnealingWarmRestarts(0.2, 3, 2)], [6])),
        Case(
            "torch-chained-constant-exponential",
            Schedule.FromPyTorch.ChainedScheduler(1, [Schedule.FromPyTorch.ConstantLR(1, 0.1, 2), Schedule.FromPyTorch.ExponentialLR(1, 0.9)])),
        Case(
            "torch-chained-linear-step",
            Schedule.FromPyTorch.ChainedScheduler(0.1, [Schedule.FromPyTorch.LinearLR(0.1, 0.25, totalIters: 6), Schedule.FromPyTorch.StepLR(0.1, 4, 0.5)])),
        Case(
            "torch-chained-cosine-step",
            Schedule.FromPyTorch.ChainedScheduler(0.1, [Schedule.FromPyTorch.CosineAnnealingLR(0.1, 10), Schedule.FromPyTorch.StepLR(0.1, 4, 0.5)])),
        Case(
            "torch-chained-cosine-etamin-exponential",
            Schedule.FromPyTorch.ChainedScheduler(0.1, [Schedule.FromPyTorch.CosineAnnealingLR(0.1, 8, 0.01), Schedule.FromPyTorch.ExponentialLR(0.1, 0.9)])),
        Case(
            "torch-chained-polynomial-multistep",
            Schedule.FromPyTorch.ChainedScheduler(0.1, [Schedule.FromPyTorch.PolynomialLR(0.1, 12, 2), Schedule.FromPyTorch.MultiStepLR(0.1, [3, 7], 0.3)])),
    ];

    // skorch gives a period of T epochs T + 1 of them: both ends of the cosine are used.
    private static Schedule CosinesIncludingBothEnds(double from, double to, params int[] periods)
    {
        Schedule whole = to;
        foreach (var period in periods)
        {
            var cycle = Schedule.Cosine(from, to).For(Epochs(period)).Staircase(Epochs(1)).For(Epochs(period + 1));
            whole = whole is Sequence sequence ? new Sequence([.. sequence.Phases, cycle], to) : cycle.Then(to);
        }

        return whole;
    }
}
