using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>
/// Trains a multilayer perceptron for several classes: one output z_c for each class, by minimising the mean cross-entropy of their softmax,
/// ln(sum of exp(z)) - z_label.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>Label</term><description>a key, as <c>MapValueToKey</c> makes it; a missing key leaves the row out</description></item>
/// <item><term>Features</term><description>a vector of <see cref="float"/> of known size, dense or sparse</description></item>
/// <item><term>Weight</term><description>optional, <see cref="float"/></description></item>
/// <item><term>Adds</term><description><c>Score</c> (a probability for each class, slots named by the key values), <c>PredictedLabel</c> (a key)</description></item>
/// <item><term>Normalisation</term><description>built in: <see cref="Training.TrainingRecipe.FeatureScaling"/></description></item>
/// <item><term>Caching</term><description>not needed, the rows are copied into memory, or streamed with <see cref="Training.TrainingRecipe.MaximumCachedRows"/></description></item>
/// </list>
/// </remarks>
public sealed class MlpMulticlassTrainer
    : MlpTrainerBase<MulticlassPredictionTransformer<MlpMulticlassModelParameters>, MlpMulticlassModelParameters, MlpMulticlassModelParameters>
{
    internal MlpMulticlassTrainer(IHostEnvironment environment, MlpOptions options)
        : base(environment, nameof(MlpMulticlassTrainer), LearningTask.MulticlassClassification, options)
    {
    }

    private protected override Loss DefaultLoss => Loss.SoftmaxCrossEntropy;

    private protected override bool Suits(Loss loss) => loss is SoftmaxCrossEntropyLoss;

    private protected override MlpMulticlassModelParameters MakeModel(MlpModelContent content) => new(Environment, content);

    private protected override ITrainedModel? Unwrap(object model) => model as MlpMulticlassModelParameters;

    private protected override MulticlassPredictionTransformer<MlpMulticlassModelParameters> Wrap(
        MlpMulticlassModelParameters model, DataViewSchema trainSchema) =>
        Transformers.Multiclass(Environment, model, trainSchema, FeatureColumn.Name, LabelColumn.Name);
}
