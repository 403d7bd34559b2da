using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using BinaryModel = Microsoft.ML.Calibrators.CalibratedModelParametersBase<
    MLNet.LrSchedule.MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>;

namespace MLNet.LrSchedule;

/// <summary>
/// Trains a multilayer perceptron for binary classification: one output, the logit z of the label being true, by minimising the mean
/// cross-entropy, ln(1 + exp(-z)) for a true label and ln(1 + exp(z)) for a false one.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>Label</term><description><see cref="bool"/></description></item>
/// <item><term>Features</term><description>a vector of <see cref="float"/> of known size, dense or sparse</description></item>
/// <item><term>Weight</term><description>optional, <see cref="float"/></description></item>
/// <item><term>Adds</term><description><c>Score</c> (the logit), <c>Probability</c>, <c>PredictedLabel</c></description></item>
/// <item><term>Normalisation</term><description>built in: <see cref="Training.TrainingRecipe.FeatureScaling"/></description></item>
/// <item><term>Caching</term><description>not needed, the rows are copied into memory, or streamed with <see cref="Training.TrainingRecipe.MaximumCachedRows"/></description></item>
/// </list>
/// </remarks>
public sealed class MlpBinaryTrainer : MlpTrainerBase<BinaryPredictionTransformer<BinaryModel>, BinaryModel, MlpBinaryModelParameters>
{
    internal MlpBinaryTrainer(IHostEnvironment environment, MlpOptions options)
        : base(environment, nameof(MlpBinaryTrainer), LearningTask.BinaryClassification, options)
    {
    }

    private protected override Loss DefaultLoss => Loss.BinaryCrossEntropy;

    private protected override bool Suits(Loss loss) => loss is BinaryCrossEntropyLoss;

    private protected override BinaryModel MakeModel(MlpModelContent content) =>
        Transformers.WithProbability(Environment, new MlpBinaryModelParameters(Environment, content));

    private protected override ITrainedModel? Unwrap(object model) => (model as BinaryModel)?.SubModel ?? model as MlpBinaryModelParameters;

    private protected override BinaryPredictionTransformer<BinaryModel> Wrap(BinaryModel model, DataViewSchema trainSchema) =>
        Transformers.Binary(Environment, model, trainSchema, FeatureColumn.Name);
}
