using System;
using System.Collections.Generic;
using System.Threading;

namespace MLNet.LrSchedule.Training;

/// <summary>What belongs to one run of the loop and not to its recipe.</summary>
internal sealed record TrainingControl
{
    /// <summary>Decides every random draw of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>The most threads the run may use, the caller's included; no bit of the result depends on it.</summary>
    public int MaxThreads { get; init; } = 1;

    /// <summary>Told every epoch's record, on the training thread.</summary>
    public IProgress<EpochRecord>? Progress { get; init; }

    /// <summary>Honoured before every step.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The host's own way to cancel: called before every step, throws to end the run.</summary>
    public Action? CheckAlive { get; init; }

    /// <summary>Told what a user may want to know, a line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Told what a user should know, a line each; the history keeps it too.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>What a cancelled run gives.</summary>
    public CancellationResult OnCancel { get; init; } = CancellationResult.ReturnBest;

    /// <summary>The run ends before the first step after this time, counted over all of its parts where it is resumed.</summary>
    public TimeSpan? TimeLimit { get; init; }

    public IReadOnlyList<ITrainingCallback> Callbacks { get; init; } = [];

    /// <summary>Where and when the state of the run is written; null never.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>The state to go on from; null starts a new run.</summary>
    public Checkpoint? ResumeFrom { get; init; }

    /// <summary>The recipe as text; a checkpoint keeps it, and only the same recipe resumes it. Null where there are no checkpoints.</summary>
    public string? RecipeText { get; init; }

    /// <summary>The history of the model that training continues from; null for a new run.</summary>
    public TrainingHistory? EarlierHistory { get; init; }
}
