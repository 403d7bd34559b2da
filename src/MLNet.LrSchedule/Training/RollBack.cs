using System;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// What to do about a run that diverges, instead of ending it: go back to the state after the last good epoch, multiply the learning rate
/// of everything that follows, and go on.
/// </summary>
/// <remarks>Each roll-back is on the log and in the warnings of the history. It costs one more copy of weights and optimizer slots.</remarks>
public sealed record RollBack
{
    /// <summary>What the learning rate is multiplied by. Range: above 0, below 1. Default: 0.5.</summary>
    public double Factor
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Factor), value, "Factor must be above 0 and below 1.");
    } = 0.5;

    /// <summary>How often a run may be rolled back before it is ended after all. Range: at least 1. Default: 5.</summary>
    public int MaximumRollBacks
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumRollBacks), value, "MaximumRollBacks must be at least 1.");
    } = 5;
}
