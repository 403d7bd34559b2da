using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Training;

/// <summary>The record of a training run; kept in the model and saved with it.</summary>
public sealed record TrainingHistory
{
    /// <summary>One record per epoch, in order.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>Why the run ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>The seed that decided every random draw of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>Rows trained on, validation rows not counted.</summary>
    public required long TrainingRows { get; init; }

    /// <summary>Rows validated on; 0 without validation.</summary>
    public required long ValidationRows { get; init; }

    /// <summary>The epoch whose weights the run returned; null where it returned those after the last step.</summary>
    public int? ReturnedEpoch { get; init; }

    /// <summary>What a user should know about the run: roll-backs, dead units, saturated outputs, constant features, a line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Histories are equal when all their records are.</summary>
    /// <param name="other">The history to compare with.</param>
    public bool Equals(TrainingHistory? other) =>
        other is not null && StopReason == other.StopReason && Seed == other.Seed && TrainingRows == other.TrainingRows &&
        ValidationRows == other.ValidationRows && ReturnedEpoch == other.ReturnedEpoch && Epochs.SequenceEqual(other.Epochs) &&
        Warnings.SequenceEqual(other.Warnings);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StopReason, Seed, TrainingRows, ValidationRows, Epochs.Count);
}
