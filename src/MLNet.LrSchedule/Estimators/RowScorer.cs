using System;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>Gives a network's outputs for the rows of one cursor. It owns its buffers, so it belongs to one thread and allocates nothing per row.</summary>
internal sealed class RowScorer(MlpNetwork network)
{
    private readonly NetworkScorer _scorer = network.CreateScorer();
    private readonly float[] _row = new float[network.Inputs];
    private readonly bool _takesSparse = network.TakesSparse;

    public void Score(in VBuffer<float> features, Span<float> outputs)
    {
        // A score has the same bits in either form; spreading a wide row out would cost far more than multiplying the little that is in it.
        if (_takesSparse && !features.IsDense)
        {
            DenseRow.Check(in features, network.Inputs);
            _scorer.Score(features.GetIndices(), features.GetValues(), outputs);
            return;
        }

        _scorer.Score(DenseRow.Read(in features, _row), outputs);
    }
}
