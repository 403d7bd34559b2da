using System;
using System.Linq;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>
/// One layer of a trained network, to be read: output = f(input W + b), with the weights W as a table [inputs x outputs], the biases b and
/// the activation f.
/// </summary>
/// <example>
/// <code>
/// foreach (MlpLayer layer in model.Layers)
///     Console.WriteLine($"{layer}: weight from input 0 to output 0 is {layer.Weights[0]}");
/// </code>
/// </example>
public sealed class MlpLayer
{
    private readonly MlpNetwork _network;
    private readonly DenseLayer _layer;

    internal MlpLayer(MlpNetwork network, DenseLayer layer)
    {
        _network = network;
        _layer = layer;
    }

    /// <summary>Number of inputs.</summary>
    public int Inputs => _layer.Inputs;

    /// <summary>Number of outputs.</summary>
    public int Outputs => _layer.Outputs;

    /// <summary>The function applied to each of the layer's sums. The last layer's is <see cref="Activation.Identity"/>: it gives the score as it is.</summary>
    public Activation Activation => _layer.Activation;

    /// <summary>The weights, [inputs x outputs] row by row: the weight from input i to output j is at i x <see cref="Outputs"/> + j.</summary>
    public ReadOnlySpan<float> Weights => Block(ParameterKind.Weight);

    /// <summary>The biases, one for each output.</summary>
    public ReadOnlySpan<float> Biases => Block(ParameterKind.Bias);

    /// <summary>For example "34 to 16, relu".</summary>
    public override string ToString() => $"{Inputs} to {Outputs}, {Activation}";

    private ReadOnlySpan<float> Block(ParameterKind kind)
    {
        ParameterBlock block = _layer.Parameters.Single(parameters => parameters.Kind == kind);
        return _network.Parameters.Span.Slice(block.Offset, block.Length);
    }
}
