using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>Scores one row at a time without allocating. One scorer per thread; any number share a network.</summary>
/// <remarks>A row has the same bits here as in a batch of any size.</remarks>
internal sealed class NetworkScorer
{
    private readonly MlpNetwork _network;
    private readonly Workspace _workspace;

    public NetworkScorer(MlpNetwork network)
    {
        _network = network;
        _workspace = Workspace.ForEvaluation(network, new KernelContext(), maximumRows: 1);
    }

    /// <param name="features">One row, as long as the network has inputs.</param>
    /// <param name="outputs">Receives the network's outputs (for classifiers the logits).</param>
    public void Score(ReadOnlySpan<float> features, Span<float> outputs) =>
        _network.Forward(_workspace, features, rows: 1, isTraining: false).CopyTo(outputs);

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
