namespace MLNet.LrSchedule.Schedules;

/// <summary>The shape of a way from one value to another.</summary>
public enum Annealing
{
    /// <summary>Half a cosine wave.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,
}
