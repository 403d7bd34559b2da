using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Schedules;
using static MLNet.LrSchedule.Schedules.Schedule.FromPyTorch;

namespace MLNet.LrSchedule.Tests.Schedules;

public static partial class GoldenTable
{
    private const string Overshoot = "The library accepts one step past the end, where the rate turns up again or becomes negative; the last value holds here.";

    private static IEnumerable<GoldenEntry> PyTorchCycles =>
    [
        Case("torch-cyclic-triangular", Schedule.FromPyTorch.CyclicLR(0.01, 0.1, 5), Schedule.FromPyTorch.CyclicMomentum(stepSizeUp: 5)),
        Case(
            "torch-cyclic-triangular-asym",
            Schedule.FromPyTorch.CyclicLR(0.001, 0.006, 4, 8),
            Schedule.FromPyTorch.CyclicMomentum(0.7, 0.95, 4, 8)),
        Case(
            "torch-cyclic-triangular2",
            Schedule.FromPyTorch.CyclicLR(0.01, 0.1, 4, mode: CyclicMode.Triangular2),
            Schedule.FromPyTorch.CyclicMomentum(stepSizeUp: 4, mode: CyclicMode.Triangular2)),
        Case(
            "torch-cyclic-exp-range",
            Schedule.FromPyTorch.CyclicLR(0.01, 0.1, 4, mode: CyclicMode.ExpRange, gamma: 0.97),
            Schedule.FromPyTorch.CyclicMomentum(stepSizeUp: 4, mode: CyclicMode.ExpRange, gamma: 0.97)),
        Case("torch-cyclic-no-momentum", Schedule.FromPyTorch.CyclicLR(0, 0.05, 3, 2)),
        Case("torch-cyclic-custom-cycle", Schedule.FromPyTorch.CyclicLR(0.01, 0.1, cycle => 1 / cycle, ScaleMode.Cycle, 3)),
        Case("torch-cyclic-custom-iterations", Schedule.FromPyTorch.CyclicLR(0.01, 0.1, step => 1 / Math.Pow(5, step * 0.0001), ScaleMode.Iterations, 3)),
        Case("torch-onecycle-cos", Schedule.FromPyTorch.OneCycleLR(0.1, 20), Schedule.FromPyTorch.OneCycleMomentum(20)),
        Case(
            "torch-onecycle-linear",
            Schedule.FromPyTorch.OneCycleLR(0.1, 20, annealStrategy: Annealing.Linear),
            Schedule.FromPyTorch.OneCycleMomentum(20, annealStrategy: Annealing.Linear)),
        Case(
            "torch-onecycle-three-cos",
            Schedule.FromPyTorch.OneCycleLR(0.1, 20, threePhase: true),
            Schedule.FromPyTorch.OneCycleMomentum(20, threePhase: true)),
        Case(
            "torch-onecycle-three-linear",
            Schedule.FromPyTorch.OneCycleLR(0.2, 30, 0.4, Annealing.Linear, 10, 100, threePhase: true),
            Schedule.FromPyTorch.OneCycleMomentum(30, pctStart: 0.4, annealStrategy: Annealing.Linear, threePhase: true)),
        Case(
            "torch-onecycle-fractional-peak",
            Schedule.FromPyTorch.OneCycleLR(0.1, 25, 0.33, divFactor: 5, finalDivFactor: 50),
            Schedule.FromPyTorch.OneCycleMomentum(25, pctStart: 0.33)),
        Case("torch-onecycle-momentum-range", Schedule.FromPyTorch.OneCycleLR(0.05, 16), Schedule.FromPyTorch.OneCycleMomentum(16, 0.7, 0.99)),
        Case("torch-onecycle-no-momentum", Schedule.FromPyTorch.OneCycleLR(0.05, 12)),
        Case("torch-onecycle-adam-beta1", Schedule.FromPyTorch.OneCycleLR(0.01, 12), Schedule.FromPyTorch.OneCycleMomentum(12)),
        Case("torch-onecycle-pct-zero", Schedule.FromPyTorch.OneCycleLR(0.1, 10, pctStart: 0), Schedule.FromPyTorch.OneCycleMomentum(10, pctStart: 0)),
        Case("torch-onecycle-pct-one", Schedule.FromPyTorch.OneCycleLR(0.1, 10, pctStart: 1), Schedule.FromPyTorch.OneCycleMomentum(10, pctStart: 1)),
        Case(
            "torch-onecycle-overshoot-cos",
            Schedule.FromPyTorch.OneCycleLR(0.1, 10),
            Schedule.FromPyTorch.OneCycleMomentum(10),
            deviations: [new(10, 0.1 / 25 / 1e4, Overshoot, Momentum: 0.95)]),
        Case(
            "torch-onecycle-overshoot-linear",
            Schedule.FromPyTorch.OneCycleLR(0.1, 10, annealStrategy: Annealing.Linear),
            Schedule.FromPyTorch.OneCycleMomentum(10, annealStrategy: Annealing.Linear),
            deviations: [new(10, 0.1 / 25 / 1e4, Overshoot, Momentum: 0.95)]),
    ];
}
