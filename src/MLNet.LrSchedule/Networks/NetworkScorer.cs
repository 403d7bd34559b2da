using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>Scores rows, one or a block at a time, without allocating. One scorer per thread; any number share a network.</summary>
/// <remarks>A row has the same bits in a block of any size.</remarks>
internal sealed class NetworkScorer
{
    private readonly MlpNetwork _network;
    private readonly Workspace _workspace;

    /// <param name="network">The network.</param>
    /// <param name="maximumRows">The most rows of a block; at least 1.</param>
    public NetworkScorer(MlpNetwork network, int maximumRows)
    {
        _network = network;
        _workspace = Workspace.ForEvaluation(network, new KernelContext(), maximumRows);
    }

    public KernelContext Kernels => _workspace.Kernels;

    public int MaximumRows => _workspace.MaximumRows;

    /// <param name="features">One row, as long as the network has inputs.</param>
    /// <param name="outputs">Receives the network's outputs (for classifiers the logits).</param>
    public void Score(ReadOnlySpan<float> features, Span<float> outputs) => Score(features, 1, outputs);

    /// <param name="features">[rows x inputs].</param>
    /// <param name="rows">Rows of the block, at most <see cref="MaximumRows"/>.</param>
    /// <param name="outputs">Receives the network's outputs (for classifiers the logits), [rows x outputs].</param>
    public void Score(ReadOnlySpan<float> features, int rows, Span<float> outputs) =>
        _network.Forward(_workspace, features, rows, isTraining: false).CopyTo(outputs);

    /// <summary>Scores one sparse row, of a network that <see cref="MlpNetwork.TakesSparse"/>: with the bits of the same row made dense.</summary>
    /// <param name="columns">The columns of the stored elements, strictly ascending.</param>
    /// <param name="values">The elements.</param>
    /// <param name="outputs">Receives the network's outputs.</param>
    public void Score(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> outputs)
    {
        ReadOnlySpan<int> offsets = [0, columns.Length];
        _network.Forward(_workspace, new InputRows(new SparseRows(offsets, columns, values)), isTraining: false).CopyTo(outputs);
    }
}
