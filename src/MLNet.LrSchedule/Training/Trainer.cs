using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>What a run gives.</summary>
internal sealed record TrainedNetwork(MlpNetwork Network, TrainingHistory History)
{
    /// <summary>What the network sees of the features; null where it sees them as they are.</summary>
    public InputTransform? Inputs { get; init; }
}

/// <summary>
/// The training loop: epochs of steps, each step forward, loss, backward, update with the rate that the schedule gives it; after each epoch
/// validation and the rules that look at it.
/// </summary>
internal sealed class Trainer
{
    private readonly TrainingRecipe _recipe;
    private readonly TrainingTask _task;
    private readonly TrainingControl _control;
    private readonly TrainingSetup _setup;
    private readonly RunSnapshots _snapshots;
    // An array, so that going through it in every step allocates nothing.
    private readonly ITrainingCallback[] _callbacks;
    private readonly List<EpochRecord> _epochs;
    private readonly List<string> _warnings;
    private readonly TimeSpan _elapsedBefore;
    private readonly long _clockStart = Stopwatch.GetTimestamp();
    private EpochRules _rules;
    private EpochProgress _progress;
    private int _epoch;
    private double _rollBackFactor;
    private int _rollBacks;
    private long _stepsOfThisProcess;
    private double? _restoredNorm;

    private Trainer(TrainingRecipe recipe, TrainingTask task, TrainingControl control, TrainingSetup setup)
    {
        _recipe = setup.Recipe;
        _task = task;
        _control = control;
        _callbacks = [.. control.Callbacks];
        _setup = setup;
        _snapshots = new RunSnapshots(recipe, task, control, setup);
        var state = _snapshots.Start();
        _epoch = state.Epoch;
        GoOnFrom(state);
        _rollBackFactor = state.RollBackFactor;
        _rollBacks = state.RollBacks;
        _elapsedBefore = state.Elapsed;
        _epochs = [.. state.Epochs];
        _epochs.EnsureCapacity(setup.EndEpoch);
        _warnings = [.. state.Warnings];
    }

    // Of the epoch's last step, the only one whose gradient is kept.
    private double GradientNorm => _restoredNorm ?? Math.Sqrt(ReductionKernels.SumOfSquares(_setup.Workspace.ParameterGradients.Span));

    private TimeSpan Elapsed => _elapsedBefore + Stopwatch.GetElapsedTime(_clockStart);

    /// <summary>Trains a network.</summary>
    /// <param name="recipe">How it is built and trained.</param>
    /// <param name="task">What it learns from, and from which weights on.</param>
    /// <param name="control">What belongs to this run only.</param>
    /// <exception cref="InvalidOperationException">The run diverged, or a schedule left its hyperparameter's range.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled, and there is nothing to return or the caller wants this.</exception>
    public static TrainedNetwork Train(TrainingRecipe recipe, TrainingTask task, TrainingControl control)
    {
        using var setup = new TrainingSetup(recipe, task, control);
        return new Trainer(recipe, task, control, setup).Run();
    }

    private TrainedNetwork Run()
    {
        // A resumed run was warned at its start.
        foreach (string warning in _control.ResumeFrom is null ? ScheduleWarnings().Concat(_setup.InputWarnings) : [])
            Warn(warning);
        foreach (var callback in _callbacks)
            callback.OnRunStart(_setup.Run, _epoch);

        StopReason? stop = null;
        while (stop is null && _epoch < _setup.EndEpoch)
            stop = RunEpoch();

        var reason = stop ?? StopReason.Completed;
        foreach (var callback in _callbacks)
            callback.OnStop(reason);
        return Result(reason);
    }

    private IEnumerable<string> ScheduleWarnings() =>
        from hyperparameter in new (string Name, Schedule Schedule)[]
        {
            (nameof(_recipe.LearningRate), _recipe.LearningRate!),
            (nameof(_recipe.Momentum), _recipe.Momentum),
            (nameof(_recipe.WeightDecay), _recipe.WeightDecay),
        }
        from warning in hyperparameter.Schedule.WarningsFor(_setup.Run)
        select $"{hyperparameter.Name}: {warning}";

    private StopReason? RunEpoch()
    {
        if (_recipe.OnDivergence is not null && (_progress.Steps == 0 || !_snapshots.HasGood))
            _snapshots.RememberGood(State());
        var interruption = TrainEpoch(out var divergence);
        if (divergence is not null)
        {
            RollBackOrThrow(divergence);
            return null;
        }

        if (interruption is { } reason)
        {
            _snapshots.Save(State());
            return reason;
        }

        var stop = FinishEpoch();
        bool isDue = stop is null && (_epoch - _setup.FirstEpoch) % (_control.Checkpoint?.EveryEpochs ?? 1) == 0;
        if (isDue && _epoch < _setup.EndEpoch)
            _snapshots.Save(State());
        return stop;
    }

    // Returns why the epoch was broken off; null at its end and where it diverged.
    private StopReason? TrainEpoch(out Divergence? divergence)
    {
        divergence = null;
        if (_progress.Steps == 0)
        {
            foreach (var callback in _callbacks)
                callback.OnEpochStart(_epoch);
        }

        _setup.Source.BeginEpoch(_epoch);
        _setup.Source.Skip(_progress.Steps);
        while (true)
        {
            if (Interruption() is { } reason)
                return reason;
            if (!_setup.Source.TryRead(_setup.Batch))
                return null;

            long step = _epoch * _setup.Run.StepsPerEpoch + _progress.Steps;
            var scheduled = _setup.Schedules.At(step);
            var values = scheduled with { LearningRate = scheduled.LearningRate * _rules.RateFactor * _rollBackFactor };
            var sum = _setup.Step(values, keepsGradient: _progress.Steps + 1 == _setup.Run.StepsPerEpoch);
            if (!_setup.IsFinite(sum))
            {
                divergence = Divergence.At(_epoch, values, sum, _setup);
                return null;
            }

            _progress = _progress.After(sum, values.LearningRate);
            _stepsOfThisProcess++;
            _restoredNorm = null;
            foreach (var callback in _callbacks)
                callback.OnStep(new StepRecord(_epoch, step, values.LearningRate, sum.Loss / sum.Weight, _setup.Batch.Rows));
        }
    }

    private StopReason? Interruption()
    {
        if (_control.CancellationToken.IsCancellationRequested)
            return StopReason.Cancelled;
        if (_control.TimeLimit is { } limit && Elapsed >= limit)
            return StopReason.TimeLimit;
        try
        {
            _control.CheckAlive?.Invoke();
            return null;
        }
        catch (OperationCanceledException)
        {
            return StopReason.Cancelled;
        }
    }

    private StopReason? FinishEpoch()
    {
        _setup.UpdateEvaluated();
        var validated = _setup.Validation?.Measure(_setup.Evaluated);
        var elapsed = Elapsed;
        var record = _progress.ToRecord(_epoch, _setup, _task.Loss, validated, GradientNorm, elapsed, elapsed - (_epochs.Count > 0 ? _epochs[^1].Elapsed : TimeSpan.Zero));

        var scheduled = _setup.Schedules.At(record.Steps - 1);
        var stop = _rules.Observe(record.Metrics, scheduled.LearningRate, record.LastLearningRate, _control.Log);
        record = record with { IsBest = _rules.Best.HasImproved, Layers = LayersAt(scheduled with { LearningRate = record.LastLearningRate }) };
        _epochs.Add(record);
        _epoch++;
        _progress = default;
        if (record.IsBest)
            _snapshots.RememberBest(willChange: stop is null && _epoch < _setup.EndEpoch);

        _control.Log?.Invoke(record.ToText());
        _control.Progress?.Report(record);
        foreach (var callback in _callbacks)
        {
            if (record.IsBest)
                callback.OnImprovement(record);
            if (!callback.OnEpochEnd(record))
                stop ??= StopReason.Callback;
        }

        return stop;
    }

    // Of the epoch's last step, whose values follow from the record, so that a run cut behind that step measures the same.
    private ValueList<LayerStep> LayersAt(in StepValues values)
    {
        _setup.Schedules.SetMultipliers(values.Step, _setup.Groups);
        return [.. LayerSteps.Measure(_setup.Optimizer, _setup.Groups, values)];
    }

    private void RollBackOrThrow(Divergence divergence)
    {
        if (_recipe.OnDivergence is not { } rollBack || _rollBacks == rollBack.MaximumRollBacks)
            throw new InvalidOperationException(divergence.Message);

        var state = _snapshots.RollBack();
        GoOnFrom(state);
        _rollBacks++;
        _rollBackFactor *= rollBack.Factor;
        string where = _progress.Steps == 0 ? $"the start of epoch {_epoch}" : $"step {_progress.Steps} of epoch {_epoch}, where the run was resumed";
        Warn($"{divergence.Message} Rolled back to {where}; from here on the rate is multiplied by {_rollBackFactor:G4}.");
    }

    [MemberNotNull(nameof(_rules))]
    private void GoOnFrom(RunState state)
    {
        _progress = new EpochProgress(state.StepsInEpoch, state.Sum, state.FirstRate, state.LastRate);
        _restoredNorm = state.StepsInEpoch > 0 ? state.GradientNorm : null;
        _rules = new EpochRules(_recipe, state);
    }

    private void Warn(string warning)
    {
        _warnings.Add(warning);
        _control.Warn?.Invoke(warning);
    }

    private RunState State() => new()
    {
        Epoch = _epoch,
        StepsInEpoch = _progress.Steps,
        Sum = _progress.Sum,
        FirstRate = _progress.FirstRate,
        LastRate = _progress.LastRate,
        GradientNorm = _progress.Steps == _setup.Run.StepsPerEpoch ? GradientNorm : 0,
        Elapsed = Elapsed,
        Reactive = _rules.Reactive,
        Best = _rules.Best,
        Stopping = _rules.Stopping,
        RollBackFactor = _rollBackFactor,
        RollBacks = _rollBacks,
        Epochs = [.. _epochs],
        Warnings = [.. _warnings],
    };

    private TrainedNetwork Result(StopReason reason)
    {
        bool cancelled = reason == StopReason.Cancelled;
        bool wantsBest = cancelled
            ? _control.OnCancel == CancellationResult.ReturnBest
            : _recipe.ReturnedWeights == ReturnedWeights.Best && _recipe.EarlyStopping is not { RestoreBestWeights: false };
        bool hasNothing = cancelled && (wantsBest ? !_snapshots.HasBest : _stepsOfThisProcess == 0 && _epochs.Count == 0);
        if (cancelled && (_control.OnCancel == CancellationResult.Throw || hasNothing))
            throw new OperationCanceledException("Training was cancelled" + (hasNothing ? " before there was a model to return." : "."), _control.CancellationToken);

        _setup.UpdateEvaluated();
        int? returned = wantsBest && _snapshots.HasBest ? (int?)_rules.Best.BestEpoch : null;
        if (returned is not null)
            _snapshots.RestoreBest();
        foreach (string warning in Diagnostics.Of(_setup, _task, _epochs))
            Warn(warning);
        return new TrainedNetwork(_setup.Evaluated, new TrainingHistory
        {
            Epochs = _epochs,
            StopReason = reason,
            Seed = _control.Seed,
            TrainingRows = _setup.Source.RowCount,
            ValidationRows = _setup.Validation?.RowCount ?? 0,
            ReturnedEpoch = returned,
            Warnings = _warnings,
        })
        {
            Inputs = _setup.Inputs,
        };
    }
}
