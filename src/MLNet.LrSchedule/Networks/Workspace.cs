using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>
/// The numbers of one batch on its way through a network: activations forward, gradients back. Allocated once, for the largest batch.
/// </summary>
internal sealed class Workspace
{
    // Of a run, which disposes of it; what is evaluated later may be in use for as long as somebody holds a result.
    private readonly RunMemory? _memory;
    private readonly FloatBuffer?[] _outputs;
    private readonly int[] _widths;
    private readonly bool[] _sharesRows;
    private readonly FloatBuffer[] _kept;
    private readonly FloatBuffer[] _gradients;

    private Workspace(MlpNetwork network, KernelContext kernels, int maximumRows, bool forTraining)
    {
        Kernels = kernels;
        MaximumRows = maximumRows;
        DropoutRates = new double[network.Layers.Count];
        _outputs = new FloatBuffer[network.Layers.Count];
        _widths = [.. network.Layers.Select(layer => layer.Outputs)];
        _sharesRows = [.. network.Layers.Select(layer => kernels.MaxThreads > 1 && layer.SharesRows(maximumRows))];
        if (!forTraining)
        {
            _kept = [];
            _gradients = [];
            ParameterGradients = new FloatBuffer(0);
            return;
        }

        _memory = kernels.Memory;
        _kept = [.. network.Layers.Select(layer => _memory.Undefined(layer.KeptLength(maximumRows)))];
        // Backward needs two gradients at a time, a layer's own and its input's, so two buffers of the widest width take turns.
        int widest = network.Layers.Select((layer, i) => layer.Outputs - network.OutputsWithoutGradient(i)).Max();
        _gradients = [_memory.Undefined(checked(maximumRows * widest)), _memory.Undefined(checked(maximumRows * widest))];
        ParameterGradients = _memory.Zeros(network.Parameters.Length);
    }

    public KernelContext Kernels { get; }

    public int MaximumRows { get; }

    /// <summary>The gradients of all parameters, at the parameters' places; set by the backward pass, but for those of weights that it updates.</summary>
    public FloatBuffer ParameterGradients { get; }

    /// <summary>The dropout rate of each layer in the step; zero in layers without dropout.</summary>
    public double[] DropoutRates { get; }

    /// <summary>Decides, with the layer, what dropout draws in the step.</summary>
    public ulong DropoutSeed { get; set; }

    public static Workspace ForTraining(MlpNetwork network, KernelContext kernels, int maximumRows) =>
        new(network, kernels, maximumRows, forTraining: true);

    public static Workspace ForEvaluation(MlpNetwork network, KernelContext kernels, int maximumRows) =>
        new(network, kernels, maximumRows, forTraining: false);

    /// <summary>The same as <see cref="SparseGradient"/>, made for the first sparse batch.</summary>
    public SparseGradient? SparseGradientFor(int inputs, bool isSparse) =>
        // Dense batches may have been here before, so that it does not begin clear.
        SparseGradient ??= isSparse ? new SparseGradient(inputs) : null;

    /// <summary>The gradient of the first layer's weights by sparse batches; null in a workspace that has only seen dense ones.</summary>
    public SparseGradient? SparseGradient { get; private set; }

    /// <summary>Made when it is first asked for: that of embeddings of wide sparse rows never is.</summary>
    public Span<float> Output(int layer, int length) => (_outputs[layer] ??= NewOutput(checked(MaximumRows * _widths[layer]))).Span[..length];

    /// <summary>Whether a layer <see cref="Layer.SharesRows"/> of the largest batch, as which smaller ones are treated.</summary>
    public bool SharesRows(int layer) => _sharesRows[layer];

    /// <summary>The outputs of embeddings that stay sparse.</summary>
    public EmbeddedRows EmbeddedRows { get; } = new();

    public Span<float> Kept(int layer, int length) => _kept.Length == 0 ? [] : _kept[layer].Span[..length];

    /// <summary>What a layer's dropout draws in the step; the same on the way forward and back.</summary>
    public DropoutDraw Dropout(int layer) => new(RandomStream.Mix(DropoutSeed ^ (uint)layer), DropoutRates[layer]);

    public Span<float> Gradient(int layer, int length) => _gradients[layer & 1].Span[..length];

    private FloatBuffer NewOutput(int length) => _memory?.Undefined(length) ?? new FloatBuffer(length);
}
