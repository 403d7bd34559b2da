using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>A multilayer perceptron: a chain of layers over one buffer that holds all parameters.</summary>
/// <remarks>Reading (scoring) is safe from many threads; each needs a <see cref="Workspace"/> or scorer of its own.</remarks>
internal sealed class MlpNetwork
{
    private readonly Layer[] _layers;

    /// <summary>A network with all parameters zero.</summary>
    public MlpNetwork(NetworkDefinition definition)
    {
        Definition = definition;
        _layers = new Layer[definition.Layers.Count];
        int width = definition.Inputs, offset = 0;
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i] = definition.Layers[i].Create(width, offset);
            width = _layers[i].Outputs;
            offset = checked(offset + _layers[i].ParameterCount);
        }

        Parameters = new FloatBuffer(offset);
    }

    public NetworkDefinition Definition { get; }

    /// <summary>All parameters, layer after layer, each layer's weights [inputs x outputs] before its biases.</summary>
    public FloatBuffer Parameters { get; }

    public IReadOnlyList<Layer> Layers => _layers;

    public int Inputs => Definition.Inputs;

    public int Outputs => _layers[^1].Outputs;

    /// <summary>Draws the weights, each layer from a stream of its own, and sets the biases to zero.</summary>
    public void Initialize(WeightInitializer initializer, int seed)
    {
        Parameters.Span.Clear();
        for (int i = 0; i < _layers.Length; i++)
        {
            foreach (var block in _layers[i].Parameters)
            {
                if (block.Kind != ParameterKind.Weight)
                    continue;
                var random = RandomStream.Create(seed, RandomPurpose.InitialWeights, i);
                initializer.Fill(random, _layers[i].Inputs, _layers[i].Outputs, Parameters.Span.Slice(block.Offset, block.Length));
            }
        }
    }

    /// <summary>An independent network with the same parameters.</summary>
    public MlpNetwork Clone()
    {
        var copy = new MlpNetwork(Definition);
        Parameters.Span.CopyTo(copy.Parameters.Span);
        return copy;
    }

    /// <summary>Scores single rows without allocating; one scorer per thread.</summary>
    public NetworkScorer CreateScorer() => new(this);

    /// <summary>Sends a batch through the network.</summary>
    /// <param name="workspace">Receives every layer's output.</param>
    /// <param name="input">[rows x Inputs].</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="isTraining">Training, as against evaluation.</param>
    /// <returns>The last layer's output, [rows x Outputs], in the workspace.</returns>
    public Span<float> Forward(Workspace workspace, ReadOnlySpan<float> input, int rows, bool isTraining)
    {
        var current = input;
        Span<float> output = default;
        for (int i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            output = workspace.Output(i, rows * layer.Outputs);
            layer.Forward(new ForwardPass
            {
                Kernels = workspace.Kernels,
                Parameters = Parameters.Span,
                Input = current,
                Output = output,
                Kept = isTraining ? workspace.Kept(i, rows * layer.KeptPerRow) : default,
                Rows = rows,
                IsTraining = isTraining,
            });
            current = output;
        }

        return output;
    }

    /// <summary>Where the loss writes its gradient by the network's output before <see cref="Backward"/>, [rows x Outputs].</summary>
    public Span<float> OutputGradient(Workspace workspace, int rows) => workspace.Gradient(_layers.Length - 1, rows * Outputs);

    /// <summary>Backpropagation: sets the gradient of every parameter after a training <see cref="Forward"/> of the same batch.</summary>
    public void Backward(Workspace workspace, ReadOnlySpan<float> input, int rows)
    {
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            var layer = _layers[i];
            layer.Backward(new BackwardPass
            {
                Kernels = workspace.Kernels,
                Parameters = Parameters.Span,
                Gradients = workspace.ParameterGradients.Span,
                Input = i == 0 ? input : workspace.Output(i - 1, rows * layer.Inputs),
                Output = workspace.Output(i, rows * layer.Outputs),
                Kept = workspace.Kept(i, rows * layer.KeptPerRow),
                OutputGradient = workspace.Gradient(i, rows * layer.Outputs),
                InputGradient = i == 0 ? default : workspace.Gradient(i - 1, rows * layer.Inputs),
                Rows = rows,
            });
        }
    }

    /// <summary>For example "34-34-1 (relu), 1,225 parameters".</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Definition}, {Parameters.Length:N0} parameters");
}
