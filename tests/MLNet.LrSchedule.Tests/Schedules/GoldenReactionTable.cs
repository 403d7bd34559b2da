using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Schedules;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>Which expression of the public API makes which reference run of a reactive schedule.</summary>
public static class GoldenReactionTable
{
    private const string NonFinite = "The library lets a NaN or an infinity become the best value; here neither ever does.";
    private const string NanImproves = "The library takes a NaN for an improvement; here it is worse than every number.";

    private static readonly Metric Loss = Metric.TrainingLoss;
    private static readonly Metric Accuracy = Metric.ValidationAccuracy;

    public static IReadOnlyDictionary<string, GoldenReactionEntry> All { get; } =
        ((IEnumerable<GoldenReactionEntry>)[.. PyTorch, .. Keras, .. Optax, .. Timm, .. Others]).ToDictionary(entry => entry.Id);

    private static IEnumerable<GoldenReactionEntry> PyTorch =>
    [
        Case("torch-plateau-default", Schedule.FromPyTorch.ReduceLROnPlateau(Loss)),
        Case("torch-plateau-patience2", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 2)),
        Case("torch-plateau-patience0", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 0)),
        Case("torch-plateau-rel-threshold", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 1, threshold: 0.1)),
        Case("torch-plateau-abs-threshold", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 1, threshold: 0.1, thresholdIsRelative: false)),
        Case("torch-plateau-max-rel", Schedule.FromPyTorch.ReduceLROnPlateau(Accuracy, 0.3, 1, threshold: 0.02)),
        Case("torch-plateau-max-abs", Schedule.FromPyTorch.ReduceLROnPlateau(Accuracy, 0.3, 1, threshold: 0.05, thresholdIsRelative: false)),
        Case("torch-plateau-cooldown", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 1, cooldown: 3)),
        Case("torch-plateau-cooldown-improves", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 1, cooldown: 2)),
        Case("torch-plateau-min-lr", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.3, 0, minLr: 0.005)),
        Case("torch-plateau-eps", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.1, 0, eps: 1e-5)),
        Case("torch-plateau-negative-metric-rel", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 1)),
        Case("torch-plateau-zero-best", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 1)),
        Case("torch-plateau-nan", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 1)),
        Case("torch-plateau-nan-first", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 1)),
        Case(
            "torch-plateau-inf",
            Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 1),
            ours: [0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125, 0.0125, 0.00625],
            reason: NonFinite),
        Case(
            "torch-plateau-max-nan-inf",
            Schedule.FromPyTorch.ReduceLROnPlateau(Accuracy, 0.5, 1),
            ours: [0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025],
            reason: NonFinite),
        Case("torch-plateau-patience-boundary", Schedule.FromPyTorch.ReduceLROnPlateau(Loss, 0.5, 3)),
    ];

    private static IEnumerable<GoldenReactionEntry> Keras =>
    [
        Case("keras-plateau-patience2", Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.5, 2)),
        Case("keras-plateau-default", Schedule.FromKeras.ReduceLROnPlateau(Loss)),
        Case("keras-plateau-patience0", Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.5, 0)),
        Case("keras-plateau-min-delta", Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.5, 2, minDelta: 0.1)),
        Case("keras-plateau-min-delta-max", Schedule.FromKeras.ReduceLROnPlateau(Accuracy, 0.5, 2, minDelta: 0.1)),
        Case("keras-plateau-cooldown", Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.5, 2, cooldown: 3)),
        Case("keras-plateau-cooldown1", Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.5, 2, cooldown: 1)),
        Case("keras-plateau-min-lr", Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.3, 1, minLr: 0.005)),
        Case(
            "keras-plateau-nan-first",
            Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.5, 2),
            ours: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
            reason: NonFinite),
        Case("keras-plateau-nan-later", Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.5, 2)),
        Case(
            "keras-plateau-inf",
            Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.5, 2),
            ours: [0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.025, 0.025],
            reason: NonFinite),
        Case("keras-plateau-missing-metric", Schedule.FromKeras.ReduceLROnPlateau(Loss, 0.5, 2)),
    ];

    private static IEnumerable<GoldenReactionEntry> Optax =>
    [
        Case("optax-plateau-patience2", Schedule.FromOptax.ReduceOnPlateau(Loss, 0.5, 2)),
        Case("optax-plateau-cooldown", Schedule.FromOptax.ReduceOnPlateau(Loss, 0.5, 2, cooldown: 3)),
        Case("optax-plateau-tolerances", Schedule.FromOptax.ReduceOnPlateau(Loss, 0.5, 2, rtol: 0.05, atol: 0.02)),
        Case("optax-plateau-accumulation", Schedule.FromOptax.ReduceOnPlateau(Loss, 0.5, 2, accumulationSize: 2)),
        Case("optax-plateau-min-scale", Schedule.FromOptax.ReduceOnPlateau(Loss, 0.3, 1, minScale: 0.05)),
        Case(
            "optax-plateau-nan-inf",
            Schedule.FromOptax.ReduceOnPlateau(Loss, 0.5, 2),
            ours: [0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125],
            reason: NonFinite),
        Case(
            "optax-plateau-patience0",
            Schedule.FromOptax.ReduceOnPlateau(Loss, 0.5, 0),
            ours: [0.1, 0.1, 0.05, 0.05, 0.025, 0.0125],
            reason: "With patience 0 the library lowers the rate on every improvement and on no bad value; here every bad value lowers it."),
    ];

    private static IEnumerable<GoldenReactionEntry> Timm =>
    [
        Case("timm-plateau", Schedule.FromTimm.PlateauLRScheduler(decayRate: 0.5, patienceT: 2)),
        Case(
            "timm-plateau-min-warmup",
            Schedule.FromTimm.PlateauLRScheduler(Loss, 0.5, 1, warmupT: 3),
            learningRate: Schedule.Constant(0.1).WithWarmup(over: Epochs(3), from: 0.01)),
        Case("timm-plateau-cooldown-min-lr", Schedule.FromTimm.PlateauLRScheduler(Loss, 0.3, 1, cooldownT: 2, lrMin: 0.01)),
        Case(
            "timm-plateau-nan",
            Schedule.FromTimm.PlateauLRScheduler(decayRate: 0.5, patienceT: 1),
            ours: [0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.0125],
            reason: NonFinite),
    ];

    private static IEnumerable<GoldenReactionEntry> Others =>
    [
        Case("sklearn-adaptive", Schedule.FromScikitLearn.Adaptive(nIterNoChange: 3)),
        Case("sklearn-adaptive-slow", Schedule.FromScikitLearn.Adaptive(nIterNoChange: 3)),
        Case("sklearn-adaptive-stop", Schedule.FromScikitLearn.Adaptive(nIterNoChange: 2)),
        Case(
            "sklearn-adaptive-nan",
            Schedule.FromScikitLearn.Adaptive(nIterNoChange: 2),
            ours: [0.1, 0.1, 0.1, 0.02, 0.02, 0.02, 0.004, 0.004, 0.004, 0.0008],
            reason: NanImproves),
        Case(
            "sklearn-adaptive-inf",
            Schedule.FromScikitLearn.Adaptive(nIterNoChange: 2),
            ours: [0.1, 0.1, 0.1, 0.1, 0.1, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02],
            reason: NonFinite),
        Case("sklearn-adaptive-score", Schedule.FromScikitLearn.Adaptive(Accuracy, nIterNoChange: 2)),
        Case("sklearn-adaptive-default", Schedule.FromScikitLearn.Adaptive()),
        Case("newbob", new NewBob { Metric = Loss }),
        Case("newbob-patient", new NewBob { Metric = Loss, Patience = 1 }),
        Case("bold-driver", new BoldDriver { Metric = Loss }),
    ];

    private static GoldenReactionEntry Case(
        string id,
        ReactiveSchedule reactive,
        Schedule? learningRate = null,
        double[]? ours = null,
        string? reason = null,
        [CallerArgumentExpression(nameof(reactive))] string expression = "") => new(id, reactive, expression, learningRate, ours, reason);
}
