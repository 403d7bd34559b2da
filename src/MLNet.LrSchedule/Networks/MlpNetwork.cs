using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>A multilayer perceptron: a chain of layers over one buffer that holds all parameters.</summary>
/// <remarks>Reading (scoring) is safe from many threads; each needs a <see cref="Workspace"/> or scorer of its own.</remarks>
internal sealed class MlpNetwork
{
    private readonly Layer[] _layers;

    // The embeddings whose outputs go into a dense layer and nowhere else; null where there are none.
    private readonly EmbeddingLayer? _embeddings;

    // For each layer, the residual layer that adds its output, or -1.
    private readonly int[] _skips;

    /// <summary>A network with all parameters zero, save scales and variances, which are one.</summary>
    public MlpNetwork(NetworkDefinition definition)
        : this(definition, length => new FloatBuffer(length))
    {
        foreach (var layer in _layers)
            layer.Reset(Parameters.Span);
    }

    private MlpNetwork(NetworkDefinition definition, Func<int, FloatBuffer> allocate)
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

        Parameters = allocate(offset);
        _skips = new int[_layers.Length];
        Array.Fill(_skips, -1);
        for (int i = 0; i < _layers.Length; i++)
        {
            if (_layers[i].SkipSource is >= 0 and int source)
                _skips[source] = i;
        }

        _embeddings = _layers is [EmbeddingLayer embeddings, DenseLayer, ..] && _skips[0] < 0 ? embeddings : null;
    }

    public NetworkDefinition Definition { get; }

    /// <summary>
    /// All parameters, layer after layer: weights [inputs x outputs] before biases; scale, shift, and in batch normalisation the running mean and
    /// variance, which are not trained but belong to the network as the others do; tables of embeddings.
    /// </summary>
    public FloatBuffer Parameters { get; }

    public IReadOnlyList<Layer> Layers => _layers;

    public int Inputs => Definition.Inputs;

    public int Outputs => _layers[^1].Outputs;

    /// <summary>Draws the weights, each dense layer from a stream of its own, and sets the rest to where training starts.</summary>
    public void Initialize(WeightInitializer initializer, int seed) => Initialize(_ => initializer, seed);

    /// <summary>As above, with an initialiser for each dense layer, counted from 0.</summary>
    public void Initialize(Func<int, WeightInitializer> initializerOf, int seed)
    {
        Parameters.Span.Clear();
        int dense = 0;
        foreach (var layer in _layers)
        {
            layer.Reset(Parameters.Span);
            if (layer is EmbeddingLayer embeddings)
                embeddings.Initialize(Parameters.Span, seed);
            if (layer is not DenseLayer)
                continue;

            // By the number of the dense layer, so that a dropout before it leaves its weights as they were.
            var block = layer.Parameters[0];
            var random = RandomStream.Create(seed, RandomPurpose.InitialWeights, dense);
            initializerOf(dense).Fill(random, layer.Inputs, layer.Outputs, Parameters.Span.Slice(block.Offset, block.Length));
            dense++;
        }
    }

    /// <summary>An independent network with the same parameters.</summary>
    /// <param name="kernels">What copies them.</param>
    public MlpNetwork Clone(KernelContext kernels)
    {
        var copy = new MlpNetwork(Definition, FloatBuffer.Undefined);
        CopyKernels.Copy(kernels, Parameters.Span, copy.Parameters.Span);
        return copy;
    }

    /// <summary>
    /// Whether sparse rows can come into the network as they are: its first layer multiplies only what is there, and no skip adds the input itself.
    /// </summary>
    public bool TakesSparse => _layers[0].TakesSparse && !_layers.Any(layer => layer.SkipSource == -1);

    /// <summary>How many of a layer's outputs, the first ones, have nothing before them that learns.</summary>
    public int OutputsWithoutGradient(int layer) => layer == 0 && _embeddings is not null ? _embeddings.Others : 0;

    /// <summary>Sends a batch of dense rows through the network; see the other overload.</summary>
    /// <param name="workspace">Receives every layer's output.</param>
    /// <param name="input">[rows x Inputs].</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="isTraining">Training, as against evaluation.</param>
    public Span<float> Forward(Workspace workspace, scoped ReadOnlySpan<float> input, int rows, bool isTraining) =>
        Forward(workspace, new InputRows(input, rows), isTraining);

    /// <summary>Sends a batch through the network.</summary>
    /// <param name="workspace">Receives every layer's output.</param>
    /// <param name="input">The rows; sparse ones only where <see cref="TakesSparse"/>.</param>
    /// <param name="isTraining">Training, as against evaluation.</param>
    /// <param name="layers">Of so many layers only, from the first; all unless given.</param>
    /// <returns>The last layer's output, [rows x Outputs], in the workspace.</returns>
    public Span<float> Forward(Workspace workspace, scoped InputRows input, bool isTraining, int? layers = null)
    {
        int rows = input.Rows, first = 0;
        Span<float> output = default;
        if (_embeddings is not null && input.IsSparse && _embeddings.StaySparse(input.Sparse))
        {
            _embeddings.Forward(workspace.Kernels, Parameters.Span, input.Sparse, workspace.EmbeddedRows, isTraining ? workspace.Dropout(0) : default);
            input = new InputRows(workspace.EmbeddedRows.Rows);
            first = 1;
        }

        int end = layers ?? _layers.Length;
        for (int i = first; i < end; i++)
        {
            var layer = _layers[i];
            var current = i == first ? input.Dense : output;
            output = workspace.Output(i, rows * layer.Outputs);
            layer.Forward(new ForwardPass
            {
                Kernels = workspace.Kernels,
                Parameters = Parameters.Span,
                Statistics = isTraining ? Parameters.Span : default,
                Input = current,
                SparseInput = i == first ? input.Sparse : default,
                HasSparseInput = i == first && input.IsSparse,
                HasSharedRows = HasSharedRows(workspace, i, first, input.IsSparse),
                Skipped = layer.SkipSource switch
                {
                    null => default,
                    -1 => input.Dense,
                    int source => workspace.Output(source, rows * layer.Inputs),
                },
                Output = output,
                Kept = isTraining ? workspace.Kept(i, layer.KeptLength(rows)) : default,
                Rows = rows,
                IsTraining = isTraining,
                Dropout = isTraining ? workspace.Dropout(i) : default,
            });
        }

        return output;
    }

    /// <summary>Where the loss writes its gradient by the network's output before the way back, [rows x Outputs].</summary>
    public Span<float> OutputGradient(Workspace workspace, int rows) => workspace.Gradient(_layers.Length - 1, rows * Outputs);

    /// <summary>Backpropagation of a batch of dense rows; see the other overload.</summary>
    public void Backward(Workspace workspace, scoped ReadOnlySpan<float> input, int rows) => Backward(workspace, new InputRows(input, rows));

    /// <summary>Backpropagation: sets the gradient of every parameter that it does not update, after a training forward pass of the same batch.</summary>
    /// <param name="workspace">What the forward pass left.</param>
    /// <param name="input">The rows.</param>
    /// <param name="updates">Dense weights that are updated in place of setting their gradient; none unless given.</param>
    public void Backward(Workspace workspace, scoped InputRows input, MomentumUpdates? updates = null)
    {
        int rows = input.Rows, first = _embeddings is not null && input.IsSparse && _embeddings.StaySparse(input.Sparse) ? 1 : 0;
        // The layer that multiplies sparse rows: behind embeddings, where there are any.
        int multiplier = _layers[0] is EmbeddingLayer ? 1 : 0;
        bool hasSlope = false;
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            var layer = _layers[i];
            // A residual layer's gradient must be added before the slope comes in.
            var before = i > 0 && layer.JoinsSlope && _layers[i - 1].JoinsSlope && _skips[i - 1] < 0 ? _layers[i - 1] : null;
            if (_skips[i] >= 0)
            {
                var gradient = workspace.Gradient(i, rows * layer.Outputs);
                SumKernels.Add(workspace.Kernels, gradient, workspace.Kept(_skips[i], rows * layer.Outputs), gradient);
            }

            var source = i == 0 ? input : i == first ? new InputRows(workspace.EmbeddedRows.Rows) : default;
            bool hasSource = i == 0 || i == first;
            int needless = OutputsWithoutGradient(i), needlessBefore = i == 0 ? 0 : OutputsWithoutGradient(i - 1);
            layer.Backward(new BackwardPass
            {
                Kernels = workspace.Kernels,
                Parameters = Parameters.Span,
                Gradients = workspace.ParameterGradients.Span,
                Input = hasSource ? source.Dense : workspace.Output(i - 1, rows * layer.Inputs),
                SparseInput = source.Sparse,
                SparseGradient = i == multiplier ? workspace.SparseGradientFor(layer.Inputs, source.IsSparse) : null,
                HasSparseInput = source.IsSparse,
                HasSharedRows = HasSharedRows(workspace, i, first, input.IsSparse),
                Output = i < first ? default : workspace.Output(i, rows * layer.Outputs),
                Kept = workspace.Kept(i, layer.KeptLength(rows)),
                OutputGradient = workspace.Gradient(i, rows * (layer.Outputs - needless)),
                InputGradient = i == 0 ? default : workspace.Gradient(i - 1, rows * (layer.Inputs - needlessBefore)),
                InputsWithoutGradient = needlessBefore,
                InputFunction = before?.Function,
                InputBiasGradient = before is null ? default : before.BiasesIn(workspace.ParameterGradients.Span),
                InputFunctionStored = before is null ? default
                    : before.KeptPerRow > 0 ? workspace.Kept(i - 1, rows * before.KeptPerRow)
                    : workspace.Output(i - 1, rows * before.Outputs),
                HasSlope = hasSlope,
                Updates = updates,
                Rows = rows,
                Dropout = workspace.Dropout(i),
            });
            hasSlope = before is not null;
        }
    }

    // Sparse rows are divided in ways of their own.
    private static bool HasSharedRows(Workspace workspace, int layer, int first, bool isSparse) =>
        layer > (isSparse ? first + 1 : first) && workspace.SharesRows(layer - 1);

    /// <summary>For example "34-34-1 (relu), 1,225 parameters".</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Definition}, {Parameters.Length:N0} parameters");
}
