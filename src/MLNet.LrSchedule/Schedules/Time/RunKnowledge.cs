using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>What a schedule must know of the run before it can answer.</summary>
[Flags]
internal enum RunKnowledge
{
    /// <summary>Nothing: it counts in steps.</summary>
    None = 0,

    /// <summary>How many steps an epoch has.</summary>
    StepsPerEpoch = 1,

    /// <summary>How many steps the run has.</summary>
    TotalSteps = 2,

    /// <summary>Both.</summary>
    All = StepsPerEpoch | TotalSteps,
}
