using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>What a run learns from and starts with.</summary>
/// <param name="Loss">What training makes small.</param>
/// <param name="Outputs">Numbers that the network gives per row.</param>
/// <param name="Training">The rows to learn from.</param>
/// <param name="Validation">Rows to measure on after every epoch; null takes the recipe's fraction of the training rows.</param>
/// <param name="Start">The network to go on from; null starts with new weights.</param>
/// <param name="StartInputs">What that network sees of the features; it goes on seeing them so. Null: the features themselves.</param>
/// <param name="Categories">Which features are categories; null where nothing says so. A network that training goes on from knows its own.</param>
internal sealed record TrainingTask(
    Loss Loss,
    int Outputs,
    TrainingRows Training,
    TrainingRows? Validation = null,
    MlpNetwork? Start = null,
    InputTransform? StartInputs = null,
    IReadOnlyList<CategoricalRange>? Categories = null);

/// <summary>Everything a run works with, made once: network, buffers, batches, optimizer, schedules.</summary>
internal sealed class TrainingSetup : IDisposable
{
    /// <summary>Rows that are validated at a time, where batches are smaller.</summary>
    private const int EvaluationRows = 128;

    private readonly Loss _loss;
    private readonly int _seed;
    private readonly List<string> _inputWarnings = [];
    private readonly ParameterBlock[] _statistics;
    private readonly ProductUpdates? _updates;
    private bool _parametersAreFinite = true;

    public TrainingSetup(TrainingRecipe recipe, TrainingTask task, TrainingControl control)
    {
        recipe.Check();
        _loss = task.Loss;
        _seed = control.Seed;
        var (training, validation) = (task.Training, task.Validation);
        var (trained, heldOut) = training.Split(validation is null ? recipe.ValidationSetFraction : 0, recipe.ValidationSelection, control.Seed);
        var validated = validation?.All ?? heldOut;
        var classWeights = recipe.ClassWeights?.Resolve(Math.Max(2, task.Outputs), trained);
        Recipe = recipe = DefaultTraining.Complete(recipe, trained.Count, task.Loss);
        int batchSize = recipe.BatchSize!.Value;
        Source = trained.Batches(batchSize, recipe.Shuffle ? control.Seed : null, classWeights);
        var embeddings = task.Start is null ? EmbeddingPlan.Of(recipe, task.Categories, _inputWarnings.Add) : null;
        Inputs = task.Start is null ? InputLearning.Learn(recipe, training, trained, _inputWarnings.Add, EmbeddingPlan.Ranges(embeddings)) : task.StartInputs;
        int width = Inputs?.Width ?? training.FeatureCount;
        Kernels = new KernelContext(control.MaxThreads);
        Network = task.Start?.Clone(Kernels) ?? RecipeNetwork.Create(recipe, width, task.Outputs, control.Seed, embeddings);

        int batchRows = (int)Math.Min(batchSize, Source.RowCount);
        int evaluationRows = Math.Max(batchRows, EvaluationRows);
        int largestBatch = validated is not null ? evaluationRows : batchRows;
        bool hasWeights = training.HasWeights || validation is { HasWeights: true } || classWeights is not null;
        // Rows that are stored sparse are spread out where the network cannot take them as they are.
        Batch = training.IsSparse && Network.TakesSparse && Inputs is not { KeepsZeros: false }
            ? Batch.OfSparseRows(largestBatch, width, hasWeights, LargestBatch(largestBatch, training, validation), Inputs)
            : new Batch(largestBatch, width, hasWeights, Kernels) { Transform = Inputs };
        Workspace = Workspace.ForTraining(Network, Kernels, largestBatch);
        if (validated is not null)
            Validation = new Evaluation(validated.Batches(evaluationRows, shuffleSeed: null, classWeights), Batch, Workspace, task.Loss);

        Optimizer = recipe.Optimizer!.Create(recipe, Network.Parameters.Length);
        Optimizer.Memory = Kernels.Memory;
        Groups = ParameterGroups.Of(Network, recipe, batchRows, Kernels.MaxThreads, Batch.IsSparse);
        _updates = ProductUpdates.For(Network, Kernels, Optimizer, Groups, batchRows);
        _statistics = [.. Network.Layers.SelectMany(layer => layer.Parameters).Where(block => block.Kind == ParameterKind.Statistic)];

        bool extends = recipe.Continuation == Continuation.Extend && control.EarlierHistory is not null;
        FirstEpoch = extends ? control.EarlierHistory!.Epochs.Count : 0;
        EndEpoch = checked(FirstEpoch + recipe.NumberOfEpochs!.Value);
        Run = TrainingRun.OfEpochs(Math.Max(EndEpoch, recipe.ScheduleEpochs ?? 0), Source.BatchesPerEpoch);
        var rates = recipe.Continuation == Continuation.HoldLastRate && control.EarlierHistory is { Epochs: [.., var last] }
            ? recipe with { LearningRate = last.LastLearningRate }
            : recipe;
        Schedules = new HyperparameterSchedules(rates, Run);
        Evaluated = Optimizer.EvaluatesOtherWeights ? Network.Clone(Kernels) : Network;
    }

    /// <summary>The recipe with what it left open.</summary>
    public TrainingRecipe Recipe { get; }

    public KernelContext Kernels { get; }

    /// <summary>What the network sees of the features; null where it sees them as they are.</summary>
    public InputTransform? Inputs { get; }

    /// <summary>What learning <see cref="Inputs"/> found strange.</summary>
    public IReadOnlyList<string> InputWarnings => _inputWarnings;

    /// <summary>The network whose weights are trained.</summary>
    public MlpNetwork Network { get; }

    /// <summary>The network that is validated, kept and returned; another only for optimizers that average their weights.</summary>
    public MlpNetwork Evaluated { get; }

    public BatchSource Source { get; }

    public Batch Batch { get; }

    public Workspace Workspace { get; }

    public Evaluation? Validation { get; }

    public ParameterOptimizer Optimizer { get; }

    public ParameterGroup[] Groups { get; }

    public TrainingRun Run { get; }

    public HyperparameterSchedules Schedules { get; }

    /// <summary>The first epoch of this run; above 0 where it extends an earlier one.</summary>
    public int FirstEpoch { get; }

    /// <summary>The epoch after the last.</summary>
    public int EndEpoch { get; }

    /// <summary>One step on the batch: forward, loss, backward, update.</summary>
    /// <param name="values">The numbers of the step.</param>
    /// <param name="keepsGradient">Whether the gradients are wanted after it; that of weights for sparse rows, and what is updated together with them, may be zero otherwise, and that of dense weights is not set where their product updates them.</param>
    /// <returns>The batch's loss, before the step.</returns>
    public LossSum Step(in StepValues values, bool keepsGradient = false)
    {
        Schedules.SetMultipliers(values.Step, Groups);
        Schedules.SetDropout(values.Step, _seed, Network, Workspace);
        var outputs = Network.Forward(Workspace, Batch.Inputs, isTraining: true);
        var sum = _loss.Gradient(Kernels, outputs, Batch.Labels, Batch.Weights, Network.OutputGradient(Workspace, Batch.Rows));
        // Products that update weights do not store their gradient.
        var updates = keepsGradient || Schedules.Clips ? null : _updates;
        var groups = updates is null ? Groups : updates.Begin(Groups, values);
        Network.Backward(Workspace, Batch.Inputs, updates?.OfStep);
        Schedules.ClipGradient(values.Step, Kernels, Workspace.ParameterGradients.Span);
        _parametersAreFinite = Optimizer.Step(
            Kernels, Network.Parameters.Span, Workspace.ParameterGradients.Span, groups, values, Workspace.SparseGradient, clears: !keepsGradient);
        _parametersAreFinite &= updates is null || updates.OfStep.AreFinite;
        return sum;
    }

    /// <summary>Whether the loss of a step and the parameters after it are numbers.</summary>
    public bool IsFinite(in LossSum sum)
    {
        bool isFinite = double.IsFinite(sum.Loss) && _parametersAreFinite;
        // No optimizer touches these.
        foreach (ref readonly var block in _statistics.AsSpan())
            isFinite &= ReductionKernels.AllFinite(Network.Parameters.Span.Slice(block.Offset, block.Length));
        return isFinite;
    }

    /// <summary>Brings the weights that are evaluated up to date with those that are trained.</summary>
    public void UpdateEvaluated()
    {
        if (Optimizer.EvaluatesOtherWeights)
            Optimizer.WriteEvaluationWeights(Network.Parameters.Span, Groups, Evaluated.Parameters.Span);
    }

    public void Dispose()
    {
        Source.Dispose();
        Validation?.Dispose();
        Kernels.Dispose();
    }

    private static int LargestBatch(int rows, TrainingRows training, TrainingRows? validation) =>
        Math.Max(training.LargestBatch(rows), validation is { IsSparse: true } ? validation.LargestBatch(rows) : 0);
}
