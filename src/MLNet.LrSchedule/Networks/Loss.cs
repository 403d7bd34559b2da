using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>What training makes small: a loss of a row's outputs and its label, averaged over the rows by their weights.</summary>
public abstract record Loss
{
    private protected Loss()
    {
    }

    /// <summary>Binary cross-entropy of the logit: ln(1 + exp(z)) - y z, computed so that no logit overflows. Labels are 0 or 1.</summary>
    internal static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss();

    /// <summary>Whether rows can be classified rightly, so that there is an accuracy.</summary>
    internal abstract bool HasAccuracy { get; }

    /// <summary>Sums the rows' losses without a gradient.</summary>
    /// <param name="kernels">The run's kernels.</param>
    /// <param name="outputs">[rows x outputs], before any output function.</param>
    /// <param name="labels">One per row.</param>
    /// <param name="weights">One per row, or empty where each is 1.</param>
    internal abstract LossSum Measure(KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights);

    /// <summary>As <see cref="Measure"/>, and writes the gradient of the weighted mean loss by the outputs.</summary>
    /// <param name="kernels">The run's kernels.</param>
    /// <param name="outputs">[rows x outputs], before any output function.</param>
    /// <param name="labels">One per row.</param>
    /// <param name="weights">One per row, or empty where each is 1. A batch of weight 0 has the gradient 0.</param>
    /// <param name="gradient">Receives the gradient, [rows x outputs].</param>
    internal abstract LossSum Gradient(
        KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> gradient);

    /// <summary>What turns a sum over the batch into its weighted mean.</summary>
    private protected static float MeanScale(int rows, ReadOnlySpan<float> weights)
    {
        if (weights.IsEmpty)
            return 1f / rows;
        double total = 0;
        foreach (float weight in weights)
            total += weight;
        return total > 0 ? (float)(1 / total) : 0f;
    }
}

/// <summary>Binary cross-entropy of the logit.</summary>
internal sealed record BinaryCrossEntropyLoss : Loss
{
    internal override bool HasAccuracy => true;

    internal override LossSum Measure(KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights) =>
        PointLossKernels.Evaluate(kernels, new BinaryCrossEntropy(labelSmoothing: 0), outputs, labels, weights, [], gradientScale: 0f);

    internal override LossSum Gradient(
        KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> gradient) =>
        PointLossKernels.Evaluate(kernels, new BinaryCrossEntropy(labelSmoothing: 0), outputs, labels, weights, gradient, MeanScale(labels.Length, weights));
}
