using System.IO;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// The state of a run between two steps: weights, optimizer slots, the state of schedule, stopping rules and clock, and the history. With it and the
/// same recipe and data, a run goes on bit for bit.
/// </summary>
/// <remarks>Random numbers need no state: every stream is derived from the seed, its purpose and the epoch.</remarks>
/// <example><code>var resumed = options with { ResumeFrom = Checkpoint.Load("run.checkpoint") };</code></example>
public sealed class Checkpoint
{
    internal Checkpoint(CheckpointHeader header, float[] parameters, float[][] slots, double[] scalars, float[] best)
    {
        Header = header;
        Parameters = parameters;
        Slots = slots;
        Scalars = scalars;
        Best = best;
    }

    /// <summary>The epoch that the run was in, counted from 0.</summary>
    public int Epoch => Header.State.Epoch;

    /// <summary>Steps that were taken in that epoch.</summary>
    public long StepsInEpoch => Header.State.StepsInEpoch;

    /// <summary>The run's seed.</summary>
    public int Seed => Header.Seed;

    internal CheckpointHeader Header { get; }

    internal float[] Parameters { get; }

    internal float[][] Slots { get; }

    internal double[] Scalars { get; }

    /// <summary>The weights of the best epoch; empty while there is none.</summary>
    internal float[] Best { get; }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, cut off, of another kind or of a newer version; the message says which.</exception>
    public static Checkpoint Load(string path) => CheckpointFile.Read(path);

    /// <summary>For example "epoch 12, step 3".</summary>
    public override string ToString() => $"epoch {Epoch}, step {StepsInEpoch}";
}

/// <summary>The part of a checkpoint that is text: the state, and what a run must have in common with it to go on from it.</summary>
internal sealed record CheckpointHeader
{
    public required RunState State { get; init; }

    public required int Seed { get; init; }

    /// <summary>The options as JSON.</summary>
    public required string Recipe { get; init; }

    /// <summary>For example "34-34-1 (relu)".</summary>
    public required string Network { get; init; }

    /// <summary>A digest of the training and validation rows.</summary>
    public required string Data { get; init; }

    public required int Slots { get; init; }
}
