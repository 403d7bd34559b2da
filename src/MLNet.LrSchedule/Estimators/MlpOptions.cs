using System;
using System.Text.Json.Serialization;
using System.Threading;
using Microsoft.ML;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>
/// Every option of the trainers: the recipe (<see cref="TrainingRecipe"/>), the columns it is applied to, and what belongs to one run. An
/// immutable record: compare with <c>==</c>, vary with <c>with</c>, keep as JSON (<see cref="RecipeJson"/>).
/// </summary>
/// <example>
/// <code>
/// var options = new MlpOptions { HiddenLayers = [64, 32], LearningRate = 0.05, NumberOfEpochs = 100 };
/// var trainers = new[] { 0.01, 0.03, 0.1 }.Select(rate => mlContext.BinaryClassification.Trainers.Mlp(options with { LearningRate = rate }));
/// </code>
/// </example>
/// <remarks>
/// The recipe and the columns are saved with the model. <see cref="ValidationSet"/>, <see cref="Progress"/>, <see cref="CancellationToken"/>, <see cref="OnCancel"/>,
/// <see cref="TimeLimit"/>, <see cref="MaxThreads"/>, <see cref="Callbacks"/>, <see cref="Checkpoint"/> and <see cref="ResumeFrom"/> belong to one run: they are neither
/// saved nor written as JSON, and a model's options come back without them.
/// </remarks>
public sealed record MlpOptions : TrainingRecipe
{
    /// <summary>The name of the label column. Default: <c>Label</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string LabelColumnName { get; init => field = Name(value, nameof(LabelColumnName)); } = "Label";

    /// <summary>The name of the feature column. Default: <c>Features</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string FeatureColumnName { get; init => field = Name(value, nameof(FeatureColumnName)); } = "Features";

    /// <summary>
    /// The name of the column of example weights: a row of weight two counts as two rows. Null (the default) gives every row the weight one.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string? ExampleWeightColumnName { get; init => field = value is null ? null : Name(value, nameof(ExampleWeightColumnName)); }

    /// <summary>
    /// The name of a column of type <see cref="bool"/> whose true rows are not trained on but measured on after every epoch. It works inside a
    /// pipeline, where all rows go through the same preprocessing, and takes the place of <see cref="TrainingRecipe.ValidationSetFraction"/>.
    /// Null (the default): no such column.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string? ValidationColumnName { get; init => field = value is null ? null : Name(value, nameof(ValidationColumnName)); }

    /// <summary>
    /// Regression only: whether the network learns labels scaled to mean 0 and standard deviation 1, each row counted by its weight. Default:
    /// true. The scale is saved with the model and scores are in the label's own unit; losses in the history are those of the scaled labels.
    /// </summary>
    public bool NormalizeLabel { get; init; } = true;

    /// <summary>
    /// Rows to measure on after every epoch, preprocessed by the transformers that preprocess the training rows: what a trainer inside a
    /// pipeline, whose <c>Fit</c> takes training rows alone, is given instead of <c>Fit(trainData, validationData)</c>. It takes the place of
    /// <see cref="TrainingRecipe.ValidationSetFraction"/>. Null (the default): none.
    /// </summary>
    [JsonIgnore]
    public IDataView? ValidationSet { get; init; }

    /// <summary>
    /// Told the record of every epoch, on the thread that trains. Null (the default) tells nobody; the records are on the context's
    /// <c>Log</c> and in the model's history in any case.
    /// </summary>
    /// <remarks><see cref="Progress{T}"/> hands reports to the thread pool, so they can arrive late; implement the interface to be told at once.</remarks>
    [JsonIgnore]
    public IProgress<EpochRecord>? Progress { get; init; }

    /// <summary>Ends the training, at the latest before the next mini-batch; <see cref="OnCancel"/> says with what. Default: never.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// What a cancelled fit gives, whether it was cancelled by <see cref="CancellationToken"/> or by the context. Default: the best model so far.
    /// </summary>
    [JsonIgnore]
    public CancellationResult OnCancel { get; init; } = CancellationResult.ReturnBest;

    /// <summary>The fit ends before the first step after this time, with the model that <see cref="TrainingRecipe.ReturnedWeights"/> names. Null (the default): none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not above zero.</exception>
    [JsonIgnore]
    public TimeSpan? TimeLimit
    {
        get;
        init => field = value is null || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(TimeLimit), value, "The time limit must be above zero.");
    }

    /// <summary>
    /// The most threads a fit may use for its matrix products, the calling one included; small products stay on one thread. As many read the rows where the data
    /// view can divide them (<see cref="Microsoft.ML.IDataView.GetRowCursorSet"/>: a cached view can, objects in a list cannot). No bit of the result depends on
    /// it. Range: at least 1. Default: 1, so that fits side by side, as in cross-validation, do not get in each other's way.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    [JsonIgnore]
    public int MaxThreads
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxThreads), value, "MaxThreads must be at least 1.");
    } = 1;

    /// <summary>Hooks into the run, called in this order on the thread that trains. Default: none.</summary>
    [JsonIgnore]
    public ValueList<ITrainingCallback> Callbacks { get; init => field = value ?? throw new ArgumentNullException(nameof(Callbacks)); } = [];

    /// <summary>Where and how often the state of the run is saved. Null (the default): never.</summary>
    [JsonIgnore]
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>
    /// The saved state of an interrupted run to go on with, bit for bit. Everything else must be as it was in that run; its seed is taken from the state.
    /// Null (the default) starts a new run.
    /// </summary>
    [JsonIgnore]
    public Checkpoint? ResumeFrom { get; init; }

    /// <summary>The options without what belongs to one run.</summary>
    internal MlpOptions WithoutRun() => this with
    {
        ValidationSet = null,
        Progress = null,
        CancellationToken = default,
        OnCancel = CancellationResult.ReturnBest,
        TimeLimit = null,
        MaxThreads = 1,
        Callbacks = [],
        Checkpoint = null,
        ResumeFrom = null,
    };

    private static string Name(string value, string option) =>
        string.IsNullOrEmpty(value) ? throw new ArgumentException($"{option} must name a column.", option) : value;
}
