using System;

namespace MLNet.LrSchedule.Schedules;

// The shapes. One expression each; the records behind them carry the formulas and the sources.
public abstract partial record Schedule
{
    /// <summary>The same value at every moment.</summary>
    /// <param name="value">The value; finite.</param>
    public static Schedule Constant(double value) => new ConstantSchedule(value);

    /// <summary>A straight line over the window: <c>from + (to - from) progress</c>.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value reached at the end of the window and held from there; finite.</param>
    public static Schedule Linear(double from, double to) => new PolynomialDecay(from, to);

    /// <summary>A polynomial over the window: <c>to + (from - to) (1 - progress)^power</c>.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value reached at the end of the window and held from there; finite.</param>
    /// <param name="power">Exponent; finite and above 0.</param>
    public static Schedule Polynomial(double from, double to, double power) => new PolynomialDecay(from, to, power);

    /// <summary>Half a cosine wave over the window: <c>to + (from - to) (1 + cos(pi progress)) / 2</c>.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value reached at the end of the window and held from there; finite.</param>
    /// <remarks>Loshchilov and Hutter, SGDR, ICLR 2017, eq. 5.</remarks>
    public static Schedule Cosine(double from, double to) => new CosineAnnealing(from, to);

    /// <summary>A cosine wave that never ends: it falls in <paramref name="every"/>, rises again in the next, and so on.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">The other extreme; finite.</param>
    /// <param name="every">Time from one extreme to the other; longer than nothing.</param>
    public static Schedule CosineWave(double from, double to, Duration every) => new CosineWave(from, to, every);

    /// <summary>An exponential curve over the window: <c>from (to / from)^progress</c>, a straight line on a logarithmic axis.</summary>
    /// <param name="from">Value at step 0; finite, not 0.</param>
    /// <param name="to">Value reached at the end of the window and held from there; finite, of the same sign.</param>
    public static Schedule Geometric(double from, double to) => new GeometricInterpolation(from, to);

    /// <summary>Smooth exponential decay: <c>initial factor^(t / every)</c>.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="factor">What the value is multiplied by in each <paramref name="every"/>; finite and above 0. Above 1 the value grows without bound.</param>
    /// <param name="every">Time for one factor; longer than nothing. Default one epoch.</param>
    public static Schedule Exponential(double initial, double factor, Duration? every = null) =>
        new ExponentialDecay(initial, factor, every ?? Duration.Epochs(1));

    /// <summary>Natural exponential decay: <c>initial exp(-rate t / every)</c>.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="rate">Decay in each <paramref name="every"/>; finite.</param>
    /// <param name="every">The unit of the rate; longer than nothing. Default one epoch.</param>
    public static Schedule NaturalExponential(double initial, double rate, Duration? every = null) =>
        new ExponentialDecay(initial, PortableMath.Exp(-Require.Finite(rate, nameof(rate))), every ?? Duration.Epochs(1));

    /// <summary>Time-based decay, <c>initial / (1 + decay n)</c> with n the number of whole <paramref name="per"/> units so far.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="decay">Decay per unit; finite and at least 0.</param>
    /// <param name="per">The unit that is counted; longer than nothing. Default one epoch; <c>Steps(1)</c> is what Keras's <c>decay</c> argument counts.</param>
    public static Schedule TimeBased(double initial, double decay, Duration? per = null) =>
        new TimeBasedDecay(initial, decay, per ?? Duration.Epochs(1));

    /// <summary>Time-based decay that compounds: <c>value(n) = value(n - 1) / (1 + decay n)</c>, with n the number of whole <paramref name="per"/> units so far.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="decay">Decay per unit; finite and at least 0.</param>
    /// <param name="per">The unit that is counted; longer than nothing. Default one epoch.</param>
    public static Schedule TimeBasedCompounding(double initial, double decay, Duration? per = null) =>
        new CompoundingDecay(initial, decay, per ?? Duration.Epochs(1));

    /// <summary>Inverse power decay: <c>initial (1 + decay n)^-power</c>, with n the number of whole <paramref name="per"/> units so far.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="decay">Decay per unit; finite and at least 0.</param>
    /// <param name="power">Exponent; finite and at least 0.</param>
    /// <param name="per">The unit that is counted; longer than nothing. Default one epoch.</param>
    public static Schedule InversePower(double initial, double decay, double power, Duration? per = null) =>
        new InversePower(initial, decay, power, per ?? Duration.Epochs(1));

    /// <summary>Inverse square root decay: <c>initial sqrt(timescale / (t + timescale))</c>.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="timescale">How slowly it falls: it has halved after three of these. Longer than nothing.</param>
    public static Schedule InverseSquareRoot(double initial, Duration timescale) => new InverseSquareRootDecay(initial, timescale);

    /// <summary>A drop at regular intervals: <c>initial drop^floor((t + offset) / every)</c>.</summary>
    /// <param name="initial">Value before the first drop; finite.</param>
    /// <param name="drop">Factor of each drop; finite and at least 0, for example 0.5.</param>
    /// <param name="every">Time between drops; longer than nothing.</param>
    /// <param name="offset">
    /// How much sooner the first drop comes; default none, so that the initial value lasts for the whole of the first interval.
    /// <c>Epochs(1)</c> gives <c>floor((1 + epoch) / every)</c>.
    /// </param>
    public static Schedule StepDecay(double initial, double drop, Duration every, Duration offset = default) => new StepDecay(initial, drop, every, offset);

    /// <summary>A value for each stretch of time: <c>values[k]</c>, with k the number of boundaries that have been reached.</summary>
    /// <param name="boundaries">Where the values change, in order.</param>
    /// <param name="values">The values, one more than boundaries; finite.</param>
    public static Schedule PiecewiseConstant(ValueList<Duration> boundaries, ValueList<double> values) => new PiecewiseConstant(boundaries, values);

    /// <summary>Straight lines through given points; held before the first and after the last.</summary>
    /// <param name="points">Moments and values, each later than the one before; at least two.</param>
    public static Schedule PiecewiseLinear(params ReadOnlySpan<SchedulePoint> points) => new PiecewiseInterpolated(new(points));

    /// <summary>A smooth curve through given points that rises and falls only where they do; held before the first and after the last.</summary>
    /// <param name="points">Moments and values, each later than the one before; at least three.</param>
    public static Schedule PiecewiseCubic(params ReadOnlySpan<SchedulePoint> points) => new PiecewiseInterpolated(new(points), CurveKind.MonotoneCubic);

    /// <summary>A triangle over and over: from one value to another in <paramref name="up"/>, back in <paramref name="down"/>.</summary>
    /// <param name="from">Value at the start of every cycle; finite.</param>
    /// <param name="to">Value at the peak of the first cycle; finite.</param>
    /// <param name="up">Time from the start of a cycle to its peak; longer than nothing.</param>
    /// <param name="down">Time from the peak back. Default as long as the way up.</param>
    /// <param name="amplitudeMultiplier">Height of each cycle relative to the one before; finite and at least 0. Default 1; 0.5 is <c>triangular2</c>.</param>
    public static Schedule Triangular(double from, double to, Duration up, Duration? down = null, double amplitudeMultiplier = 1) =>
        new TriangularCycle(from, to, up, down ?? up, amplitudeMultiplier);

    /// <summary>A hyperbolic tangent over the window: a late, steep fall between two plateaus.</summary>
    /// <param name="from">Value the curve starts from; finite.</param>
    /// <param name="to">Value reached at the end of the window and held from there; finite.</param>
    /// <param name="lower">Argument of the tangent at step 0; finite and below the upper one. Default -7.</param>
    /// <param name="upper">Argument of the tangent at the end; finite. Default 3.</param>
    public static Schedule Tanh(double from, double to, double lower = -7, double upper = 3) => new TanhAnnealing(from, to, lower, upper);

    /// <summary>A logistic curve: <c>initial / (1 + exp(steepness (t - midpoint) / per))</c>.</summary>
    /// <param name="initial">The upper limit of the curve; finite.</param>
    /// <param name="steepness">Change of the exponent per unit; finite, positive to fall.</param>
    /// <param name="midpoint">When half the initial value is reached; at least 0.</param>
    /// <param name="per">The unit of the steepness; longer than nothing. Default one epoch.</param>
    public static Schedule Sigmoid(double initial, double steepness, Duration midpoint, Duration? per = null) =>
        new SigmoidDecay(initial, steepness, midpoint, per ?? Duration.Epochs(1));

    /// <summary>A curve that stays high for long and then falls: <c>to + (from - to) (1 - progress) / (1 - progress / 2)</c>.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value reached at the end of the window and held from there; finite. Default 0.</param>
    public static Schedule Rex(double from, double to = 0) => new RexDecay(from, to);

    /// <summary>A cosine under a falling line: <c>initial ((alpha + 1 - progress) (1 + cos(2 pi periods progress)) / 2 + beta)</c>.</summary>
    /// <param name="initial">The scale of the curve; finite.</param>
    /// <param name="periods">Cosine waves over the window; finite and above 0. Default half a wave.</param>
    /// <param name="alpha">Added to the line; finite. Default 0.</param>
    /// <param name="beta">Added to the whole; finite. Default 0.001.</param>
    public static Schedule LinearCosine(double initial, double periods = 0.5, double alpha = 0, double beta = 0.001) =>
        new LinearCosineDecay(initial, periods, alpha, beta);

    /// <summary>Cosine waves that get longer, RealMLP's <c>coslog</c>: it starts and ends at 0.</summary>
    /// <param name="peak">Value at the top of each wave; finite.</param>
    /// <param name="cycles">Number of waves; at least 1. Default 4.</param>
    /// <param name="growth">Length of each wave relative to the one before; finite and above 1. Default 2.</param>
    /// <param name="phase">Where the first wave starts, in waves; at least 0 and below 1. Default 0; 0.5 starts at the peak.</param>
    public static Schedule CosineLog(double peak, int cycles = 4, double growth = 2, double phase = 0) => new CosineLog(peak, cycles, growth, phase);

    /// <summary>Any recurrence: <c>value(n) = next(n, value(n - 1))</c>, with n the number of whole <paramref name="per"/> units so far.</summary>
    /// <param name="initial">Value before the first unit is over; finite.</param>
    /// <param name="next">The value after n units, from n and the value before. It must be pure.</param>
    /// <param name="per">The unit that is counted; longer than nothing. Default one epoch.</param>
    /// <remarks>A function cannot be saved: see <see cref="IsOpaque"/>. A record deriving from <see cref="RecurrentSchedule"/> can.</remarks>
    public static Schedule Recurrence(double initial, Func<long, double, double> next, Duration? per = null) =>
        new CustomRecurrence(initial, next, per ?? Duration.Epochs(1));

    /// <summary>Any function of training time. It must be pure: the same moment must give the same value.</summary>
    /// <param name="function">The value for the update about to be applied.</param>
    /// <remarks>A function cannot be saved: see <see cref="IsOpaque"/>. A record deriving from <see cref="Schedule"/> can.</remarks>
    /// <example><code>Schedule.Custom(t => 0.05 / Math.Sqrt(1 + t.Epoch))</code></example>
    public static Schedule Custom(Func<ScheduleTime, double> function) => new CustomSchedule(function);

    /// <summary>The smaller of two schedules at every moment.</summary>
    public static Schedule SmallestOf(Schedule left, Schedule right) => new Smallest(left, right);

    /// <summary>The larger of two schedules at every moment.</summary>
    public static Schedule LargestOf(Schedule left, Schedule right) => new Largest(left, right);
}
