using System;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// What is decided after every epoch from its metrics: the factor of the rate, whether this is the best epoch so far, whether to stop. The
/// rules are folds; this keeps their latest states.
/// </summary>
internal sealed class EpochRules
{
    private readonly TrainingRecipe _recipe;
    private readonly ImprovementRule _best;
    private readonly ImprovementRule? _stopping;

    public EpochRules(TrainingRecipe recipe, RunState state)
    {
        _recipe = recipe;
        _best = new ImprovementRule { Metric = recipe.BestMetric };
        _stopping = recipe.EarlyStopping?.Rule;
        Reactive = state.Reactive ?? recipe.ReactiveSchedule?.Start;
        Best = state.Best;
        Stopping = state.Stopping;
    }

    public ReactiveState? Reactive { get; private set; }

    public ImprovementTracker Best { get; private set; }

    public ImprovementTracker Stopping { get; private set; }

    public double RateFactor => Reactive?.Factor ?? 1;

    /// <summary>Sees the metrics of an epoch.</summary>
    /// <param name="metrics">What the epoch measured.</param>
    /// <param name="baseRate">The rate of the schedule in the epoch's last step.</param>
    /// <param name="appliedRate">The rate that step really used.</param>
    /// <param name="log">Told why a rule changed something.</param>
    /// <returns>Why the run should stop; null to go on.</returns>
    public StopReason? Observe(EpochMetrics metrics, double baseRate, double appliedRate, Action<string>? log)
    {
        if (metrics[_best.Metric] is { } value)
            Best = Best.Observe(_best, metrics.Epoch, value);
        if (_recipe.ReactiveSchedule is { } reactive)
        {
            Reactive = reactive.Observe(Reactive!, metrics, baseRate, appliedRate);
            if (Reactive.Reason is { } reason)
                log?.Invoke(reason);
        }

        if (_recipe.Target?.IsReached(metrics) == true)
            return StopReason.TargetReached;
        if (Reactive?.StopRequested == true)
            return StopReason.ReactiveSchedule;
        return HasStalled(metrics) ? StopReason.EarlyStopping : null;
    }

    private bool HasStalled(EpochMetrics metrics)
    {
        if (_stopping is null || metrics.Epoch < _recipe.EarlyStopping!.StartAfter || metrics[_stopping.Metric] is not { } value)
            return false;
        Stopping = Stopping.Observe(_stopping, metrics.Epoch, value);
        return Stopping.Stalled >= _recipe.EarlyStopping.Patience;
    }
}
