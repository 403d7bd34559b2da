namespace MLNet.LrSchedule.Schedules;

/// <summary>When patience is over.</summary>
public enum PatienceRule
{
    /// <summary>As soon as the number of epochs without improvement reaches the patience, as in Keras and optax.</summary>
    Reached,

    /// <summary>Only when it exceeds the patience, one epoch later, as in PyTorch, timm and scikit-learn.</summary>
    Exceeded,
}
