using System;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>
/// Gives a model's network outputs for feature rows as they come: the one place every prediction passes through, by ML.NET's cursors and by
/// <see cref="MlpPredictor"/> alike. It owns its buffers, so it serves one thread at a time; once each buffer is there it allocates nothing.
/// </summary>
internal sealed class RowScorer
{
    // A block's widest activations stay in the second-level cache; more rows than that win nothing.
    private const int LargestBlock = 256;
    private const int LargestActivations = 1 << 15;

    private readonly MlpNetwork _network;
    private readonly NetworkScorer _scorer;
    private readonly RowNetwork? _rowNetwork;
    private readonly FloatBuffer _scratch;
    private readonly InputTransform? _transform;
    private readonly float[] _row;
    private readonly float[] _inputs;
    private readonly int[] _columns;
    private readonly bool _takesSparse;
    private NetworkScorer? _blockScorer;
    private float[] _blockInputs = [];

    /// <param name="content">The model.</param>
    /// <param name="rowNetwork">Its network for single rows, which all scorers of the model share; null where it has none.</param>
    public RowScorer(MlpModelContent content, RowNetwork? rowNetwork)
    {
        _network = content.Network;
        _rowNetwork = rowNetwork;
        _scratch = new FloatBuffer(rowNetwork?.ScratchLength ?? 0);
        _scorer = new NetworkScorer(_network, maximumRows: 1);
        _transform = content.Inputs;
        _takesSparse = _network.TakesSparse && _transform is not { KeepsZeros: false };
        _row = new float[content.FeatureCount];
        _inputs = new float[_transform?.Width ?? 0];
        _columns = new int[_takesSparse ? _inputs.Length : 0];
    }

    /// <summary>The kernels of this scorer, for what is done with the outputs.</summary>
    public KernelContext Kernels => _scorer.Kernels;

    public void Score(in VBuffer<float> features, Span<float> outputs)
    {
        // A score has the same bits in either form; spreading a wide row out would cost far more than multiplying the little that is in it.
        if (_takesSparse && !features.IsDense)
        {
            DenseRow.Check(in features, _row.Length);
            ScoreSparse(features.GetIndices(), features.GetValues(), outputs);
            return;
        }

        Score(DenseRow.Read(in features, _row), outputs);
    }

    /// <param name="features">One row.</param>
    /// <param name="outputs">One number for each output of the network.</param>
    public void Score(ReadOnlySpan<float> features, Span<float> outputs)
    {
        if (_rowNetwork is null)
        {
            Forward(_scorer, features, 1, _inputs, outputs);
            return;
        }

        if (_transform is not null)
        {
            _transform.Apply(features, _inputs);
            features = _inputs;
        }

        _rowNetwork.Forward(features, outputs, _scratch.Span);
    }

    /// <summary>Scores rows in blocks, with the bits each row has alone.</summary>
    /// <param name="rows">[rows x features].</param>
    /// <param name="outputs">[rows x outputs].</param>
    public void ScoreBatch(ReadOnlySpan<float> rows, Span<float> outputs)
    {
        if (_blockScorer is null)
        {
            _blockScorer = new NetworkScorer(_network, RowsPerBlock());
            _blockInputs = new float[_blockScorer.MaximumRows * _inputs.Length];
        }

        int features = _row.Length, outputCount = _network.Outputs;
        while (!outputs.IsEmpty)
        {
            int count = Math.Min(_blockScorer.MaximumRows, outputs.Length / outputCount);
            Forward(_blockScorer, rows[..(count * features)], count, _blockInputs, outputs[..(count * outputCount)]);
            rows = rows[(count * features)..];
            outputs = outputs[(count * outputCount)..];
        }
    }

    // Dense rows come through here as the caller has them.
    private void Forward(NetworkScorer scorer, ReadOnlySpan<float> rows, int count, Span<float> inputs, Span<float> outputs)
    {
        if (_transform is null)
        {
            scorer.Score(rows, count, outputs);
            return;
        }

        int features = _row.Length, width = _inputs.Length;
        for (int i = 0; i < count; i++)
        {
            _transform.Apply(rows.Slice(i * features, features), inputs.Slice(i * width, width));
        }

        scorer.Score(inputs[..(count * width)], count, outputs);
    }

    private void ScoreSparse(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> outputs)
    {
        if (_transform is not null)
        {
            int count = _transform.Apply(columns, values, _columns, _inputs);
            columns = _columns.AsSpan(0, count);
            values = _inputs.AsSpan(0, count);
        }

        _scorer.Score(columns, values, outputs);
    }

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
