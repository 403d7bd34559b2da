using System;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

// The named policies of the literature. Each is an expression over shapes and combinators, and prints and saves as one.
public abstract partial record Schedule
{
    /// <summary>Drops at given moments: <c>initial factor^(number of milestones reached)</c>.</summary>
    /// <param name="initial">Value before the first milestone; finite.</param>
    /// <param name="factor">Factor of each drop; finite and at least 0.</param>
    /// <param name="milestones">When to drop, in order; the same milestone twice drops twice.</param>
    public static Schedule MultiStep(double initial, double factor, ValueList<Duration> milestones)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        Require.NonNegative(factor, nameof(factor));
        return new PiecewiseConstant(milestones, [.. Enumerable.Range(0, milestones.Count + 1).Select(drops => initial * PortableMath.Pow(factor, drops))]);
    }

    /// <summary>A multiple of the value for some time, and then the value itself.</summary>
    /// <param name="value">The value; finite.</param>
    /// <param name="factor">What it is multiplied by at first; finite.</param>
    /// <param name="over">For how long.</param>
    public static Schedule ConstantFactor(double value, double factor, Duration over) => Constant(value * factor).For(over).Then(value);

    /// <summary>A way from one value to another, and then constant, as for stochastic weight averaging.</summary>
    /// <param name="from">Value at step 0; finite.</param>
    /// <param name="to">Value reached after <paramref name="over"/> and held from there; finite.</param>
    /// <param name="over">Length of the way; without length the end value holds from the start.</param>
    /// <param name="shape">Shape of the way. Default cosine.</param>
    /// <remarks>Izmailov et al., Averaging Weights Leads to Wider Optima and Better Generalization, UAI 2018.</remarks>
    public static Schedule AnnealToConstant(double from, double to, Duration over, Annealing shape = Annealing.Cosine) => Way(from, to, shape).For(over);

    /// <summary>One cycle: up to the peak, then down to almost nothing.</summary>
    /// <param name="peak">The highest value; finite.</param>
    /// <param name="rise">Length of the way up. Default 30 % of the run.</param>
    /// <param name="startDivisor">It starts at the peak divided by this; finite and above 0. Default 25.</param>
    /// <param name="endDivisor">It ends at the peak divided by this; finite and above 0. Default 10000.</param>
    /// <param name="shape">Shape of both ways. Default cosine.</param>
    /// <remarks>
    /// Smith and Topin, Super-Convergence, 2018. Other libraries place the end differently: see <c>FromPyTorch.OneCycleLR</c>, <c>FromFastai.FitOneCycle</c> and
    /// <c>FromOptax.CosineOneCycleSchedule</c>.
    /// </remarks>
    public static Schedule OneCycle(double peak, Duration? rise = null, double startDivisor = 25, double endDivisor = 1e4, Annealing shape = Annealing.Cosine) =>
        Way(peak / Require.Positive(startDivisor, nameof(startDivisor)), peak, shape)
            .For(rise ?? Duration.Fraction(0.3))
            .Then(Way(peak, peak / Require.Positive(endDivisor, nameof(endDivisor)), shape));

    /// <summary>One cycle in three phases: up to the peak, down again for as long, and then to almost nothing.</summary>
    /// <param name="peak">The highest value; finite.</param>
    /// <param name="rise">Length of the way up, and of the way down; at most half the run. Default 30 % of the run.</param>
    /// <param name="startDivisor">It starts at the peak divided by this, and returns there; finite and above 0. Default 25.</param>
    /// <param name="endDivisor">It ends at the peak divided by this; finite and above 0. Default 10000.</param>
    /// <param name="shape">Shape of all three ways. Default cosine.</param>
    /// <remarks>Smith, A Disciplined Approach to Neural Network Hyper-Parameters, 2018.</remarks>
    public static Schedule OneCycleThreePhase(
        double peak, Duration? rise = null, double startDivisor = 25, double endDivisor = 1e4, Annealing shape = Annealing.Cosine)
    {
        var start = peak / Require.Positive(startDivisor, nameof(startDivisor));
        var end = peak / Require.Positive(endDivisor, nameof(endDivisor));
        var length = rise ?? Duration.Fraction(0.3);
        return Way(start, peak, shape).For(length).Then(Way(peak, start, shape).For(length)).Then(Way(start, end, shape));
    }

    /// <summary>The momentum that mirrors <see cref="OneCycle"/>: down while the rate rises, up while it falls.</summary>
    /// <param name="high">Momentum at the start and at the end; finite. Default 0.95.</param>
    /// <param name="low">Momentum at the peak of the rate; finite. Default 0.85.</param>
    /// <param name="rise">Length of the rate's way up. Default 30 % of the run.</param>
    /// <param name="shape">Shape of both ways. Default cosine.</param>
    public static Schedule OneCycleMomentum(double high = 0.95, double low = 0.85, Duration? rise = null, Annealing shape = Annealing.Cosine) =>
        Way(high, low, shape).For(rise ?? Duration.Fraction(0.3)).Then(Way(low, high, shape));

    /// <summary>A constant, and then half a cosine wave down over the rest of the window.</summary>
    /// <param name="value">The value to hold; finite.</param>
    /// <param name="hold">For how long. Default 75 % of the run.</param>
    /// <param name="to">Value reached at the end; finite. Default 0.</param>
    public static Schedule FlatCosine(double value, Duration? hold = null, double to = 0) =>
        Constant(value).For(hold ?? Duration.Fraction(0.75)).Then(Cosine(value, to));

    /// <summary>Up in a straight line, constant, and down in a straight line over the rest of the window.</summary>
    /// <param name="peak">The value to hold; finite.</param>
    /// <param name="warmup">Length of the way up. Default 10 % of the run.</param>
    /// <param name="stable">Length of the constant part. Default 70 % of the run.</param>
    /// <param name="to">Value reached at the end; finite. Default 0.</param>
    /// <remarks>Zhai et al., Scaling Vision Transformers, CVPR 2022; Hu et al., MiniCPM, 2024.</remarks>
    public static Schedule WarmupStableDecay(double peak, Duration? warmup = null, Duration? stable = null, double to = 0) =>
        Linear(0, peak).For(warmup ?? Duration.Fraction(0.1)).Then(Constant(peak).For(stable ?? Duration.Fraction(0.7))).Then(Linear(peak, to));

    /// <summary>Up in a straight line, constant, and then an exponential decay to a value that is held.</summary>
    /// <param name="peak">The value to hold; finite, not 0.</param>
    /// <param name="warmup">Length of the way up.</param>
    /// <param name="hold">Length of the constant part.</param>
    /// <param name="decay">Length of the decay.</param>
    /// <param name="initialScale">It starts at the peak times this; finite. Default 0.01.</param>
    /// <param name="finalScale">It ends at the peak times this; finite and above 0. Default 0.01.</param>
    /// <remarks>Park et al., SpecAugment, Interspeech 2019, in the form of fairseq's <c>tri_stage</c>.</remarks>
    public static Schedule TriStage(double peak, Duration warmup, Duration hold, Duration decay, double initialScale = 0.01, double finalScale = 0.01) =>
        Linear(peak * initialScale, peak).For(warmup).Then(Constant(peak).For(hold)).Then(Geometric(peak, peak * finalScale).For(decay));

    /// <summary>The schedule of the Transformer: <c>factor width^-0.5 min(k^-0.5, k warmup^-1.5)</c>, with k counting updates from 1.</summary>
    /// <param name="width">Width of the model; at least 1.</param>
    /// <param name="warmupSteps">Updates until the peak, which is <c>factor / sqrt(width warmup)</c>; at least 1.</param>
    /// <param name="factor">Scale of the whole; finite. Default 1.</param>
    /// <remarks>Vaswani et al., Attention Is All You Need, NeurIPS 2017, section 5.3.</remarks>
    public static Schedule Noam(int width, long warmupSteps, double factor = 1)
    {
        var warmup = Duration.Steps(Require.AtLeast(warmupSteps, 1, nameof(warmupSteps)));
        var peak = factor / Math.Sqrt((double)Require.AtLeast(width, 1, nameof(width)) * warmupSteps);
        return InverseSquareRoot(peak, warmup).WithWarmup(warmup).Advance(Duration.Steps(1));
    }

    /// <summary>The sweep of a learning-rate range test over the window, in equal steps on a logarithmic axis.</summary>
    /// <param name="from">Lowest rate; finite and above 0. Default 1e-7.</param>
    /// <param name="to">Highest rate, reached at the end of the window; finite and above 0. Default 10.</param>
    /// <remarks>Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017, section 3.3.</remarks>
    public static Schedule RangeTest(double from = 1e-7, double to = 10) => Geometric(from, to);

    private static Schedule Way(double from, double to, Annealing shape) => shape switch
    {
        Annealing.Cosine => Cosine(from, to),
        Annealing.Linear => Linear(from, to),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "The shape must be one of the named values."),
    };
}
