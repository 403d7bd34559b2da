using CsCheck;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>Random runs, durations and schedules composed up to three levels deep, all of them saved as data.</summary>
internal static class AnySchedule
{
    // First, because the generators below are made from these.
    private static readonly Gen<double> Unit = Gen.OneOf(Gen.Double[0, 1], Gen.Const(0.0), Gen.Const(1.0));

    private static readonly Gen<double> Positive = Gen.Double[0.01, 1];

    public static readonly Gen<TrainingRun> Run = Gen.Select(Gen.Long[1, 300], Gen.Long[1, 40], (total, perEpoch) => new TrainingRun(total, perEpoch));

    /// <summary>A length that may be nothing.</summary>
    public static readonly Gen<Duration> Length = Gen.OneOf(
        Gen.Int[0, 60].Select(steps => Duration.Steps(steps)),
        Gen.Double[0, 60].Select(steps => Duration.Steps(steps)),
        Gen.Int[0, 4].Select(epochs => Duration.Epochs(epochs)),
        Gen.Double[0, 0.3].Select(Duration.Fraction));

    /// <summary>A length that is something, as periods must be.</summary>
    public static readonly Gen<Duration> Period = Length.Where(length => length.Amount >= 1e-9);

    /// <summary>Schedules whose values lie between 0 and 1, whatever is done to them.</summary>
    public static readonly Gen<Schedule> InUnitInterval = Within(3);

    /// <summary>A run, a schedule for it, and a step of the run or a little after.</summary>
    public static readonly Gen<(TrainingRun Run, Schedule Schedule, long Step)> Question =
        Gen.Select(Run, InUnitInterval).SelectMany((run, schedule) => Gen.Long[0, run.TotalSteps + 20].Select(step => (run, schedule, step)));

    private static Gen<Schedule> Shape => Gen.OneOf(
        Unit.Select(Schedule.Constant),
        Gen.Select(Unit, Unit, (from, to) => Schedule.Linear(from, to)),
        Gen.Select(Unit, Unit, Gen.Double[0.2, 4], Schedule.Polynomial),
        Gen.Select(Unit, Unit, Gen.Double[0.2, 4], (from, to, exponent) => (Schedule)new CosineAnnealing(from, to, exponent)),
        Gen.Select(Unit, Unit, Period, Schedule.CosineWave),
        Gen.Select(Positive, Positive, Schedule.Geometric),
        Gen.Select(Unit, Unit, (from, to) => Schedule.Tanh(from, to)),
        Gen.Select(Unit, Unit, Schedule.Rex),
        Gen.Select(Unit, Gen.Int[1, 5], Gen.Double[1.1, 4], Gen.Double[0, 0.9], Schedule.CosineLog),
        Gen.Select(Unit, Positive, Period, (initial, factor, every) => Schedule.Exponential(initial, factor, every)),
        Gen.Select(Unit, Unit, Period, Length, Schedule.StepDecay),
        Gen.Select(Unit, Unit, Period, (initial, decay, per) => Schedule.TimeBased(initial, decay, per)),
        Gen.Select(Unit, Unit, Period, (initial, decay, per) => Schedule.TimeBasedCompounding(initial, decay, per)),
        Gen.Select(Unit, Unit, Unit, Period, (initial, decay, power, per) => Schedule.InversePower(initial, decay, power, per)),
        Gen.Select(Unit, Period, Schedule.InverseSquareRoot),
        Gen.Select(Unit, Unit, Period, Length, Unit, (from, to, up, down, amplitude) => Schedule.Triangular(from, to, up, down, amplitude)),
        Gen.Select(Unit, Gen.Double[-3, 3], Length, Period, (initial, steepness, midpoint, per) => Schedule.Sigmoid(initial, steepness, midpoint, per)),
        Gen.Select(Unit, Unit, Unit, Period, (a, b, c, at) => Schedule.PiecewiseConstant([at, at * 1.5], [a, b, c])),
        Gen.Select(Unit, Unit, Unit, Period, (a, b, c, at) => Schedule.PiecewiseLinear((at, a), (at * 2, b), (at * 3, c))),
        Gen.Select(Unit, Unit, Unit, Period, (a, b, c, at) => Schedule.PiecewiseCubic((at, a), (at * 2, b), (at * 3, c))));

    private static Gen<Schedule> Within(int depth)
    {
        if (depth == 1)
        {
            return Shape;
        }

        var inner = Within(depth - 1);
        return Gen.OneOf(
            Shape,
            Gen.Select(inner, Length, (schedule, length) => (Schedule)schedule.For(length)),
            Gen.Select(inner, Length, inner, (first, length, next) => (Schedule)first.For(length).Then(next)),
            Gen.Select(inner, Length, inner, Length, inner, (a, m, b, n, c) => (Schedule)a.For(m).Then(b.For(n)).Then(c)),
            Gen.Select(inner, Length, Unit, (schedule, over, from) => schedule.WithWarmup(over, from)),
            Gen.Select(inner, Length, inner, Unit, (schedule, over, ramp, from) => schedule.WithWarmup(over, ramp, from)),
            Gen.Select(inner, Period, Gen.Double[0.3, 3], Unit, (schedule, every, period, peak) => schedule.Restart(every, period, peak)),
            Gen.Select(inner, Period, (schedule, every) => schedule.Restart(every)),
            Gen.Select(inner, Period, (schedule, every) => schedule.Staircase(every)),
            Gen.Select(inner, Length, (schedule, by) => schedule.Advance(by)),
            Gen.Select(inner, Gen.Double[0.2, 4], (schedule, exponent) => schedule.Pace(exponent)),
            Gen.Select(inner, Period, (schedule, every) => schedule.Stretch(every)),
            Gen.Select(inner, Unit, Unit, (schedule, a, b) => schedule.Clamp(System.Math.Min(a, b), System.Math.Max(a, b))),
            Gen.Select(inner, inner, (left, right) => left * right),
            Gen.Select(inner, inner, Schedule.SmallestOf),
            Gen.Select(inner, inner, Schedule.LargestOf),
            Gen.Select(inner, inner, (left, right) => (left * 0.5) + (right * 0.5)));
    }
}
