namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>This schedule in a window of its own; <see cref="Phase.Then"/> says what follows.</summary>
    /// <param name="length">Length of the window; at least 0.</param>
    public Phase For(Duration length) => new(this, length);

    /// <summary>A straight ramp in front: from <paramref name="from"/> to this schedule's first value, which then starts its own clock in the window that is left.</summary>
    /// <param name="over">Length of the ramp; at least 0. This schedule's first value is reached exactly at its end.</param>
    /// <param name="from">Value at step 0; finite. Default 0.</param>
    /// <remarks>Goyal et al., Accurate, Large Minibatch SGD, 2017, section 2.2.</remarks>
    public Schedule WithWarmup(Duration over, double from = 0) => new Warmup(this, over, from);

    /// <summary>A ramp of any shape in front: from <paramref name="from"/> to this schedule's first value along <paramref name="ramp"/>.</summary>
    /// <param name="over">Length of the ramp; at least 0.</param>
    /// <param name="ramp">Share of the way that is done, from 0 to 1 over its window, for example <c>Schedule.Cosine(0, 1)</c>.</param>
    /// <param name="from">Value where the ramp is 0; finite. Default 0.</param>
    public Schedule WithWarmup(Duration over, Schedule ramp, double from = 0) => new Warmup(this, over, from, ramp);

    /// <summary>This schedule over and over: its clock starts again at the end of every cycle.</summary>
    /// <param name="every">Length of the first cycle; longer than nothing.</param>
    /// <param name="periodMultiplier">Each cycle is this many times as long as the one before; finite and above 0, default 1. Fractions are legal.</param>
    /// <param name="peakMultiplier">Each cycle rises this many times as high above its last value as the one before; finite and at least 0, default 1.</param>
    /// <remarks>With <see cref="Cosine(double, double)"/>: Loshchilov and Hutter, SGDR, ICLR 2017.</remarks>
    public Schedule Restart(Duration every, double periodMultiplier = 1, double peakMultiplier = 1) =>
        new Restarts(this, every, periodMultiplier, peakMultiplier);

    /// <summary>This schedule sampled at the start of every period and held until the next.</summary>
    /// <param name="every">The period; longer than nothing. <c>Epochs(1)</c> keeps the value constant within an epoch.</param>
    public Schedule Staircase(Duration every) => new Staircase(this, every);

    /// <summary>This schedule, never below <paramref name="minimum"/> and never above <paramref name="maximum"/>.</summary>
    /// <param name="minimum">Lowest value; not above <paramref name="maximum"/>. Default: no limit.</param>
    /// <param name="maximum">Highest value. Default: no limit.</param>
    public Schedule Clamp(double? minimum = null, double? maximum = null) => new Clamped(this, minimum, maximum);

    /// <summary>This schedule some time ahead: what it would be <paramref name="by"/> later, in the same window.</summary>
    /// <param name="by">How far ahead; at least 0. <c>Steps(1)</c> turns a formula that counts from 0 into one that counts from 1.</param>
    public Schedule Advance(Duration by) => new Advanced(this, by);

    /// <summary>This schedule run through at another pace: <c>progress^exponent</c> instead of <c>progress</c>, with the same start and end.</summary>
    /// <param name="exponent">Finite and above 0. Above 1 lingers at the start, below 1 hurries through it.</param>
    public Schedule Pace(double exponent) => new Paced(this, exponent);

    /// <summary>This schedule in a window that grows by its own length each time it is used up, as with the <c>cycle</c> option of Keras's polynomial decay.</summary>
    /// <param name="every">Length of the first window; longer than nothing.</param>
    public Schedule Stretch(Duration every) => new Stretched(this, every);
}
