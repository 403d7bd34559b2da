using System;

namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>The values at every step of a run, before training a single one.</summary>
    /// <param name="epochs">Passes over the training rows; at least 1.</param>
    /// <param name="stepsPerEpoch">Updates in one pass: rows divided by the batch size, rounded up; at least 1. Default 1.</param>
    public SchedulePreview Preview(int epochs, int stepsPerEpoch = 1) => Preview(TrainingRun.OfEpochs(epochs, stepsPerEpoch));

    /// <summary>The values at every step of a run, before training a single one.</summary>
    /// <param name="run">The run; at most 2^31 steps fit into memory.</param>
    public SchedulePreview Preview(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(this, run);
    }
}
