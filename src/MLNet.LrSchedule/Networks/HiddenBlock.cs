using System.Collections.Generic;

namespace MLNet.LrSchedule.Networks;

/// <summary>What normalises the sums of a hidden layer before its activation.</summary>
public enum Normalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// Batch normalisation: each unit by its mean and variance over the batch, in evaluation by running statistics that are saved with the model, then
    /// a trained scale and shift (which replaces the bias). Ioffe and Szegedy, ICML 2015. Rows count alike whatever their weights.
    /// </summary>
    Batch,

    /// <summary>
    /// Layer normalisation: each row by its mean and variance over the units, in training and evaluation alike, then a trained scale and shift.
    /// Ba, Kiros and Hinton, arXiv:1607.06450, 2016.
    /// </summary>
    Layer,
}

/// <summary>One hidden layer as a user thinks of it.</summary>
internal sealed record HiddenBlock(int Units, Activation Activation)
{
    public Normalization Normalization { get; init; }

    public bool HasDropout { get; init; }

    public bool IsResidual { get; init; }

    /// <summary>The chain of layers that the block is, its residual skip left out.</summary>
    public IEnumerable<LayerDefinition> Layers()
    {
        if (Normalization == Normalization.None)
        {
            yield return new DenseDefinition(Units, Activation);
        }
        else
        {
            // The mean that batch normalisation takes away takes any bias with it, and the shift replaces it.
            yield return new DenseDefinition(Units, Activation.Identity, HasBias: Normalization != Normalization.Batch);
            yield return Normalization == Normalization.Batch ? new BatchNormalizationDefinition() : new LayerNormalizationDefinition();
            yield return new ActivationDefinition(Activation);
        }

        if (HasDropout)
            yield return new DropoutDefinition();
    }
}
