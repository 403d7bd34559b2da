using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// Hooks into a run. Implement those you need; the others do nothing. All are called on the training thread, and what they throw ends the
/// run and reaches the caller of <c>Fit</c>.
/// </summary>
public interface ITrainingCallback
{
    /// <summary>Before the first step.</summary>
    /// <param name="run">How long the run is.</param>
    /// <param name="firstEpoch">The epoch it starts with; above 0 where a run is resumed or extended.</param>
    void OnRunStart(TrainingRun run, int firstEpoch)
    {
    }

    /// <summary>Before the first step of an epoch.</summary>
    /// <param name="epoch">The epoch, counted from 0.</param>
    void OnEpochStart(int epoch)
    {
    }

    /// <summary>After a step.</summary>
    /// <param name="step">What it did.</param>
    void OnStep(in StepRecord step)
    {
    }

    /// <summary>After an epoch and its validation.</summary>
    /// <param name="epoch">What it did.</param>
    /// <returns>True to go on, false to end the run here.</returns>
    bool OnEpochEnd(EpochRecord epoch) => true;

    /// <summary>After an epoch that gave the best model so far.</summary>
    /// <param name="epoch">What it did.</param>
    void OnImprovement(EpochRecord epoch)
    {
    }

    /// <summary>After the last step, before the result is put together.</summary>
    /// <param name="reason">Why the run ends.</param>
    void OnStop(StopReason reason)
    {
    }
}

/// <summary>What one step did.</summary>
/// <param name="Epoch">The epoch, counted from 0.</param>
/// <param name="Step">The step in the run, counted from 0.</param>
/// <param name="LearningRate">The rate it used.</param>
/// <param name="Loss">The batch's mean loss, before the step.</param>
/// <param name="Rows">Rows of the batch.</param>
public readonly record struct StepRecord(int Epoch, long Step, double LearningRate, double Loss, int Rows);
