using System;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>
/// Gives a model's network outputs for feature rows as they come: the one place every prediction passes through, by ML.NET's cursors and by
/// <see cref="MlpPredictor"/> alike. It owns its buffers, so it serves one thread at a time; once each buffer is there it allocates nothing.
/// </summary>
internal sealed class RowScorer(MlpModelContent content)
{
    // A block's widest activations stay in the second-level cache; more rows than that win nothing.
    private const int LargestBlock = 256;
    private const int LargestActivations = 1 << 15;

    private readonly MlpNetwork _network = content.Network;
    private readonly NetworkScorer _scorer = new(content.Network, maximumRows: 1);
    private readonly float[] _row = new float[content.FeatureCount];
    private readonly bool _takesSparse = content.Network.TakesSparse;
    private NetworkScorer? _blockScorer;

    /// <summary>The kernels of this scorer, for what is done with the outputs.</summary>
    public KernelContext Kernels => _scorer.Kernels;

    public void Score(in VBuffer<float> features, Span<float> outputs)
    {
        // A score has the same bits in either form; spreading a wide row out would cost far more than multiplying the little that is in it.
        if (_takesSparse && !features.IsDense)
        {
            DenseRow.Check(in features, _row.Length);
            _scorer.Score(features.GetIndices(), features.GetValues(), outputs);
            return;
        }

        Score(DenseRow.Read(in features, _row), outputs);
    }

    /// <param name="features">One row.</param>
    /// <param name="outputs">One number for each output of the network.</param>
    public void Score(ReadOnlySpan<float> features, Span<float> outputs) => Forward(_scorer, features, 1, outputs);

    /// <summary>Scores rows in blocks, with the bits each row has alone.</summary>
    /// <param name="rows">[rows x features].</param>
    /// <param name="outputs">[rows x outputs].</param>
    public void ScoreBatch(ReadOnlySpan<float> rows, Span<float> outputs)
    {
        NetworkScorer scorer = _blockScorer ??= new NetworkScorer(_network, RowsPerBlock());
        int features = _row.Length, outputCount = _network.Outputs;
        while (!outputs.IsEmpty)
        {
            int count = Math.Min(scorer.MaximumRows, outputs.Length / outputCount);
            Forward(scorer, rows[..(count * features)], count, outputs[..(count * outputCount)]);
            rows = rows[(count * features)..];
            outputs = outputs[(count * outputCount)..];
        }
    }

    // All dense rows come through here as the caller has them.
    private static void Forward(NetworkScorer scorer, ReadOnlySpan<float> rows, int count, Span<float> outputs) => scorer.Score(rows, count, outputs);

    private int RowsPerBlock()
    {
        int widest = _network.Inputs;
        foreach (Layer layer in _network.Layers)
        {
            widest = Math.Max(widest, layer.Outputs);
        }

        return Math.Clamp(LargestActivations / widest, 1, LargestBlock);
    }
}
