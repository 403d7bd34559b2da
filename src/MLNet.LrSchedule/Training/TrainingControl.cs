using System;
using System.Threading;

namespace MLNet.LrSchedule.Training;

/// <summary>What belongs to one run of the loop and not to its recipe.</summary>
internal sealed record TrainingControl
{
    /// <summary>Decides every random draw of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>Told every epoch's record, on the training thread.</summary>
    public IProgress<EpochRecord>? Progress { get; init; }

    /// <summary>Honoured before every step.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The host's own way to cancel: called before every step, throws to end the run.</summary>
    public Action? CheckAlive { get; init; }

    /// <summary>Told what a user may want to know, a line each.</summary>
    public Action<string>? Log { get; init; }
}
