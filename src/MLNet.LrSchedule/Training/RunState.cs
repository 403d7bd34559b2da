using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// Everything about a run that changes while it runs, besides weights and optimizer slots: where it is, what it has measured, and what its
/// rules remember. Data only, so that a checkpoint is this and the numbers.
/// </summary>
internal sealed record RunState
{
    /// <summary>The epoch that the next step belongs to.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps of that epoch that were taken.</summary>
    public long StepsInEpoch { get; init; }

    /// <summary>What those steps measured.</summary>
    public LossSum Sum { get; init; }

    /// <summary>The rate of the epoch's first step.</summary>
    public double FirstRate { get; init; }

    /// <summary>The rate of the latest step.</summary>
    public double LastRate { get; init; }

    /// <summary>The gradient's norm in the epoch's last step, which a run that is cut behind that step still needs for the record; 0 before it.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Time that training took before the latest start of the process.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The state of the reactive schedule; null without one.</summary>
    public ReactiveState? Reactive { get; init; }

    /// <summary>The best epoch so far.</summary>
    public ImprovementTracker Best { get; init; } = new();

    /// <summary>What early stopping has seen.</summary>
    public ImprovementTracker Stopping { get; init; } = new();

    /// <summary>What roll-backs multiply the rate by.</summary>
    public double RollBackFactor { get; init; } = 1;

    public int RollBacks { get; init; }

    /// <summary>Finished epochs.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What the rate of the schedule is multiplied by.</summary>
    public double RateFactor => (Reactive?.Factor ?? 1) * RollBackFactor;
}
