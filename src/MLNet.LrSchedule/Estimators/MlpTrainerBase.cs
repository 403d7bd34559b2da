using System;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>
/// What the trainers of all tasks share: reading the rows, choosing the seed, training, reporting. A trainer holds no state of a fit, so one
/// object can be fitted again and again.
/// </summary>
/// <typeparam name="TTransformer">The transformer a fit returns.</typeparam>
/// <typeparam name="TModel">The model inside that transformer.</typeparam>
/// <typeparam name="TParameters">The network inside that model.</typeparam>
public abstract partial class MlpTrainerBase<TTransformer, TModel, TParameters> : TrainerSeam<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
    where TParameters : class
{
    private protected MlpTrainerBase(IHostEnvironment environment, string name, LearningTask task, MlpOptions options)
        : base(
            environment,
            name,
            task,
            new ColumnNames(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName, options.ValidationColumnName))
    {
        Options = options;
        if (options.Loss is { } loss && !Suits(loss))
        {
            throw new ArgumentException($"The loss {loss} does not suit {name}, whose own is {DefaultLoss}.", nameof(options));
        }
    }

    /// <summary>The options the trainer was made with.</summary>
    public MlpOptions Options { get; }

    /// <summary>What is made small unless the options say otherwise.</summary>
    private protected abstract Loss DefaultLoss { get; }

    /// <summary>Whether labels are numbers that the network learns scaled.</summary>
    private protected virtual bool ScalesLabels => false;

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

    /// <summary>
    /// Finds a learning rate to start with by Smith's range test: trains networks of its own for a few steps while the rate grows from far too small
    /// to far too large, and reads suggestions off the loss. No later fit is touched by it.
    /// </summary>
    /// <param name="trainData">The rows to train on, as they would be given to a fit.</param>
    /// <param name="finderOptions">How the test is made; null takes the defaults.</param>
    /// <returns>The curves and the suggestions, or why there are none.</returns>
    /// <exception cref="OperationCanceledException">The test was cancelled.</exception>
    /// <example>
    /// <code>
    /// var found = mlContext.BinaryClassification.Trainers.Mlp(options).FindLearningRate(data);
    /// Console.WriteLine(found.Refusal ?? $"{found.Valley}");
    /// </code>
    /// </example>
    public LearningRateFinderResult FindLearningRate(IDataView trainData, LearningRateFinderOptions? finderOptions = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        using IChannel channel = Environment.Start("Learning rate finder");
        LabelledData labelled = ReadAlike(trainData);
        (TrainingRows training, LabelScale scale) = Options.MaximumCachedRows is null ? ReadRows(labelled, channel) : StreamRows(labelled, channel);
        using TrainingRows held = training;
        return LearningRateFinder.Find(
            Options,
            new TrainingTask(scale.Of(Options.Loss ?? DefaultLoss), labelled.OutputCount, training, Categories: CategoriesOf(labelled)),
            finderOptions ?? new LearningRateFinderOptions(),
            new TrainingControl
            {
                Seed = Options.Seed ?? Environment.Rand.Next(),
                CancellationToken = Options.CancellationToken,
                CheckAlive = CheckAlive,
            });
    }

    private protected abstract bool Suits(Loss loss);

    /// <summary>Refuses labels that the loss has no meaning for.</summary>
    private protected virtual void CheckLabels(ReadOnlySpan<float> labels, LabelScale scale)
    {
    }

    private protected abstract TModel MakeModel(MlpModelContent content);

    /// <summary>The network inside a model of this task; null where the model is another.</summary>
    private protected abstract ITrainedModel? Unwrap(object model);

    private protected sealed override TModel Train(TrainingRequest request)
    {
        MlpModelContent? start = StartOf(request);
        string? recipeText = TextOfRecipe(request.Channel);
        (TrainingRows training, TrainingRows? validation, LabelScale scale) =
            Options.MaximumCachedRows is null ? ReadRows(request, start) : StreamRows(request, start);
        using TrainingRows held = training;
        using TrainingRows? heldOut = validation;
        TrainedNetwork trained = Trainer.Train(
            Options,
            new TrainingTask(
                scale.Of(Options.Loss ?? DefaultLoss),
                request.Training.OutputCount,
                training,
                validation,
                start?.Network,
                start?.Inputs,
                CategoriesOf(request.Training)),
            new TrainingControl
            {
                Seed = Options.ResumeFrom?.Seed ?? Options.Seed ?? Environment.Rand.Next(),
                Progress = Options.Progress,
                CancellationToken = Options.CancellationToken,
                OnCancel = Options.OnCancel,
                TimeLimit = Options.TimeLimit,
                MaxThreads = Options.MaxThreads,
                Callbacks = Options.Callbacks,
                Checkpoint = Options.Checkpoint,
                ResumeFrom = Options.ResumeFrom,
                RecipeText = recipeText,
                EarlierHistory = start?.History,
                CheckAlive = CheckAlive,
                Log = message => request.Channel.Info(MessageSensitivity.None, message),
                Warn = message => request.Channel.Warning(MessageSensitivity.None, message),
            });
        return MakeModel(new MlpModelContent(Options.WithoutRun(), trained.Network, trained.History)
        {
            LabelScale = scale,
            Inputs = trained.Inputs,
        });
    }

    private LabelledData? ValidationData(TrainingRequest request)
    {
        LabelledData? validationData = request.Validation ?? (Options.ValidationSet is null ? null : ReadAlike(Options.ValidationSet));
        if (validationData is not null && Options.ValidationColumnName is not null)
        {
            throw new InvalidOperationException($"Validation rows come from validation data or from the column '{Options.ValidationColumnName}', not from both.");
        }

        return validationData;
    }

    private static InvalidOperationException NoValidationRows() =>
        new("No valid validation instances found, all instances have missing features, labels or weights, or none is marked.");

    private static void CheckSameShape(LabelledData training, LabelledData validation)
    {
        if (training.FeatureCount != validation.FeatureCount)
        {
            throw new InvalidOperationException($"The validation data have {validation.FeatureCount} features, the training data {training.FeatureCount}.");
        }

        if (training.OutputCount != validation.OutputCount)
        {
            throw new InvalidOperationException(
                $"The validation data have {validation.OutputCount} classes, the training data {training.OutputCount}; map the labels of both by the same keys.");
        }
    }

    // A network that training goes on from has learnt from rows with missing features, or has not, and goes on so.
    private bool KeepsMissing(MlpModelContent? start) =>
        start is null ? Options.MissingValues != MissingValues.Skip : start.Inputs is { Imputes: true };

    // A network that training goes on from has learnt labels in its own scale and keeps it.
    private LabelScale ScaleOf(TrainingData training, MlpModelContent? start) =>
        start?.LabelScale ?? (ScalesLabels ? LabelScale.Standardize(training.Labels, training.Weights) : LabelScale.None);

    private MlpModelContent? StartOf(TrainingRequest request)
    {
        if (request.Start is null)
        {
            return null;
        }

        MlpModelContent content = Unwrap(request.Start)?.Content ?? throw new ArgumentException(
            $"{GetType().Name} can go on from a model of its own kind only, not from {request.Start.GetType()}.", "modelParameters");
        if (content.Inputs is not null && content.Inputs.Features != request.Training.FeatureCount)
        {
            throw new ArgumentException(
                $"The network to start from takes {content.Inputs.Features} features, but the data have {request.Training.FeatureCount}.", "modelParameters");
        }

        NetworkDefinition wanted = WantedNetwork(request.Training, content.Inputs?.Width ?? request.Training.FeatureCount);
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
