using System;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule;

/// <summary>
/// A trained network for binary classification. Its score is the logit: the logarithm of the odds that the label is true. The model is
/// wrapped together with a calibrator that turns the logit into the probability 1 / (1 + exp(-logit)).
/// </summary>
/// <remarks>
/// Scores are bounded by ±16. Beyond about 17 a probability in single precision is exactly 0 or 1, and a single wrong row would make the log-loss of a whole
/// table infinite.
/// </remarks>
/// <example>
/// <code>
/// var transformer = mlContext.BinaryClassification.Trainers.Mlp().Fit(data);
/// MlpBinaryModelParameters model = transformer.Model.SubModel;
/// </code>
/// </example>
public sealed class MlpBinaryModelParameters : MlpModelParameters<float>
{
    /// <summary>The largest absolute value of a score.</summary>
    internal const float LargestScore = 16;

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
        return (in VBuffer<float> features, ref float output) =>
        {
            scorer.Score(in features, new Span<float>(ref output));
            output = Bounded(output);
        };
    }

    private protected override void ToScores(KernelContext kernels, Span<float> outputs)
    {
        foreach (ref float output in outputs)
        {
            output = Bounded(output);
        }
    }

    // By ML.NET's own calibrator, so that a probability has the bits of the column Probability.
    private protected override void ToPredictions(Span<float> scores)
    {
        foreach (ref float score in scores)
        {
            score = _calibrator.PredictProbability(score);
        }
    }

    // A NaN stays one.
    private static float Bounded(float score) => Math.Clamp(score, -LargestScore, LargestScore);
}
