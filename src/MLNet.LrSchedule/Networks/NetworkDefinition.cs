using System;
using System.Collections.Generic;
using System.Linq;

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
    }

    /// <summary>Number of features. Range: at least 1.</summary>
    public int Inputs { get; }

    public IReadOnlyList<LayerDefinition> Layers { get; }

    /// <summary>The usual multilayer perceptron: hidden dense layers and a linear output layer, whose sums are the loss's logits.</summary>
    public static NetworkDefinition Perceptron(int inputs, IEnumerable<DenseDefinition> hidden, int outputs) =>
        new(inputs, [.. hidden, new DenseDefinition(outputs, Activation.Identity)]);

    /// <summary>True when both describe the same layers, so that one's parameters fit the other.</summary>
    public bool HasSameShapeAs(NetworkDefinition other) => Inputs == other.Inputs && Layers.SequenceEqual(other.Layers);

    /// <summary>For example "34-34-1 (relu)": widths, then the hidden activations.</summary>
    public override string ToString()
    {
        string widths = string.Join('-', Layers.OfType<DenseDefinition>().Select(layer => layer.Outputs).Prepend(Inputs));
        var activations = Layers.OfType<DenseDefinition>().SkipLast(1).Select(layer => layer.Activation.Name).Distinct().ToArray();
        return activations.Length == 0 ? widths : $"{widths} ({string.Join(", ", activations)})";
    }
}

/// <summary>What one layer is, without its numbers.</summary>
internal abstract record LayerDefinition
{
    /// <summary>Makes the layer that follows a layer of the given width.</summary>
    /// <param name="inputs">Width of what comes in.</param>
    /// <param name="parameterOffset">Where the layer's parameters begin in the network's buffer.</param>
    public abstract Layer Create(int inputs, int parameterOffset);
}

/// <summary>A dense layer: sums of all inputs, then a function.</summary>
internal sealed record DenseDefinition(int Outputs, Activation Activation) : LayerDefinition
{
    public override Layer Create(int inputs, int parameterOffset) => new DenseLayer(inputs, Outputs, Activation, parameterOffset);
}
