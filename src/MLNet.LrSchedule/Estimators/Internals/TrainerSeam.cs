using System;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNet.LrSchedule.Internals;

/// <summary>
/// What lies between ML.NET's base class of trainers and ours: it turns ML.NET's internal vocabulary into a <see cref="TrainingRequest"/>
/// and promises the output columns. It cannot be derived from outside this package.
/// </summary>
/// <typeparam name="TTransformer">The transformer a fit returns.</typeparam>
/// <typeparam name="TModel">The model inside that transformer.</typeparam>
public abstract class TrainerSeam<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private readonly LearningTask _task;
    private readonly string? _validationColumnName;

    private protected TrainerSeam(IHostEnvironment environment, string name, LearningTask task, ColumnNames columns)
        : base(
            environment.Register(name),
            TrainerUtils.MakeR4VecFeature(columns.Features),
            TaskColumns.Label(task, columns.Label),
            TrainerUtils.MakeR4ScalarWeightColumn(columns.Weight))
    {
        _task = task;
        _validationColumnName = columns.Validation;
    }

    /// <summary>
    /// What ML.NET may know of the trainer: it gains from normalised features, needs no calibration, copies the rows into memory itself
    /// (so that caching them before is a waste), takes a validation set and can continue from a model.
    /// </summary>
    public sealed override TrainerInfo Info { get; } =
        new(normalization: true, calibration: false, caching: false, supportValid: true, supportIncrementalTrain: true);

    /// <summary>ML.NET's kind of prediction of the task.</summary>
    protected sealed override PredictionKind PredictionKind => TaskColumns.Kind(_task);

    /// <summary>The environment this trainer is registered in: messages, random numbers, cancellation.</summary>
    private protected IHost Environment => Host;

    private protected abstract TModel Train(TrainingRequest request);

    private protected abstract TTransformer Wrap(TModel model, DataViewSchema trainSchema);

    /// <summary>Ends the training if the environment was told to stop.</summary>
    /// <exception cref="OperationCanceledException">The environment's execution was cancelled.</exception>
    private protected void CheckAlive() => Host.CheckAlive();

    /// <summary>The exception ML.NET's trainers throw when every row had to be passed over.</summary>
    private protected Exception NoUsableRows() => Host.Except(NoTrainingInstancesMessage);

    /// <summary>Sees data with the columns of the training data, which the caller preprocessed alike.</summary>
    private protected LabelledData ReadAlike(IDataView data) =>
        new(new RoleMappedData(data, LabelColumn.Name, FeatureColumn.Name, weight: WeightColumn.Name), _task, null);

    /// <summary>Fits with everything a caller can bring.</summary>
    private protected TTransformer FitCore(IDataView trainData, IDataView? validationData, object? modelParameters) =>
        TrainTransformer(trainData, validationData, (IPredictor?)modelParameters);

    /// <inheritdoc/>
    protected sealed override TModel TrainModelCore(TrainContext trainContext)
    {
        ArgumentNullException.ThrowIfNull(trainContext);
        if (_validationColumnName is not null)
        {
            TaskColumns.CheckMark(Host, SchemaShape.Create(trainContext.TrainingSet.Data.Schema), _validationColumnName);
        }

        LabelledData training = new(trainContext.TrainingSet, _task, _validationColumnName);
        LabelledData? validation = trainContext.ValidationSet is { } set ? new LabelledData(set, _task, null) : null;
        using IChannel channel = Host.Start("Training");
        return Train(new TrainingRequest(training, validation, trainContext.InitialPredictor, channel));
    }

    /// <inheritdoc/>
    protected sealed override TTransformer MakeTransformer(TModel model, DataViewSchema trainSchema) => Wrap(model, trainSchema);

    /// <inheritdoc/>
    protected sealed override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        if (_validationColumnName is not null)
        {
            TaskColumns.CheckMark(Host, inputSchema, _validationColumnName);
        }

        return TaskColumns.Outputs(_task, inputSchema, LabelColumn.Name);
    }
}
