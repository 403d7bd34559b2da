using System.Collections.Generic;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Schedules;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>The catalogue, one line of C# each. The page of schedules and its charts are made from it.</summary>
public static class ScheduleGallery
{
    /// <summary>The run the gallery is drawn over.</summary>
    public static TrainingRun Run { get; } = TrainingRun.OfEpochs(50, stepsPerEpoch: 20);

    public static IReadOnlyList<GalleryEntry> Shapes { get; } =
    [
        Entry("Constant", "The same value at every moment. A plain number does as well.", Schedule.Constant(0.1)),
        Entry("Linear", "A straight line over the window.", Schedule.Linear(from: 0.1, to: 0)),
        Entry("Polynomial", "A power of what remains of the window.", Schedule.Polynomial(from: 0.1, to: 0.001, power: 2)),
        Entry("Cosine", "Half a cosine wave over the window, which then holds its end.", Schedule.Cosine(from: 0.1, to: 0)),
        Entry("Cosine wave", "A cosine that never ends: down, up, down, ...", Schedule.CosineWave(from: 0.1, to: 0, every: Epochs(10))),
        Entry("Geometric", "Equal steps on a logarithmic axis.", Schedule.Geometric(from: 0.1, to: 1e-4)),
        Entry("Exponential", "Multiplied by a factor in every period, smoothly.", Schedule.Exponential(initial: 0.1, factor: 0.5, every: Epochs(10))),
        Entry("Natural exponential", "The same, given as a rate of decay.", Schedule.NaturalExponential(initial: 0.1, rate: 0.05)),
        Entry("Time-based", "initial / (1 + decay n), counted per epoch or per step.", Schedule.TimeBased(initial: 0.1, decay: 0.1)),
        Entry("Time-based, compounding", "Each value divides the one before by 1 + decay n.", Schedule.TimeBasedCompounding(initial: 0.1, decay: 0.002)),
        Entry("Inverse power", "initial (1 + decay n)^-power.", Schedule.InversePower(initial: 0.1, decay: 0.5, power: 0.75)),
        Entry("Inverse square root", "Falls slowly and never ends.", Schedule.InverseSquareRoot(initial: 0.1, timescale: Epochs(5)).WithWarmup(over: Epochs(5))),
        Entry("Step decay", "A drop at regular intervals.", Schedule.StepDecay(initial: 0.1, drop: 0.5, every: Epochs(10))),
        Entry("Piecewise constant", "A value for each stretch of time.", Schedule.PiecewiseConstant([Epochs(10), Epochs(35)], [0.1, 0.02, 0.05])),
        Entry("Piecewise linear", "Straight lines through points.", Schedule.PiecewiseLinear((Epochs(0), 0), (Epochs(10), 0.1), (Epochs(30), 0.04), (Epochs(50), 0))),
        Entry("Piecewise cubic", "A smooth curve through points, without overshooting.", Schedule.PiecewiseCubic((Epochs(0), 0), (Epochs(10), 0.1), (Epochs(30), 0.04), (Epochs(50), 0))),
        Entry("Triangular", "Up and down in straight lines, over and over.", Schedule.Triangular(from: 0.01, to: 0.1, up: Epochs(5))),
        Entry("Triangular, halving", "The same, each cycle half as high: triangular2.", Schedule.Triangular(from: 0.01, to: 0.1, up: Epochs(5), amplitudeMultiplier: 0.5)),
        Entry("Tanh", "A late, steep fall between two plateaus.", Schedule.Tanh(from: 0.1, to: 0)),
        Entry("Sigmoid", "A logistic fall around a midpoint.", Schedule.Sigmoid(initial: 0.1, steepness: 0.3, midpoint: Epochs(25))),
        Entry("REX", "Stays high for long and then falls.", Schedule.Rex(from: 0.1)),
        Entry("Linear cosine", "A cosine under a falling line.", Schedule.LinearCosine(initial: 0.1, periods: 3)),
        Entry("Cosine log", "Waves that get longer: RealMLP's default.", Schedule.CosineLog(peak: 0.1, cycles: 4)),
        Entry("Recurrence", "Any function of the value before.", Schedule.Recurrence(initial: 0.1, (n, previous) => n % 10 == 0 ? previous * 0.5 : previous * 1.02)),
        Entry("Custom", "Any function of training time.", Schedule.Custom(time => 0.1 / System.Math.Sqrt(1 + time.Epoch))),
    ];

    public static IReadOnlyList<GalleryEntry> Policies { get; } =
    [
        Entry("Multi-step", "Drops at given moments.", Schedule.MultiStep(initial: 0.1, factor: 0.2, milestones: [Epochs(15), Epochs(30), Epochs(40)])),
        Entry("Constant factor", "A multiple of the value for some time.", Schedule.ConstantFactor(value: 0.1, factor: 0.3, over: Epochs(5))),
        Entry("Anneal to constant", "A way to another value, as for weight averaging.", Schedule.AnnealToConstant(from: 0.1, to: 0.03, over: Epochs(20))),
        Entry("One cycle", "Up to the peak, then down to almost nothing.", Schedule.OneCycle(peak: 0.1)),
        Entry("One cycle, three phases", "Up, down again for as long, and then to almost nothing.", Schedule.OneCycleThreePhase(peak: 0.1)),
        Entry("One cycle, momentum", "Its mirrored momentum.", Schedule.OneCycleMomentum()),
        Entry("Flat cosine", "Constant, and then half a cosine wave.", Schedule.FlatCosine(value: 0.1)),
        Entry("Warmup-stable-decay", "Up, constant, down.", Schedule.WarmupStableDecay(peak: 0.1)),
        Entry("Tri-stage", "Up, constant, exponential decay.", Schedule.TriStage(peak: 0.1, warmup: Epochs(5), hold: Epochs(20), decay: Epochs(20))),
        Entry("Noam", "The schedule of the Transformer.", Schedule.Noam(width: 64, warmupSteps: 200)),
        Entry("Range test", "The sweep of a learning-rate range test.", Schedule.RangeTest(from: 1e-7, to: 10)),
    ];

    public static IReadOnlyList<GalleryEntry> Combinators { get; } =
    [
        Entry("Sequence", "Phases one after the other.", Schedule.Linear(0, 0.1).For(Epochs(5)).Then(Schedule.Constant(0.1).For(Fraction(0.5))).Then(Schedule.Cosine(0.1, 0))),
        Entry("Warmup", "A ramp in front of anything.", Schedule.StepDecay(0.1, 0.5, every: Epochs(15)).WithWarmup(over: Steps(100))),
        Entry("Warmup, cosine-shaped", "A ramp of any shape.", Schedule.Cosine(0.1, 0).WithWarmup(over: Epochs(10), ramp: Schedule.Cosine(0, 1), from: 0.01)),
        Entry("Restarts", "Anything over and over, in cycles that may grow and shrink.", Schedule.Cosine(from: 0.1, to: 1e-5).Restart(every: Epochs(8), periodMultiplier: 2, peakMultiplier: 0.7)),
        Entry("Staircase", "Sampled per epoch, or in any period.", Schedule.Cosine(0.1, 0).Staircase(every: Epochs(5))),
        Entry("Stretch", "A window that grows each time it is used up: Keras's polynomial cycle.", Schedule.Linear(0.1, 0.01).Stretch(every: Epochs(10))),
        Entry("Pace", "The same curve run through at another pace.", Schedule.Linear(0.1, 0).Pace(exponent: 3)),
        Entry("Advance", "The same curve some time ahead.", Schedule.StepDecay(0.1, 0.5, every: Epochs(10)).Advance(by: Epochs(5))),
        Entry("Clamp", "Never below and never above.", Schedule.Exponential(0.1, 0.9).Clamp(minimum: 0.01, maximum: 0.08)),
        Entry("Product", "Value times value; a number scales.", Schedule.Triangular(0, 1, up: Epochs(5)) * Schedule.Cosine(0.1, 0)),
        Entry("Sum", "Value plus value.", Schedule.Cosine(0.08, 0) + Schedule.Triangular(0, 0.02, up: Epochs(3))),
        Entry("Smallest", "The smaller of two.", Schedule.SmallestOf(Schedule.Linear(0, 0.2), Schedule.Cosine(0.1, 0))),
        Entry("Largest", "The larger of two.", Schedule.LargestOf(Schedule.Exponential(0.1, 0.9), 0.02)),
    ];

    public static IEnumerable<GalleryEntry> All => [.. Shapes, .. Policies, .. Combinators];

    private static GalleryEntry Entry(
        string name, string description, Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string code = "") =>
        new(name, description, schedule, code.Replace("System.Math", "Math"), Run);
}
