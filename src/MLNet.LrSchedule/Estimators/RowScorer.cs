using System;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>Gives a network's outputs for the rows of one cursor. It owns its buffers, so it belongs to one thread and allocates nothing per row.</summary>
internal sealed class RowScorer
{
    private readonly NetworkScorer _scorer;
    private readonly InputTransform? _transform;
    private readonly float[] _row;
    private readonly float[] _inputs;
    private readonly int[] _columns;
    private readonly bool _takesSparse;

    public RowScorer(MlpModelContent content)
    {
        _scorer = content.Network.CreateScorer();
        _transform = content.Inputs;
        _takesSparse = content.Network.TakesSparse && _transform is not { KeepsZeros: false };
        _row = new float[content.FeatureCount];
        _inputs = new float[_transform?.Width ?? 0];
        _columns = new int[_takesSparse ? _inputs.Length : 0];
    }

    public void Score(in VBuffer<float> features, Span<float> outputs)
    {
        // A score has the same bits in either form; spreading a wide row out would cost far more than multiplying the little that is in it.
        if (_takesSparse && !features.IsDense)
        {
            DenseRow.Check(in features, _row.Length);
            ScoreSparse(features.GetIndices(), features.GetValues(), outputs);
            return;
        }

        ReadOnlySpan<float> row = DenseRow.Read(in features, _row);
        if (_transform is not null)
        {
            _transform.Apply(row, _inputs);
            row = _inputs;
        }

        _scorer.Score(row, outputs);
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
}
