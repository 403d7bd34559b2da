using System;

namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>The same value at every moment.</summary>
    /// <param name="value">The value; finite.</param>
    public static Schedule Constant(double value) => new ConstantSchedule(value);

    /// <summary>A straight line over the window: <c>from + (to - from) progress</c>.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value reached at the end of the window and held from there; finite.</param>
    public static Schedule Linear(double from, double to) => new PolynomialDecay(from, to, 1);

    /// <summary>Half a cosine wave over the window: <c>to + (from - to) (1 + cos(pi progress)) / 2</c>.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value reached at the end of the window and held from there; finite.</param>
    /// <remarks>Loshchilov and Hutter, SGDR, ICLR 2017, eq. 5.</remarks>
    public static Schedule Cosine(double from, double to) => new CosineAnnealing(from, to, 1);

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

    /// <summary>A drop at regular intervals: <c>initial drop^floor((t + offset) / every)</c>.</summary>
    /// <param name="initial">Value before the first drop; finite.</param>
    /// <param name="drop">Factor of each drop; finite and at least 0, for example 0.5.</param>
    /// <param name="every">Time between drops; longer than nothing.</param>
    /// <param name="offset">
    /// How much sooner the first drop comes; default none, so that the initial value lasts for the whole of the first interval.
    /// <c>Epochs(1)</c> gives <c>floor((1 + epoch) / every)</c>.
    /// </param>
    public static Schedule StepDecay(double initial, double drop, Duration every, Duration offset = default) => new StepDecay(initial, drop, every, offset);

    /// <summary>Smooth exponential decay: <c>initial factor^(t / every)</c>.</summary>
    /// <param name="initial">Value at step 0; finite.</param>
    /// <param name="factor">What the value is multiplied by in each <paramref name="every"/>; finite and above 0. Above 1 the value grows without bound.</param>
    /// <param name="every">Time for one factor; longer than nothing. Default one epoch.</param>
    public static Schedule Exponential(double initial, double factor, Duration? every = null) =>
        new ExponentialDecay(initial, factor, every ?? Duration.Epochs(1));

    /// <summary>Any function of training time. It must be pure: the same moment must give the same value.</summary>
    /// <param name="function">The value for the update about to be applied.</param>
    /// <remarks>A function cannot be saved: see <see cref="IsOpaque"/>. A record deriving from <see cref="Schedule"/> can.</remarks>
    /// <example><code>Schedule.Custom(t => 0.05 / Math.Sqrt(1 + t.Epoch))</code></example>
    public static Schedule Custom(Func<ScheduleTime, double> function) => new CustomSchedule(function);
}
