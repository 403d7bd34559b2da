using System;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule;

/// <summary>
/// A trained network for several classes. Its score is one probability for each class, the softmax exp(z_c) / sum of exp(z) of the network's
/// outputs z, in the order of the label's keys.
/// </summary>
public sealed class MlpMulticlassModelParameters : MlpModelParameters<VBuffer<float>>
{
    internal MlpMulticlassModelParameters(IHostEnvironment environment, MlpModelContent content)
        : base(environment, LearningTask.MulticlassClassification, content)
    {
        OutputType = new VectorDataViewType(NumberDataViewType.Single, content.Network.Outputs);
    }

    private protected override DataViewType OutputType { get; }

    private protected override ScoreRow MakeScorer()
    {
        RowScorer scorer = MakeRowScorer();
        int classes = Network.Outputs;
        return (in VBuffer<float> features, ref VBuffer<float> output) =>
        {
            VBufferEditor<float> editor = VBufferEditor.Create(ref output, classes);
            scorer.Score(in features, editor.Values);
            ToScores(scorer.Kernels, editor.Values);
            output = editor.Commit();
        };
    }

    private protected override void ToScores(KernelContext kernels, Span<float> outputs) =>
        SoftmaxCrossEntropy.Probabilities(kernels, outputs, outputs, Network.Outputs);
}
