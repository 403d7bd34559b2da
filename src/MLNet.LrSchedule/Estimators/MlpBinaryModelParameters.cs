using System;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;

namespace MLNet.LrSchedule;

/// <summary>
/// A trained network for binary classification. Its score is the logit: the logarithm of the odds that the label is true. The model is
/// wrapped together with a calibrator that turns the logit into the probability 1 / (1 + exp(-logit)).
/// </summary>
/// <example>
/// <code>
/// var transformer = mlContext.BinaryClassification.Trainers.Mlp().Fit(data);
/// MlpBinaryModelParameters model = transformer.Model.SubModel;
/// </code>
/// </example>
public sealed class MlpBinaryModelParameters : MlpModelParameters<float>
{
    private readonly PlattCalibrator _calibrator;

    internal MlpBinaryModelParameters(IHostEnvironment environment, MlpModelContent content)
        : base(environment, LearningTask.BinaryClassification, content)
    {
        _calibrator = Transformers.Logistic(environment);
    }

    private protected override DataViewType OutputType => NumberDataViewType.Single;

    private protected override ScoreRow MakeScorer()
    {
        RowScorer scorer = MakeRowScorer();
        return (in VBuffer<float> features, ref float output) => scorer.Score(in features, new Span<float>(ref output));
    }

    // By ML.NET's own calibrator, so that a probability has the bits of the column Probability.
    private protected override void ToPredictions(Span<float> scores)
    {
        foreach (ref float score in scores)
        {
            score = _calibrator.PredictProbability(score);
        }
    }
}
