using System;
using System.IO;

namespace MLNet.LrSchedule.Training;

/// <summary>Where and how often the state of a run is saved, so that it can go on after it was interrupted.</summary>
/// <example><code>Checkpoint = new CheckpointOptions { Path = "run.checkpoint", EveryEpochs = 5 }</code></example>
public sealed record CheckpointOptions
{
    /// <summary>The file. It is replaced as a whole and only by a complete one, so that the last good state is never lost.</summary>
    public required string Path
    {
        get;
        init => field = string.IsNullOrWhiteSpace(value) ? throw new ArgumentException("A checkpoint needs a path.", nameof(Path)) : value;
    }

    /// <summary>Epochs between two checkpoints. Range: at least 1. Default: 1. One more is written when the run is cancelled or its time is over.</summary>
    public int EveryEpochs
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(EveryEpochs), value, "EveryEpochs must be at least 1.");
    } = 1;

    /// <summary>What the file's stream is wrapped in; tests delay and split writes here.</summary>
    internal Func<FileStream, Stream>? Wrap { get; init; }
}
