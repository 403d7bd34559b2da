using System;
using System.Linq;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// The curve of a learning-rate range test: the loss of each step while the rate grows from step to step (Smith, Cyclical Learning Rates for
/// Training Neural Networks, WACV 2017), and what rates may be read from it.
/// </summary>
public sealed record RangeTestCurve
{
    /// <summary>Steps at the start that no suggestion looks at: a tenth of the test's steps, as fastai leaves out.</summary>
    internal const double SkippedStart = 0.1;

    /// <summary>Steps at the end that no suggestion looks at.</summary>
    internal const int SkippedEnd = 5;

    /// <summary>A curve.</summary>
    /// <param name="learningRates">The rate of each step, growing.</param>
    /// <param name="smoothedLosses">The smoothed loss of each step.</param>
    /// <param name="plannedSteps">Steps that the test was to have; more than the curve has where it was ended early.</param>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public RangeTestCurve(ValueList<double> learningRates, ValueList<double> smoothedLosses, int plannedSteps)
    {
        ArgumentNullException.ThrowIfNull(learningRates);
        ArgumentNullException.ThrowIfNull(smoothedLosses);
        if (learningRates.Count != smoothedLosses.Count)
            throw new ArgumentException($"There are {learningRates.Count} rates but {smoothedLosses.Count} losses.", nameof(smoothedLosses));
        LearningRates = learningRates;
        SmoothedLosses = smoothedLosses;
        PlannedSteps = plannedSteps;
    }

    /// <summary>The rate of each step.</summary>
    public ValueList<double> LearningRates { get; }

    /// <summary>The smoothed loss of each step.</summary>
    public ValueList<double> SmoothedLosses { get; }

    /// <summary>Steps that the test was to have.</summary>
    public int PlannedSteps { get; }

    /// <summary>
    /// The rate in the middle of the longest stretch over which the smoothed loss keeps falling, a third and a sixth of it from its start. fastai's
    /// default.
    /// </summary>
    public double Valley
    {
        get
        {
            var (start, length) = LongestFall(Used.Losses);
            return Used.Rates[start + length / 3 + length / 6];
        }
    }

    /// <summary>A tenth of the rate with the lowest smoothed loss.</summary>
    public double MinimumTenth => Used.Rates[IndexOfMinimum(Used.Losses)] / 10;

    /// <summary>The rate where the smoothed loss falls fastest over the logarithm of the rate.</summary>
    public double Steepest
    {
        get
        {
            var (rates, losses) = Used;
            double[] slopes = [.. Enumerable.Range(0, losses.Length - 1).Select(i => (losses[i + 1] - losses[i]) / (Math.Log(rates[i + 1]) - Math.Log(rates[i])))];
            return rates[IndexOfMinimum(slopes)];
        }
    }

    /// <summary>The rate where the smoothed loss falls fastest from step to step, by central differences. torch-lr-finder's suggestion.</summary>
    public double SteepestStep => Used.Rates[IndexOfMinimum(Gradient(Used.Losses))];

    /// <summary>
    /// The last rate before the loss explodes: from the right end an interval of 15 steps slides left while the slopes at its ends differ. fastai's
    /// "slide".
    /// </summary>
    public double Slide
    {
        get
        {
            const int Interval = 15;
            const double Tolerance = 0.005;
            var (rates, losses) = Used;
            double[] slopes = Gradient(losses);
            int right = losses.Length - 1, left = Math.Max(0, right - Interval);
            double rate = rates[left];
            while (left >= 0 && Math.Abs(slopes[right] - slopes[left]) > Tolerance)
            {
                rate = rates[left];
                right--;
                left--;
            }

            return rate;
        }
    }

    /// <summary>Whether the loss falls anywhere in the part that suggestions look at, by more than the noise of a smoothed curve: 1 % of its start.</summary>
    public bool Descends => Used.Losses is { Length: > 1 } losses && losses.Min() < losses[0] - 0.01 * Math.Abs(losses[0]);

    private (double[] Rates, double[] Losses) Used
    {
        get
        {
            if (LearningRates.Count == 0)
                return ([], []);
            int start = Math.Min((int)(PlannedSteps * SkippedStart), LearningRates.Count - 1), end = Math.Max(start + 1, LearningRates.Count - SkippedEnd);
            return ([.. LearningRates.Take(end).Skip(start)], [.. SmoothedLosses.Take(end).Skip(start)]);
        }
    }

    /// <summary>fastai's smoothing: an exponential mean, corrected for its start at zero.</summary>
    /// <param name="losses">The raw losses.</param>
    /// <param name="beta">The share of the mean that stays. Range: 0 to below 1.</param>
    public static ValueList<double> Smooth(ValueList<double> losses, double beta = 0.98)
    {
        ArgumentNullException.ThrowIfNull(losses);
        if (!(beta >= 0) || beta >= 1)
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "beta must be at least 0 and below 1.");
        var smoothed = new double[losses.Count];
        var mean = new CorrectedMean(beta);
        for (int i = 0; i < smoothed.Length; i++)
            smoothed[i] = mean.Add(losses[i]);

        return [.. smoothed];
    }

    /// <summary>torch-lr-finder's smoothing: an exponential mean that starts with the first loss.</summary>
    /// <param name="losses">The raw losses.</param>
    /// <param name="share">The share of the new value. Range: 0 (no smoothing) to below 1. Default: 0.05.</param>
    public static ValueList<double> SmoothFromFirst(ValueList<double> losses, double share = 0.05)
    {
        ArgumentNullException.ThrowIfNull(losses);
        if (!(share >= 0) || share >= 1)
            throw new ArgumentOutOfRangeException(nameof(share), share, "share must be at least 0 and below 1.");
        var smoothed = losses.ToArray();
        for (int i = 1; share > 0 && i < smoothed.Length; i++)
            smoothed[i] = share * losses[i] + (1 - share) * smoothed[i - 1];
        return [.. smoothed];
    }

    // The longest strictly falling subsequence (not necessarily of neighbours), by its first-found end and its length.
    private static (int Start, int Length) LongestFall(double[] losses)
    {
        var lengths = new int[losses.Length];
        int end = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            lengths[i] = 1;
            for (int j = 0; j < i; j++)
            {
                if (losses[i] < losses[j])
                    lengths[i] = Math.Max(lengths[i], lengths[j] + 1);
            }

            if (lengths[i] > lengths[end])
                end = i;
        }

        int length = lengths[end];
        return (length == 1 ? 0 : end - length, length);
    }

    // Central differences of neighbours, one-sided at the ends.
    private static double[] Gradient(double[] values) =>
    [
        .. Enumerable.Range(0, values.Length).Select(i => values.Length == 1 ? 0
            : i == 0 ? values[1] - values[0]
            : i == values.Length - 1 ? values[^1] - values[^2]
            : (values[i + 1] - values[i - 1]) / 2),
    ];

    private static int IndexOfMinimum(double[] values)
    {
        int lowest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] < values[lowest])
                lowest = i;
        }

        return lowest;
    }
}

/// <summary>An exponential mean, corrected for its start at zero.</summary>
internal struct CorrectedMean(double beta)
{
    private double _sum;
    private double _missing = 1;

    /// <summary>Takes a value in and gives the mean so far.</summary>
    public double Add(double value)
    {
        _sum = beta * _sum + (1 - beta) * value;
        _missing *= beta;
        return _sum / (1 - _missing);
    }
}
