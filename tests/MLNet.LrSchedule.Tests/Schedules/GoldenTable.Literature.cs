using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public static partial class GoldenTable
{
    private static IEnumerable<GoldenEntry> Fastai =>
    [
        Case("fastai-lin", Schedule.FromFastai.SchedLin(0.1, 0.01)),
        Case("fastai-cos", Schedule.FromFastai.SchedCos(0.1, 0.01)),
        Case("fastai-no", Schedule.FromFastai.SchedNo(0.1, 0.5)),
        Case("fastai-exp", Schedule.FromFastai.SchedExp(0.1, 0.001)),
        Case("fastai-poly", Schedule.FromFastai.SchedPoly(0.1, 0.01, 2)),
        Case(
            "fastai-combine",
            Schedule.FromFastai.CombineScheds(
                [0.3, 0.4, 0.3],
                [Schedule.FromFastai.SchedCos(0.01, 0.1), Schedule.FromFastai.SchedNo(0.1, 0.1), Schedule.FromFastai.SchedLin(0.1, 0)])),
        Case("fastai-one-cycle", Schedule.FromFastai.FitOneCycle(0.1), Schedule.FromFastai.FitOneCycleMomentum()),
        Case(
            "fastai-one-cycle-custom",
            Schedule.FromFastai.FitOneCycle(0.02, 10, 1000, 0.4),
            Schedule.FromFastai.FitOneCycleMomentum((0.9, 0.8, 0.99), 0.4)),
        Case("fastai-flat-cos", Schedule.FromFastai.FitFlatCos(0.1)),
        Case("fastai-sgdr", Schedule.FromFastai.FitSgdr(cycleLen: 1, lrMax: 0.1), run: new(28, 4)),
        Case("fastai-lr-find", Schedule.FromFastai.LRFinder(numIt: 20)),
    ];

    private static IEnumerable<GoldenEntry> Pytabkit =>
    [
        Case("pytabkit-coslog4", Schedule.CosineLog(0.04)),
        Case("pytabkit-coslog3", Schedule.CosineLog(0.1, cycles: 3)),
        Case("pytabkit-gencoslog", Schedule.CosineLog(0.1, cycles: 3, growth: 3)),
        Case("pytabkit-altcoslog3", Schedule.CosineLog(0.1, cycles: 3, phase: 0.5)),
        Case("pytabkit-lin-cos-log-15", Schedule.CosineLog(0.1) * Schedule.Linear(0, 2)),
        Case("pytabkit-cos", Schedule.Cosine(0.1, 0)),
        Case("pytabkit-one-cycle", Schedule.OneCycle(0.1, Fraction(0.25), endDivisor: 1e5)),
        Case("pytabkit-four-cycle", FourCycles(0.1)),
        Case("pytabkit-flat-cos", Schedule.FlatCosine(0.1, Fraction(0.5))),
        Case("pytabkit-flat-anneal", Schedule.FlatCosine(0.1, Fraction(0.6), to: 1e-6)),
        Case(
            "pytabkit-long-plateau",
            Schedule.Cosine(0.004, 0.1).For(Fraction(0.2)).Then(Schedule.Constant(0.1).For(Fraction(0.6))).Then(Schedule.Cosine(0.1, 1e-6))),
        Case("pytabkit-linear", Schedule.Linear(0.1, 0)),
        Case("pytabkit-quad", Schedule.Polynomial(0.1, 0, power: 2)),
        Case("pytabkit-expm4t", Schedule.NaturalExponential(0.1, 4, every: Fraction(1))),
        Case("pytabkit-warmup-cos", Schedule.Cosine(0.1, 0).WithWarmup(Fraction(0.05), ramp: Schedule.Cosine(0, 1))),
        Case("pytabkit-linwarm", Schedule.Constant(0.1).WithWarmup(Fraction(0.05), from: 0.0001)),
        Case(
            "pytabkit-cos-warm",
            Schedule.Constant(0.1).For(Steps(1)).Then(Schedule.Constant(0).For(Steps(1))).Then(
                Schedule.Cosine(0.1, 0).Advance(Steps(1)).Restart(Steps(1), periodMultiplier: 2))),
    ];

    private static IEnumerable<GoldenEntry> Literature =>
    [
        Case("mlnet-exponential-default", Schedule.StepDecay(0.01, 0.94, every: Epochs(2)), run: new(60, 9)),
        Case("mlnet-exponential-smooth", Schedule.Exponential(0.05, 0.8, every: Steps(7)), run: new(25, 5)),
        Case(
            "mlnet-lsr-default",
            Schedule.PiecewiseConstant([Epochs(91), Epochs(136), Epochs(182)], [1, 0.1, 0.01, 0.0001]) * (0.1 * 64 / 128)),
        Case("noam-small", Schedule.Noam(width: 64, warmupSteps: 10)),
        Case("noam-scaled", Schedule.Noam(width: 512, warmupSteps: 16, factor: 2)),
        Case("fairseq-inverse-sqrt", Schedule.InverseSquareRoot(0.0005, Steps(8)).WithWarmup(Steps(8), from: 1e-7)),
        Case("rsqrt-t5", Schedule.Constant(1 / System.Math.Sqrt(10)).For(Steps(10)).Then(Schedule.InverseSquareRoot(1 / System.Math.Sqrt(10), Steps(10)))),
        Case("caffe-inv", Schedule.InversePower(0.01, 0.0001, 0.75, per: Steps(1))),
        Case("caffe-inv-fast", Schedule.InversePower(0.1, 0.5, 0.75, per: Steps(1))),
        Case("caffe-sigmoid", Schedule.Sigmoid(0.1, steepness: 0.5, midpoint: Steps(15), per: Steps(1))),
        Case("rex", Schedule.Rex(0.1).For(Steps(20))),
        Case("tf1-natural-exp", Schedule.NaturalExponential(0.1, 0.5, every: Steps(5))),
        Case("tf1-natural-exp-staircase", Schedule.NaturalExponential(0.1, 0.5, every: Steps(5)).Staircase(every: Steps(5))),
        Case("tf1-linear-cosine", Schedule.LinearCosine(0.1).For(Steps(20))),
        Case("tf1-linear-cosine-periods", Schedule.LinearCosine(0.1, periods: 2, alpha: 0.1, beta: 0.01).For(Steps(20))),
        Case("warmup-untuned-linear", Schedule.Constant(0.001).WithWarmup(Steps(2 / (1 - 0.9))).Advance(Steps(1))),
        Case("warmup-untuned-exponential", (Schedule.Constant(0.001) + (Schedule.NaturalExponential(0.001, 1 - 0.9, every: Steps(1)) * -1)).Advance(Steps(1))),
        Case(
            "detectron-warmup-multistep",
            Schedule.MultiStep(0.02, 0.1, [Steps(12), Steps(18)]) * Schedule.Linear(0.001, 1).For(Steps(6))),
        Case(
            "detectron-warmup-constant",
            Schedule.MultiStep(0.02, 0.1, [Steps(12), Steps(18)]) * Schedule.ConstantFactor(1, 0.1, over: Steps(6))),
        Case("fairseq-tri-stage", Schedule.TriStage(0.001, Steps(6), Steps(8), Steps(10), finalScale: 0.05)),
        Case(
            "bolts-warmup-cosine",
            Schedule.Linear(0.001, 0.1).For(Epochs(4)).For(Epochs(5)).Then(Schedule.Cosine(0.1, 0.0001).For(Epochs(20))).Staircase(Epochs(1))),
    ];

    private static Schedule FourCycles(double peak)
    {
        // One-cycles of 1/8, 1/8, 1/4 and 1/2 of the run; each rises over its first quarter.
        double[] lengths = [0.125, 0.125, 0.25, 0.5];
        var phases = lengths.SelectMany(length => (Phase[])
        [
            Schedule.Cosine(peak / 25, peak).For(Fraction(length / 4)),
            Schedule.Cosine(peak, peak / 1e5).For(Fraction(length * 3 / 4)),
        ]);
        return new Sequence([.. phases], peak / 1e5);
    }
}
