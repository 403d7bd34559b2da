using System;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>
/// One layer of a trained network, to be read. A dense layer gives f(input W + b), with the weights W as a table [inputs x outputs], the biases
/// b and the activation f.
/// </summary>
/// <example>
/// <code>
/// foreach (MlpLayer layer in model.Layers)
///     Console.WriteLine($"{layer}: {layer.Weights.Length} weights");
/// </code>
/// </example>
public sealed class MlpLayer
{
    private readonly MlpNetwork _network;
    private readonly Layer _layer;

    internal MlpLayer(MlpNetwork network, int index)
    {
        _network = network;
        _layer = network.Layers[index];
        (Kind, Activation) = network.Definition.Layers[index] switch
        {
            DenseDefinition dense => ("dense", dense.Activation),
            EmbeddingDefinition => ("embedding", Activation.Identity),
            ActivationDefinition { Activation: var activation } => ("activation", activation),
            { Name: var name } => (name, Activation.Identity),
        };
    }

    /// <summary>What the layer does: embedding, dense, activation, batch normalization, layer normalization, dropout or residual.</summary>
    public string Kind { get; }

    /// <summary>Number of inputs.</summary>
    public int Inputs => _layer.Inputs;

    /// <summary>Number of outputs.</summary>
    public int Outputs => _layer.Outputs;

    /// <summary>
    /// The function applied to each of the layer's sums; <see cref="Activation.Identity"/> where there is none, as in the last layer.
    /// </summary>
    public Activation Activation { get; }

    /// <summary>
    /// Of a dense layer the weights, [inputs x outputs] row by row: the weight from input i to output j is at i x <see cref="Outputs"/> + j. Of a
    /// normalisation the factor of each output. Of embeddings the tables, one after the other (<see cref="MlpEmbedding.Table"/>). Empty for layers without.
    /// </summary>
    public ReadOnlySpan<float> Weights => Block(ParameterKind.Weight) is { Length: > 0 } weights ? weights : Block(ParameterKind.Scale);

    /// <summary>What is added to each output. Empty for layers without.</summary>
    public ReadOnlySpan<float> Biases => Block(ParameterKind.Bias);

    /// <summary>Of a batch normalisation the running mean of each output, then the running variance of each. Empty for other layers.</summary>
    public ReadOnlySpan<float> Statistics => Block(ParameterKind.Statistic);

    /// <summary>For example "dense, 34 to 16, relu".</summary>
    public override string ToString() => Activation == Activation.Identity ? $"{Kind}, {Inputs} to {Outputs}" : $"{Kind}, {Inputs} to {Outputs}, {Activation}";

    private ReadOnlySpan<float> Block(ParameterKind kind)
    {
        foreach (ParameterBlock block in _layer.Parameters)
        {
            if (block.Kind == kind)
            {
                return _network.Parameters.Span.Slice(block.Offset, block.Length);
            }
        }

        return [];
    }
}
