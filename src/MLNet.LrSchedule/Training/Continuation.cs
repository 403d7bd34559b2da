namespace MLNet.LrSchedule.Training;

/// <summary>What becomes of the learning-rate schedule when training continues from a trained model.</summary>
public enum Continuation
{
    /// <summary>The schedule starts over, as in a new run.</summary>
    Restart,

    /// <summary>The rate stays where the model's training left it.</summary>
    HoldLastRate,

    /// <summary>
    /// The epoch clock goes on: the first epoch has the number after the model's last, rows are shuffled as that epoch's, and the new records follow
    /// the model's own in the history. With <see cref="TrainingRecipe.ScheduleEpochs"/> set to the length of the whole, training an epoch per
    /// call in a loop follows the same schedule as one call.
    /// </summary>
    Extend,
}
