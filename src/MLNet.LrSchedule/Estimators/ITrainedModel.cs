using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule;

/// <summary>A model of any task, for what does not care which: saving it, going on from it, and predicting with it.</summary>
internal interface ITrainedModel
{
    MlpModelContent Content { get; }

    /// <summary>Makes what scores rows; each call gives one with buffers of its own, for one thread.</summary>
    RowScorer MakeRowScorer();

    /// <summary>Turns network outputs into what ML.NET's column Score has, in place.</summary>
    /// <param name="kernels">The kernels of the caller's thread.</param>
    /// <param name="outputs">[rows x outputs].</param>
    void ToScores(KernelContext kernels, Span<float> outputs);

    /// <summary>Turns scores into what a user of <see cref="MlpPredictor"/> asks for, in place.</summary>
    /// <param name="scores">[rows x outputs].</param>
    void ToPredictions(Span<float> scores);
}
