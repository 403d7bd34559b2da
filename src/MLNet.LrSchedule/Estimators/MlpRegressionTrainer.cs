using System;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>
/// Trains a multilayer perceptron for regression: one output, the value, by minimising the mean squared error, or another loss
/// (<see cref="Training.TrainingRecipe.Loss"/>): <see cref="Loss.Absolute"/>, <see cref="Loss.Huber"/>, <see cref="Loss.Quantile"/>,
/// <see cref="Loss.Poisson"/>.
/// </summary>
/// <remarks>
/// With the Poisson loss labels are counts, the network's output is the logarithm of the predicted mean, and labels are never scaled.
/// <list type="table">
/// <item><term>Label</term><description><see cref="float"/></description></item>
/// <item><term>Features</term><description>a vector of <see cref="float"/> of known size, dense or sparse</description></item>
/// <item><term>Weight</term><description>optional, <see cref="float"/></description></item>
/// <item><term>Adds</term><description><c>Score</c> (the predicted value)</description></item>
/// <item><term>Normalisation</term><description>of features built in: <see cref="Training.TrainingRecipe.FeatureScaling"/>; labels are scaled unless <see cref="MlpOptions.NormalizeLabel"/> is off</description></item>
/// <item><term>Caching</term><description>not needed, the rows are copied into memory, or streamed with <see cref="Training.TrainingRecipe.MaximumCachedRows"/></description></item>
/// </list>
/// </remarks>
public sealed class MlpRegressionTrainer
    : MlpTrainerBase<RegressionPredictionTransformer<MlpRegressionModelParameters>, MlpRegressionModelParameters, MlpRegressionModelParameters>
{
    internal MlpRegressionTrainer(IHostEnvironment environment, MlpOptions options)
        : base(environment, nameof(MlpRegressionTrainer), LearningTask.Regression, options)
    {
    }

    private protected override Loss DefaultLoss => Loss.Squared;

    // A logarithm has no offset to take away: counts are learnt as they are.
    private protected override bool ScalesLabels => Options.NormalizeLabel && Options.Loss != Loss.Poisson;

    private protected override bool Suits(Loss loss) => loss is PointLoss;

    private protected override void CheckLabels(ReadOnlySpan<float> labels, LabelScale scale)
    {
        if (Options.Loss != Loss.Poisson)
        {
            return;
        }

        if (scale != LabelScale.None)
        {
            throw new InvalidOperationException("The network to start from has learnt scaled labels, which have no meaning for the Poisson loss.");
        }

        foreach (float label in labels)
        {
            if (label < 0)
            {
                throw new InvalidOperationException($"Poisson regression must regress to a non-negative label, but label {label} encountered");
            }
        }
    }

    private protected override MlpRegressionModelParameters MakeModel(MlpModelContent content) => new(Environment, content);

    private protected override ITrainedModel? Unwrap(object model) => model as MlpRegressionModelParameters;

    private protected override RegressionPredictionTransformer<MlpRegressionModelParameters> Wrap(
        MlpRegressionModelParameters model, DataViewSchema trainSchema) =>
        Transformers.Regression(Environment, model, trainSchema, FeatureColumn.Name);
}
