using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>What a run gives.</summary>
internal sealed record TrainedNetwork(MlpNetwork Network, TrainingHistory History);

/// <summary>The training loop: epochs of steps, each step forward, loss, backward, update with the rate that the schedule gives it.</summary>
internal sealed class Trainer : IDisposable
{
    /// <summary>Rows that are validated at a time, where batches are smaller.</summary>
    private const int EvaluationRows = 128;

    private readonly TrainingRecipe _recipe;
    private readonly Loss _loss;
    private readonly TrainingControl _control;
    private readonly KernelContext _kernels;
    private readonly MlpNetwork _network;
    private readonly MlpNetwork _evaluated;
    private readonly BatchSource _source;
    private readonly Batch _batch;
    private readonly Workspace _workspace;
    private readonly Evaluation? _validation;
    private readonly ParameterOptimizer _optimizer;
    private readonly ParameterGroup[] _groups;
    private readonly HyperparameterSchedules _schedules;
    private readonly TrainingRun _run;

    private Trainer(TrainingRecipe recipe, Loss loss, int outputs, TrainingData training, TrainingData? validation, MlpNetwork? start, TrainingControl control)
    {
        recipe.Check();
        _recipe = recipe;
        _loss = loss;
        _control = control;
        var split = RowSplit.HoldOut(
            training.RowCount, validation is null ? recipe.ValidationSetFraction : 0, recipe.ValidationSelection, control.Seed);
        _source = new DenseBatchSource(training, split.Training, recipe.BatchSize, recipe.Shuffle ? control.Seed : null);
        _network = start?.Clone() ?? NewNetwork(recipe, training.FeatureCount, outputs, control.Seed);

        _kernels = new KernelContext();
        int batchRows = (int)Math.Min(recipe.BatchSize, _source.RowCount);
        int evaluationRows = Math.Max(batchRows, EvaluationRows);
        bool validates = validation is not null || split.Validation.Length > 0;
        int largestBatch = validates ? evaluationRows : batchRows;
        _batch = new Batch(largestBatch, training.FeatureCount, training.HasWeights || validation is { HasWeights: true });
        _workspace = Workspace.ForTraining(_network, _kernels, largestBatch);
        if (validates)
        {
            var rows = validation is null ? split.Validation : [.. Enumerable.Range(0, validation.RowCount)];
            var source = new DenseBatchSource(validation ?? training, rows, evaluationRows, shuffleSeed: null);
            _validation = new Evaluation(source, _batch, _workspace, loss);
        }

        _run = TrainingRun.OfEpochs(recipe.NumberOfEpochs, _source.BatchesPerEpoch);
        _schedules = new HyperparameterSchedules(recipe, _run);
        _optimizer = recipe.Optimizer.Create(recipe, _network.Parameters.Length);
        _groups = ParameterGroups.Of(_network, recipe);
        _evaluated = _optimizer.EvaluatesOtherWeights ? _network.Clone() : _network;
    }

    /// <summary>Trains a network.</summary>
    /// <param name="recipe">How it is built and trained.</param>
    /// <param name="loss">What it is to make small.</param>
    /// <param name="outputs">Numbers that the network gives per row.</param>
    /// <param name="training">The rows to learn from.</param>
    /// <param name="validation">Rows to measure on after every epoch; null takes the recipe's fraction of the training rows.</param>
    /// <param name="start">The network to go on from; null starts with new weights.</param>
    /// <param name="control">What belongs to this run only.</param>
    /// <exception cref="InvalidOperationException">The loss stopped being a number, or a schedule left its hyperparameter's range.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static TrainedNetwork Train(
        TrainingRecipe recipe, Loss loss, int outputs, TrainingData training, TrainingData? validation, MlpNetwork? start, TrainingControl control)
    {
        using var trainer = new Trainer(recipe, loss, outputs, training, validation, start, control);
        return trainer.Run();
    }

    public void Dispose() => _kernels.Dispose();

    private static MlpNetwork NewNetwork(TrainingRecipe recipe, int features, int outputs, int seed)
    {
        var hidden = recipe.HiddenLayers.Select(layer => new DenseDefinition(layer.Units, layer.Activation ?? recipe.Activation));
        var network = new MlpNetwork(NetworkDefinition.Perceptron(features, hidden, outputs));
        network.Initialize(recipe.WeightInitializer, seed);
        return network;
    }

    private TrainedNetwork Run()
    {
        var clock = Stopwatch.StartNew();
        var epochs = new List<EpochRecord>(_recipe.NumberOfEpochs);
        for (int epoch = 0; epoch < _recipe.NumberOfEpochs; epoch++)
        {
            var trained = TrainEpoch(epoch);
            if (_optimizer.EvaluatesOtherWeights)
                _optimizer.WriteEvaluationWeights(_network.Parameters.Span, _groups, _evaluated.Parameters.Span);
            var validated = _validation?.Measure(_evaluated);
            epochs.Add(Report(epoch, trained, validated, clock.Elapsed));
        }

        return new TrainedNetwork(_evaluated, new TrainingHistory
        {
            Epochs = epochs,
            StopReason = StopReason.Completed,
            Seed = _control.Seed,
            TrainingRows = _source.RowCount,
            ValidationRows = _validation?.RowCount ?? 0,
        });
    }

    private EpochResult TrainEpoch(int epoch)
    {
        var sum = default(LossSum);
        double firstRate = 0, lastRate = 0;
        long firstStep = epoch * _run.StepsPerEpoch, step = firstStep;
        _source.BeginEpoch(epoch);
        while (_source.TryRead(_batch))
        {
            _control.CancellationToken.ThrowIfCancellationRequested();
            _control.CheckAlive?.Invoke();
            var values = _schedules.At(step);
            _schedules.SetMultipliers(step, _groups);
            var batch = TrainStep(values);
            if (!double.IsFinite(batch.Loss))
                throw Diverged(epoch, values);
            sum += batch;
            lastRate = values.LearningRate;
            firstRate = step == firstStep ? lastRate : firstRate;
            step++;
        }

        return new EpochResult(sum, firstRate, lastRate);
    }

    private LossSum TrainStep(in StepValues values)
    {
        int rows = _batch.Rows;
        var outputs = _network.Forward(_workspace, _batch.Features, rows, isTraining: true);
        var sums = _loss.Gradient(_kernels, outputs, _batch.Labels, _batch.Weights, _network.OutputGradient(_workspace, rows));
        _network.Backward(_workspace, _batch.Features, rows);
        _schedules.ClipGradient(values.Step, _kernels, _workspace.ParameterGradients.Span);
        _optimizer.Step(_kernels, _network.Parameters.Span, _workspace.ParameterGradients.Span, _groups, values);
        return sums;
    }

    private EpochRecord Report(int epoch, in EpochResult trained, in LossSum? validated, TimeSpan elapsed)
    {
        var record = new EpochRecord
        {
            Epoch = epoch,
            LearningRate = trained.FirstRate,
            LastLearningRate = trained.LastRate,
            TrainingLoss = trained.Sum.Loss / trained.Sum.Weight,
            TrainingAccuracy = _loss.HasAccuracy ? trained.Sum.Correct / trained.Sum.Weight : null,
            ValidationLoss = validated?.Loss / validated?.Weight,
            ValidationAccuracy = _loss.HasAccuracy ? validated?.Correct / validated?.Weight : null,
            Elapsed = elapsed,
        };
        _control.Log?.Invoke(record.ToString());
        _control.Progress?.Report(record);
        return record;
    }

    private static InvalidOperationException Diverged(int epoch, in StepValues values) => new(
        $"Training diverged: the loss is not a finite number in epoch {epoch}, step {values.Step}, at learning rate {values.LearningRate:G4}. " +
        "Lower the learning rate, put a warmup in front of it, or normalize the features.");

    private readonly record struct EpochResult(LossSum Sum, double FirstRate, double LastRate);
}
