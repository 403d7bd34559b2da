using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>How long a training run is: what turns epochs and fractions into steps.</summary>
public sealed record TrainingRun
{
    /// <summary>A run of <paramref name="totalSteps"/> updates, <paramref name="stepsPerEpoch"/> in each epoch.</summary>
    /// <param name="totalSteps">Parameter updates in the whole run; at least 1.</param>
    /// <param name="stepsPerEpoch">Parameter updates in one pass over the training rows; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is below 1.</exception>
    public TrainingRun(long totalSteps, long stepsPerEpoch)
    {
        TotalSteps = totalSteps;
        StepsPerEpoch = stepsPerEpoch;
    }

    /// <summary>Parameter updates in the whole run; at least 1.</summary>
    public long TotalSteps { get; init => field = Require.AtLeast(value, 1, nameof(TotalSteps)); }

    /// <summary>Parameter updates in one pass over the training rows; at least 1.</summary>
    public long StepsPerEpoch { get; init => field = Require.AtLeast(value, 1, nameof(StepsPerEpoch)); }

    /// <summary>Length of the run in epochs; fractional when the run ends inside one.</summary>
    public double TotalEpochs => (double)TotalSteps / StepsPerEpoch;

    /// <summary>A run of whole epochs.</summary>
    /// <param name="epochs">Passes over the training rows; at least 1.</param>
    /// <param name="stepsPerEpoch">Parameter updates in one pass; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is below 1.</exception>
    /// <exception cref="OverflowException">The run would have more than 2^63 - 1 steps.</exception>
    public static TrainingRun OfEpochs(long epochs, long stepsPerEpoch) => new(
        checked(Require.AtLeast(epochs, 1, nameof(epochs)) * Require.AtLeast(stepsPerEpoch, 1, nameof(stepsPerEpoch))),
        stepsPerEpoch);

    /// <summary>The moment of the update <paramref name="step"/>, in the window of the whole run. Costs nothing worth counting.</summary>
    /// <param name="step">Zero-based number of the update about to be applied; a step at or past the end of the run is legal.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public ScheduleTime At(long step) => new(this, Require.AtLeast(step, 0, nameof(step)));
}
