using System;
using System.Globalization;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>What training makes small: a loss of a row's outputs and its label, averaged over the rows by their weights.</summary>
/// <remarks>z are the network's outputs (for classifiers the logits), y is the label.</remarks>
/// <example><code>Loss = Loss.Huber(delta: 2)
/// Loss = Loss.SoftmaxCrossEntropy with { LabelSmoothing = 0.1 }</code></example>
public abstract record Loss
{
    private protected Loss()
    {
    }

    /// <summary>Binary cross-entropy of the logit: ln(1 + exp(z)) - y z, computed so that no logit overflows. Labels are 0 or 1.</summary>
    public static BinaryCrossEntropyLoss BinaryCrossEntropy { get; } = new();

    /// <summary>Cross-entropy of the softmax of the logits, one per class: ln(sum of exp(z)) - z[y]. Labels are class numbers from 0.</summary>
    public static SoftmaxCrossEntropyLoss SoftmaxCrossEntropy { get; } = new();

    /// <summary>The squared error (z - y)², without a factor of one half.</summary>
    public static Loss Squared { get; } = new PointLoss("squared", 0);

    /// <summary>The absolute error |z - y|, whose best constant is the median. Its derivative at 0 is taken as 0.</summary>
    public static Loss Absolute { get; } = new PointLoss("absolute", 0);

    /// <summary>
    /// Poisson regression with a log link: exp(z) - y z, the negative log-likelihood of a count y with the mean exp(z), without the term that
    /// no weight changes. Labels are at least 0; predictions are exp(z).
    /// </summary>
    public static Loss Poisson { get; } = new PointLoss("poisson", 0);

    /// <summary>
    /// The Huber loss: (z - y)² / 2 up to delta from the label, then delta (|z - y| - delta / 2). Outliers pull with delta at most. Huber 1964.
    /// </summary>
    /// <param name="delta">Where the parabola becomes a line, in the unit of the label. Range: above 0, finite. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Delta is not above 0 or not finite.</exception>
    public static Loss Huber(double delta = 1) => delta > 0 && double.IsFinite(delta)
        ? new PointLoss("huber", delta)
        : throw new ArgumentOutOfRangeException(nameof(delta), delta, "Delta must be above 0 and finite.");

    /// <summary>
    /// The quantile (pinball) loss: level (y - z) where the prediction is too low and (1 - level) (z - y) where it is too high, whose best
    /// constant is the quantile. Koenker and Bassett 1978.
    /// </summary>
    /// <param name="level">Which quantile is learned. Range: between 0 and 1, both excluded. Default: 0.5, the median.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is out of its range.</exception>
    public static Loss Quantile(double level = 0.5) => level is > 0 and < 1
        ? new PointLoss("quantile", level)
        : throw new ArgumentOutOfRangeException(nameof(level), level, "The level must be between 0 and 1.");

    /// <summary>The loss's text, such as "squared" or "huber(1)".</summary>
    public sealed override string ToString() => Text;

    /// <summary>The text form under which the loss is saved and printed.</summary>
    internal abstract string Text { get; }

    /// <summary>Whether rows can be classified rightly, so that there is an accuracy.</summary>
    internal abstract bool HasAccuracy { get; }

    /// <summary>Reads back what <see cref="Text"/> wrote.</summary>
    /// <exception cref="FormatException">The text names no loss.</exception>
    internal static Loss Parse(string text)
    {
        int open = text.IndexOf('(');
        string name = open < 0 ? text : text[..open];
        double number = 0;
        bool hasNumber = open > 0 && text.EndsWith(')')
            && double.TryParse(text.AsSpan(open + 1, text.Length - open - 2), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        return (name, open < 0, hasNumber) switch
        {
            ("binary cross-entropy", true, _) => BinaryCrossEntropy,
            ("binary cross-entropy", _, true) => BinaryCrossEntropy with { LabelSmoothing = number },
            ("softmax cross-entropy", true, _) => SoftmaxCrossEntropy,
            ("softmax cross-entropy", _, true) => SoftmaxCrossEntropy with { LabelSmoothing = number },
            ("squared", true, _) => Squared,
            ("absolute", true, _) => Absolute,
            ("poisson", true, _) => Poisson,
            ("huber", _, true) => Huber(number),
            ("quantile", _, true) => Quantile(number),
            _ => throw new FormatException(
                $"'{text}' names no loss; known are binary cross-entropy, softmax cross-entropy, both with or without (label smoothing), " +
                "squared, absolute, poisson, huber(delta), quantile(level)."),
        };
    }

    /// <summary>Sums the rows' losses without a gradient.</summary>
    /// <param name="kernels">The run's kernels.</param>
    /// <param name="outputs">[rows x outputs], before any output function.</param>
    /// <param name="labels">One per row.</param>
    /// <param name="weights">One per row, or empty where each is 1.</param>
    internal LossSum Measure(KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights) =>
        Evaluate(kernels, outputs, labels, weights, [], 0f);

    /// <summary>As <see cref="Measure"/>, and writes the gradient of the weighted mean loss by the outputs.</summary>
    /// <param name="kernels">The run's kernels.</param>
    /// <param name="outputs">[rows x outputs], before any output function.</param>
    /// <param name="labels">One per row.</param>
    /// <param name="weights">One per row, or empty where each is 1. A batch of weight 0 has the gradient 0.</param>
    /// <param name="gradient">Receives the gradient, [rows x outputs].</param>
    internal LossSum Gradient(
        KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> gradient) =>
        Evaluate(kernels, outputs, labels, weights, gradient, MeanScale(labels.Length, weights));

    /// <summary>Turns outputs into predictions in the unit of the label, in place; the identity unless the loss has a link.</summary>
    internal virtual void ToPredictions(KernelContext kernels, Span<float> outputs)
    {
    }

    /// <summary>Sums the losses and, unless the gradient is empty, writes derivative x weight x scale.</summary>
    private protected abstract LossSum Evaluate(
        KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> gradient, float scale);

    private protected static double Share(double value) => value is >= 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException("LabelSmoothing", value, "Label smoothing must be at least 0 and below 1.");

    private protected static string Named(string name, double number) =>
        number == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}({number:R})");

    /// <summary>What turns a sum over the batch into its weighted mean.</summary>
    private static float MeanScale(int rows, ReadOnlySpan<float> weights)
    {
        if (weights.IsEmpty)
            return 1f / rows;
        double total = 0;
        foreach (float weight in weights)
            total += weight;
        return total > 0 ? (float)(1 / total) : 0f;
    }
}
