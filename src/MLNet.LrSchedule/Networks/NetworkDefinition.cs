using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>What a network is, without its numbers: how many inputs, and its layers from first to last.</summary>
internal sealed class NetworkDefinition
{
    public NetworkDefinition(int inputs, IReadOnlyList<LayerDefinition> layers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        if (layers.Count == 0)
            throw new ArgumentException("A network needs at least one layer.", nameof(layers));
        Inputs = inputs;
        Layers = layers;
        var widths = new int[layers.Count + 1];
        widths[0] = inputs;
        for (int i = 0; i < layers.Count; i++)
        {
            widths[i + 1] = layers[i].OutputsFor(widths[i]);
            if (layers[i] is EmbeddingDefinition && i > 0)
                throw new ArgumentException($"Layer {i} has embeddings, which only the first layer can have.", nameof(layers));
            if (layers[i] is not ResidualDefinition residual)
                continue;
            if (residual.Source < -1 || residual.Source >= i)
                throw new ArgumentException($"Layer {i} adds the output of layer {residual.Source}, which is not before it.", nameof(layers));
            if (widths[residual.Source + 1] != widths[i])
                throw new ArgumentException($"Layer {i} adds {widths[residual.Source + 1]} numbers to {widths[i]}; a residual skip needs equal widths.", nameof(layers));
        }
    }

    /// <summary>Number of features. Range: at least 1.</summary>
    public int Inputs { get; }

    public IReadOnlyList<LayerDefinition> Layers { get; }

    /// <summary>The usual multilayer perceptron: hidden dense layers and a linear output layer, whose sums are the loss's logits.</summary>
    public static NetworkDefinition Perceptron(int inputs, IEnumerable<DenseDefinition> hidden, int outputs) =>
        new(inputs, [.. hidden, new DenseDefinition(outputs, Activation.Identity)]);

    /// <summary>True when both describe the same layers, so that one's parameters fit the other.</summary>
    public bool HasSameShapeAs(NetworkDefinition other) => Inputs == other.Inputs && Layers.SequenceEqual(other.Layers);

    /// <summary>The tables of the first layer; none where it has no embeddings.</summary>
    public ReadOnlySpan<EmbeddingTable> Embeddings => Layers[0] is EmbeddingDefinition embeddings ? embeddings.Tables : [];

    /// <summary>
    /// The same with normalisation, dropout and skips: each block is dense, normalisation, activation, dropout, sum with the block's input; before them all
    /// the embeddings, where there are any.
    /// </summary>
    /// <exception cref="ArgumentException">A residual block has another width than what comes into it.</exception>
    public static NetworkDefinition Perceptron(int inputs, IEnumerable<HiddenBlock> blocks, int outputs, EmbeddingDefinition? embeddings = null)
    {
        List<LayerDefinition> layers = embeddings is null ? [] : [embeddings];
        foreach (var block in blocks)
        {
            int source = layers.Count - 1;
            layers.AddRange(block.Layers());
            if (block.IsResidual)
                layers.Add(new ResidualDefinition(source));
        }

        layers.Add(new DenseDefinition(outputs, Activation.Identity));
        return new NetworkDefinition(inputs, layers);
    }

    /// <summary>For example "34-34-1 (relu, dropout)": widths, then the hidden activations and what else there is between the layers.</summary>
    public override string ToString()
    {
        string widths = string.Join('-', Layers.OfType<DenseDefinition>().Select(layer => layer.Outputs).Prepend(Inputs));
        string[] parts = [.. Layers.SkipLast(1).Select((layer, i) => Layers[i + 1] is BatchNormalizationDefinition or LayerNormalizationDefinition ? "" : layer.Name)
            .Where(name => name.Length > 0).Distinct()];
        return parts.Length == 0 ? widths : $"{widths} ({string.Join(", ", parts)})";
    }
}
