namespace MLNet.LrSchedule.Schedules;

/// <summary>What the amount of a <see cref="Duration"/> counts.</summary>
public enum DurationUnit
{
    /// <summary>Parameter updates: one per mini-batch.</summary>
    Steps,

    /// <summary>Passes over the training rows.</summary>
    Epochs,

    /// <summary>Shares of the whole run, from 0 to 1.</summary>
    Fraction,
}
