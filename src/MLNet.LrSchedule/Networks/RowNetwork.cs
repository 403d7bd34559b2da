using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>
/// A trained network for rows that come one at a time: its dense layers alone (dropout does nothing in evaluation), with rows of weights that are whole
/// vectors. Any number of threads share it. The bits are those of <see cref="MlpNetwork.Forward(Workspace, ReadOnlySpan{float}, int, bool)"/>.
/// </summary>
/// <remarks>
/// Aligned layers whose width is a multiple of 16, or 1, are read where they are; of the others there is a copy, so that the network must not change any more.
/// </remarks>
internal sealed unsafe class RowNetwork
{
    // 4 MiB.
    private const long MostCopied = 1 << 20;

    private readonly MlpNetwork _network;
    private readonly RowLayer[] _layers;
    private readonly List<FloatBuffer> _copies = [];
    private readonly VectorWidth _width;
    private readonly int _widest;

    private RowNetwork(MlpNetwork network, VectorWidth width)
    {
        _network = network;
        _width = width;
        _widest = network.Inputs;
        List<RowLayer> layers = [];
        bool expectsZeros = false;
        foreach (Layer layer in network.Layers)
        {
            if (layer is not DenseLayer dense)
                continue;
            _widest = Math.Max(_widest, dense.Outputs);
            layers.Add(MakeLayer(dense, expectsZeros));
            expectsZeros = dense.Activation.Kind == ActivationKind.Relu;
        }

        _layers = [.. layers];
        ScratchLength = RowForward.ScratchLength(_widest);
    }

    /// <summary>How many numbers of scratch a row needs.</summary>
    public int ScratchLength { get; }

    /// <summary>Null where the network has other layers than those above, or the copies would be larger than 4 MiB.</summary>
    /// <param name="network">The network.</param>
    /// <param name="width">The vector width to run at; the widest there is unless given.</param>
    public static RowNetwork? TryMake(MlpNetwork network, VectorWidth? width = null)
    {
        long copied = 0;
        foreach (Layer layer in network.Layers)
        {
            if (layer is not (DenseLayer or DropoutLayer))
                return null;
            if (layer is DenseLayer dense && !IsReadInPlace(network, dense))
                copied += (dense.Inputs + 1L) * Stride(dense.Outputs);
        }

        return network.Layers[^1] is DenseLayer && copied <= MostCopied ? new RowNetwork(network, width ?? KernelContext.AvailableWidths[^1]) : null;
    }

    /// <param name="features">One row, as long as the network has inputs.</param>
    /// <param name="outputs">Receives the network's outputs.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> numbers.</param>
    public void Forward(ReadOnlySpan<float> features, Span<float> outputs, Span<float> scratch)
    {
        if (features.Length != _network.Inputs || outputs.Length != _network.Outputs || scratch.Length < ScratchLength)
            throw new ArgumentException($"{features.Length} features, {outputs.Length} outputs and {scratch.Length} numbers of scratch do not fit {_network}.");
        fixed (float* row = features, results = outputs, room = scratch)
        {
            RowForward.Run(_width, _layers, _widest, row, results, room);
        }

        // The layers point into the buffers of both.
        GC.KeepAlive(this);
    }

    private RowLayer MakeLayer(DenseLayer dense, bool expectsZeros)
    {
        ReadOnlySpan<float> parameters = _network.Parameters.Span.Slice(dense.ParameterOffset, dense.ParameterCount);
        int weights = dense.Inputs * dense.Outputs;
        RowLayer layer = new()
        {
            Weights = _network.Parameters.Pointer + dense.ParameterOffset,
            Stride = dense.Outputs,
            Inputs = dense.Inputs,
            Outputs = dense.Outputs,
            Activation = dense.Activation.Kind,
            Parameter = dense.Activation.Parameter,
            CanSkip = ReductionKernels.AllFinite(parameters),
            ExpectsZeros = expectsZeros,
        };
        if (!IsReadInPlace(_network, dense))
        {
            layer.Stride = Stride(dense.Outputs);
            FloatBuffer copy = new((dense.Inputs + 1) * layer.Stride);
            for (int i = 0; i < dense.Inputs; i++)
                parameters.Slice(i * dense.Outputs, dense.Outputs).CopyTo(copy.Span[(i * layer.Stride)..]);
            // Chains without a bias start at the zeros that are there.
            parameters[weights..].CopyTo(copy.Span[(dense.Inputs * layer.Stride)..]);
            layer.Weights = copy.Pointer;
            _copies.Add(copy);
        }

        layer.Start = layer.Weights + ((nint)dense.Inputs * layer.Stride);
        return layer;
    }

    private static bool IsReadInPlace(MlpNetwork network, DenseLayer dense) =>
        dense.ParameterCount > dense.Inputs * dense.Outputs
        && Stride(dense.Outputs) == dense.Outputs
        && (dense.Outputs == 1 || (nuint)(network.Parameters.Pointer + dense.ParameterOffset) % (RowLayer.ColumnRun * sizeof(float)) == 0);

    private static int Stride(int outputs) => outputs == 1 ? 1 : (int)(((long)outputs + RowLayer.ColumnRun - 1) / RowLayer.ColumnRun * RowLayer.ColumnRun);
}
