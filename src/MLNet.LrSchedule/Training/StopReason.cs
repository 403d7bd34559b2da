namespace MLNet.LrSchedule.Training;

/// <summary>Why a training run ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were trained.</summary>
    Completed,

    /// <summary>The metric of <see cref="EarlyStopping"/> had stopped improving.</summary>
    EarlyStopping,

    /// <summary>The <see cref="MetricTarget"/> was reached.</summary>
    TargetReached,

    /// <summary>The time limit was over.</summary>
    TimeLimit,

    /// <summary>The reactive schedule asked to stop.</summary>
    ReactiveSchedule,

    /// <summary>A callback asked to stop.</summary>
    Callback,

    /// <summary>The run was cancelled.</summary>
    Cancelled,
}

/// <summary>What a cancelled run gives.</summary>
public enum CancellationResult
{
    /// <summary>The best model so far (see <see cref="TrainingRecipe.ReturnedWeights"/>); throws where no epoch was finished.</summary>
    ReturnBest,

    /// <summary>The model as it was after the last step; throws where no step was taken.</summary>
    ReturnCurrent,

    /// <summary>An <see cref="System.OperationCanceledException"/>.</summary>
    Throw,
}
