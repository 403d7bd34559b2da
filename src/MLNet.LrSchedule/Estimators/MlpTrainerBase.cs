using System;
using System.Linq;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.LrSchedule;

/// <summary>
/// What the trainers of all tasks share: reading the rows, choosing the seed, training, reporting. A trainer holds no state of a fit, so one
/// object can be fitted again and again.
/// </summary>
/// <typeparam name="TTransformer">The transformer a fit returns.</typeparam>
/// <typeparam name="TModel">The model inside that transformer.</typeparam>
/// <typeparam name="TParameters">The network inside that model.</typeparam>
public abstract class MlpTrainerBase<TTransformer, TModel, TParameters> : TrainerSeam<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
    where TParameters : class
{
    private protected MlpTrainerBase(IHostEnvironment environment, string name, LearningTask task, MlpOptions options)
        : base(environment, name, task, options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName)
    {
        Options = options;
    }

    /// <summary>The options the trainer was made with.</summary>
    public MlpOptions Options { get; }

    private protected abstract Loss Loss { get; }

    /// <summary>Trains, and measures on validation data after every epoch.</summary>
    /// <param name="trainData">The rows to train on.</param>
    /// <param name="validationData">
    /// The rows to measure on, with the same columns; preprocess both by the same fitted transformers. They take the place of
    /// <see cref="TrainingRecipe.ValidationSetFraction"/>.
    /// </param>
    /// <returns>A transformer that adds the predictions.</returns>
    public TTransformer Fit(IDataView trainData, IDataView validationData) => FitCore(trainData, validationData, null);

    /// <summary>Goes on from a trained network: its weights are where training starts, everything else is as the options say.</summary>
    /// <param name="trainData">The rows to train on.</param>
    /// <param name="modelParameters">The network to start from; it needs the hidden layers of the options and as many inputs as the data has features.</param>
    /// <returns>A transformer that adds the predictions.</returns>
    /// <exception cref="ArgumentException">The network has other layers.</exception>
    public TTransformer Fit(IDataView trainData, TParameters modelParameters) => FitCore(trainData, null, modelParameters);

    /// <summary>Goes on from a trained network, and measures on validation data after every epoch.</summary>
    /// <param name="trainData">The rows to train on.</param>
    /// <param name="validationData">The rows to measure on, with the same columns; preprocess both by the same fitted transformers.</param>
    /// <param name="modelParameters">The network to start from; it needs the hidden layers of the options and as many inputs as the data has features.</param>
    /// <returns>A transformer that adds the predictions.</returns>
    /// <exception cref="ArgumentException">The network has other layers.</exception>
    public TTransformer Fit(IDataView trainData, IDataView validationData, TParameters modelParameters) =>
        FitCore(trainData, validationData, modelParameters);

    private protected abstract TModel MakeModel(MlpModelContent content);

    /// <summary>The network inside a model of this task; null where the model is another.</summary>
    private protected abstract ITrainedModel? Unwrap(object model);

    private protected sealed override TModel Train(TrainingRequest request)
    {
        MlpModelContent? start = StartOf(request);
        string? recipeText = TextOfRecipe(request.Channel);
        TrainingData training = DataViewReader.Read(request.Training, "training", request.Channel, CheckAlive);
        if (training.RowCount == 0)
        {
            throw NoUsableRows();
        }

        TrainingData? validation = null;
        if (request.Validation is not null)
        {
            validation = DataViewReader.Read(request.Validation, "validation", request.Channel, CheckAlive);
            if (validation.RowCount == 0)
            {
                throw new InvalidOperationException("No valid validation instances found, all instances have missing features, labels or weights.");
            }
        }

        TrainedNetwork trained = Trainer.Train(
            Options,
            new TrainingTask(Loss, request.Training.OutputCount, training, validation, start?.Network),
            new TrainingControl
            {
                Seed = Options.ResumeFrom?.Seed ?? Options.Seed ?? Environment.Rand.Next(),
                Progress = Options.Progress,
                CancellationToken = Options.CancellationToken,
                OnCancel = Options.OnCancel,
                TimeLimit = Options.TimeLimit,
                Callbacks = Options.Callbacks,
                Checkpoint = Options.Checkpoint,
                ResumeFrom = Options.ResumeFrom,
                RecipeText = recipeText,
                EarlierHistory = start?.History,
                CheckAlive = CheckAlive,
                Log = message => request.Channel.Info(MessageSensitivity.None, message),
                Warn = message => request.Channel.Warning(MessageSensitivity.None, message),
            });
        return MakeModel(new MlpModelContent(Options.WithoutRun(), trained.Network, trained.History));
    }

    private MlpModelContent? StartOf(TrainingRequest request)
    {
        if (request.Start is null)
        {
            return null;
        }

        MlpModelContent content = Unwrap(request.Start)?.Content ?? throw new ArgumentException(
            $"{GetType().Name} can go on from a model of its own kind only, not from {request.Start.GetType()}.", "modelParameters");
        NetworkDefinition wanted = NetworkDefinition.Perceptron(
            request.Training.FeatureCount,
            Options.HiddenLayers.Select(layer => new DenseDefinition(layer.Units, layer.Activation ?? Options.Activation)),
            request.Training.OutputCount);
        return content.Network.Definition.HasSameShapeAs(wanted) ? content : throw new ArgumentException(
            $"The network to start from is {content.Network.Definition}, but the options and the data ask for {wanted}.", "modelParameters");
    }

    // Better told before an hour of training than after it; a schedule can still be registered before the model is saved.
    private string? TextOfRecipe(IChannel channel)
    {
        try
        {
            return RecipeJson.Write(Options.WithoutRun());
        }
        catch (InvalidOperationException exception)
        {
            if (Options.Checkpoint is not null || Options.ResumeFrom is not null)
            {
                throw new InvalidOperationException("A run with checkpoints needs options that can be saved. " + exception.Message, exception);
            }

            channel.Warning(MessageSensitivity.None, "The model will not be savable. " + exception.Message);
            return null;
        }
    }
}
