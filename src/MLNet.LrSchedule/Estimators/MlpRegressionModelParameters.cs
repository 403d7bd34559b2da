using System;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>A trained network for regression. Its score is the predicted value in the label's own unit.</summary>
public sealed class MlpRegressionModelParameters : MlpModelParameters<float>
{
    private readonly LabelScale _scale;
    private readonly Loss? _loss;

    internal MlpRegressionModelParameters(IHostEnvironment environment, MlpModelContent content)
        : base(environment, LearningTask.Regression, content)
    {
        _scale = content.LabelScale;
        _loss = content.Options.Loss;
    }

    private protected override DataViewType OutputType => NumberDataViewType.Single;

    private protected override ScoreRow MakeScorer()
    {
        RowScorer scorer = MakeRowScorer();
        return (in VBuffer<float> features, ref float output) =>
        {
            scorer.Score(in features, new Span<float>(ref output));
            ToScores(scorer.Kernels, new Span<float>(ref output));
        };
    }

    private protected override void ToScores(KernelContext kernels, Span<float> outputs)
    {
        _loss?.ToPredictions(kernels, outputs);
        foreach (ref float output in outputs)
        {
            output = _scale.ToLabel(output);
        }
    }
}
