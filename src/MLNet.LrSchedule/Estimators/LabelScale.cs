using System;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>
/// How labels of a regression relate to what the network learns: label = Offset + Factor x output. The network learns labels with mean 0 and
/// standard deviation 1, so that one learning rate fits prices in thousands and shares below one.
/// </summary>
internal readonly record struct LabelScale(float Offset, float Factor)
{
    /// <summary>The network learns labels as they are.</summary>
    public static LabelScale None { get; } = new(0, 1);

    /// <summary>The scale that gives labels mean 0 and standard deviation 1, each row counted by its weight.</summary>
    /// <param name="labels">One for each row.</param>
    /// <param name="weights">One for each row, or empty where each is 1.</param>
    public static LabelScale Standardize(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        double total = 0, sum = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            total += weight;
            sum += weight * labels[i];
        }

        // The deviations are summed after the mean is known: the usual shortcut loses everything where the mean is large.
        double mean = sum / total, squares = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double deviation = labels[i] - mean;
            squares += (weights.IsEmpty ? 1.0 : weights[i]) * deviation * deviation;
        }

        return OfMoments(mean, squares / total);
    }

    /// <summary>The scale that gives labels of this mean and variance mean 0 and standard deviation 1.</summary>
    public static LabelScale OfMoments(double mean, double variance)
    {
        float factor = (float)Math.Sqrt(variance);

        // Labels that are all the same, or almost, leave nothing to divide by.
        return new LabelScale((float)mean, factor > 0 && float.IsFinite(1 / factor) ? factor : 1);
    }

    /// <summary>The loss of scaled labels that is smallest where the given loss of the labels is.</summary>
    public Loss Of(Loss loss) => loss is PointLoss { Name: "huber", Parameter: var delta } ? Loss.Huber(delta / Factor) : loss;

    public float ToLabel(float output) => MathF.FusedMultiplyAdd(output, Factor, Offset);

    public float ToOutput(float label) => (label - Offset) / Factor;
}
