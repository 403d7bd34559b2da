using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Cross-entropy of the softmax of logits z with a class: ln(sum of e^(z_c - m)) - sum of q_c (z_c - m), with the row's largest logit m and the target
/// distribution q, which is 1 at the label, or 1 - s + s / classes there and s / classes elsewhere under label smoothing s. The derivative is p - q.
/// The sum over the classes accumulates in double precision in ascending order.
/// </summary>
internal static unsafe class SoftmaxCrossEntropy
{
    // Two double-precision numbers.
    private const int PerRow = 4;

    // Fewer than this take a few microseconds, and handing out work one.
    private const int MinParallelElements = 2048;

    /// <summary>Sums the losses of a batch, row after row, and, unless <paramref name="gradient"/> is empty, writes the derivatives.</summary>
    /// <param name="context">The run's context.</param>
    /// <param name="logits">[rows x classes].</param>
    /// <param name="labels">One per row: the index of its class.</param>
    /// <param name="weights">One per row, or empty: all 1.</param>
    /// <param name="gradient">[rows x classes], or empty. Receives (p - q) * (weight * gradientScale). May be the memory of the logits.</param>
    /// <param name="gradientScale">For a mean over the batch: one over the sum of its weights.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="labelSmoothing">0 to 1.</param>
    public static LossSum Evaluate(
        KernelContext context,
        ReadOnlySpan<float> logits,
        ReadOnlySpan<float> labels,
        ReadOnlySpan<float> weights,
        Span<float> gradient,
        float gradientScale,
        int classes,
        double labelSmoothing = 0)
    {
        CheckLengths(logits.Length, labels.Length, weights.Length, gradient.Length, classes);
        int rows = labels.Length;
        for (int row = 0; row < rows; row++)
        {
            CheckLabel(labels[row], classes, row);
        }

        Span<float> scratch = context.Scratch(checked((rows * classes) + (PerRow * rows)));
        fixed (float* z = logits, label = labels, weight = weights, slope = gradient, free = scratch)
        {
            SoftmaxCrossEntropyWork work = new()
            {
                Logits = z,
                Labels = label,
                Weights = weight,
                Gradient = slope,
                GradientScale = gradientScale,
                Classes = classes,
                LabelSmoothing = labelSmoothing,
                Losses = (double*)free,
                Correct = (double*)free + rows,
                Exponentials = free + (PerRow * rows),
            };
            ParallelRanges.Run(context, work, rows, MinParallelElements / classes, alignment: 1);
            double lossSum = 0;
            double weightSum = 0;
            double correctSum = 0;
            for (int row = 0; row < rows; row++)
            {
                double each = weights.IsEmpty ? 1 : weight[row];
                lossSum += each * work.Losses[row];
                weightSum += each;
                correctSum += each * work.Correct[row];
            }

            return new LossSum(lossSum, weightSum, correctSum);
        }
    }

    /// <summary>The class probabilities of logits [rows x classes]; both may be the same memory.</summary>
    public static void Probabilities(KernelContext context, ReadOnlySpan<float> logits, Span<float> probabilities, int classes)
    {
        if (classes < 1 || logits.Length % classes != 0 || probabilities.Length != logits.Length)
        {
            throw new ArgumentException($"{logits.Length} logits and {probabilities.Length} probabilities do not fit {classes} classes.");
        }

        for (int first = 0; first < logits.Length; first += classes)
        {
            ReadOnlySpan<float> z = logits.Slice(first, classes);
            Span<float> p = probabilities.Slice(first, classes);
            Shift(z, LargestLogit(z), p);
            SoftmaxBlock.Exponentials(context.VectorWidth, p);
            float inverse = (float)(1 / Sum(p));
            foreach (ref float value in p)
            {
                value *= inverse;
            }
        }
    }

    /// <summary>The same loss in double precision, for reference networks.</summary>
    public static LossSum Evaluate(
        ReadOnlySpan<double> logits,
        ReadOnlySpan<double> labels,
        ReadOnlySpan<double> weights,
        Span<double> gradient,
        double gradientScale,
        int classes,
        double labelSmoothing = 0)
    {
        CheckLengths(logits.Length, labels.Length, weights.Length, gradient.Length, classes);
        LossSum total = default;
        double[] target = new double[classes];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<double> z = logits.Slice(row * classes, classes);
            int label = CheckLabel(labels[row], classes, row);
            Array.Fill(target, labelSmoothing / classes);
            target[label] += 1 - labelSmoothing;
            int best = 0;
            for (int c = 1; c < classes; c++)
            {
                best = z[c] > z[best] ? c : best;
            }

            double largest = z[best];
            double sum = 0;
            double crossed = 0;
            for (int c = 0; c < classes; c++)
            {
                sum += Math.Exp(z[c] - largest);
                crossed += target[c] * (z[c] - largest);
            }

            double weight = weights.IsEmpty ? 1 : weights[row];
            total += new LossSum(weight * (Math.Log(sum) - crossed), weight, best == label ? weight : 0);
            for (int c = 0; c < classes && !gradient.IsEmpty; c++)
            {
                gradient[(row * classes) + c] = ((Math.Exp(logits[(row * classes) + c] - largest) / sum) - target[c]) * (weight * gradientScale);
            }
        }

        return total;
    }

    // Without branches, which random logits would make a processor guess wrong. A NaN among them becomes the largest, the exponentials' sum and so the loss.
    private static float LargestLogit(ReadOnlySpan<float> z)
    {
        float largest = z[0];
        for (int c = 1; c < z.Length; c++)
        {
            largest = MathF.Max(largest, z[c]);
        }

        return largest;
    }

    private static void Shift(ReadOnlySpan<float> z, float largest, Span<float> shifted)
    {
        for (int c = 0; c < z.Length; c++)
        {
            shifted[c] = z[c] - largest;
        }
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static int CheckLabel(double label, int classes, int row)
    {
        if (label >= 0 && label < classes && label == Math.Floor(label))
        {
            return (int)label;
        }

        throw new ArgumentException($"Row {row} of the batch has the label {label}, which is no index of {classes} classes.");
    }

    private static void CheckLengths(int logits, int labels, int weights, int gradient, int classes)
    {
        if (classes < 1
            || logits != (long)labels * classes
            || (weights != 0 && weights != labels)
            || (gradient != 0 && gradient != logits))
        {
            throw new ArgumentException(
                $"{logits} logits do not fit {labels} labels of {classes} classes, {weights} weights and a gradient of {gradient}.");
        }
    }
}
