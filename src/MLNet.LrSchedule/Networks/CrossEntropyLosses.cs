using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>Binary cross-entropy of the logit; see <see cref="Loss.BinaryCrossEntropy"/>.</summary>
public sealed record BinaryCrossEntropyLoss : Loss
{
    internal BinaryCrossEntropyLoss()
    {
    }

    /// <summary>
    /// How far labels are moved towards one half: y becomes y (1 - s) + s / 2. Range: 0 (the default) to below 1. Szegedy et al., CVPR 2016.
    /// </summary>
    public double LabelSmoothing { get; init => field = Share(value); }

    internal override string Text => Named("binary cross-entropy", LabelSmoothing);

    internal override bool HasAccuracy => true;

    private protected override LossSum Evaluate(
        KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> gradient, float scale) =>
        PointLossKernels.Evaluate(kernels, new BinaryCrossEntropy(LabelSmoothing), outputs, labels, weights, gradient, scale);
}

/// <summary>Cross-entropy of the softmax of the logits; see <see cref="Loss.SoftmaxCrossEntropy"/>.</summary>
public sealed record SoftmaxCrossEntropyLoss : Loss
{
    internal SoftmaxCrossEntropyLoss()
    {
    }

    /// <summary>
    /// The share of each label that is spread evenly over all classes. Range: 0 (the default) to below 1. Szegedy et al., CVPR 2016.
    /// </summary>
    public double LabelSmoothing { get; init => field = Share(value); }

    internal override string Text => Named("softmax cross-entropy", LabelSmoothing);

    internal override bool HasAccuracy => true;

    private protected override LossSum Evaluate(
        KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> gradient, float scale) =>
        Kernels.SoftmaxCrossEntropy.Evaluate(kernels, outputs, labels, weights, gradient, scale, outputs.Length / Math.Max(labels.Length, 1), LabelSmoothing);
}
