using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A moment of training, as one schedule sees it: its own clock and window, and the place in the whole run.</summary>
/// <remarks>
/// <para>Time is counted in steps from 0: step 0 is the first update. A window is half-open: a shape that goes <c>from</c> a value <c>to</c> another has
/// <c>from</c> at <see cref="Step"/> 0 and reaches <c>to</c> at <see cref="Length"/>, the first step of whatever follows.</para>
/// <para>Combinators give their parts a later clock and another window (<see cref="Window"/>), so a part never knows where it stands; what is named
/// <c>Global</c> stays that of the run.</para>
/// </remarks>
public readonly record struct ScheduleTime
{
    internal ScheduleTime(TrainingRun run, long step)
    {
        Run = run;
        GlobalStep = step;
        Step = step;
        Length = run.TotalSteps;
    }

    /// <summary>Steps since the start of the window; zero-based, fractional when the window starts between two steps.</summary>
    public double Step { get; private init; }

    /// <summary>Length of the window in steps; at least 0.</summary>
    public double Length { get; private init; }

    /// <summary>The run the moment belongs to.</summary>
    public TrainingRun Run { get; private init; }

    /// <summary>Zero-based number of the update in the run.</summary>
    public long GlobalStep { get; private init; }

    /// <summary>Share of the window that is over: 0 at its start, 1 from its end on. A window without length is over from the start.</summary>
    public double Progress => Step < Length ? Math.Max(Step, 0) / Length : 1;

    /// <summary>Epochs since the start of the window, with the fraction of the current one.</summary>
    public double Epoch => Step / Run.StepsPerEpoch;

    /// <summary>Whole epochs since the start of the window.</summary>
    public long WholeEpoch => (long)Math.Floor(Epoch);

    /// <summary>Epochs since the start of the run, with the fraction of the current one.</summary>
    public double GlobalEpoch => (double)GlobalStep / Run.StepsPerEpoch;

    /// <summary>Zero-based number of the current epoch of the run.</summary>
    public long GlobalWholeEpoch => GlobalStep / Run.StepsPerEpoch;

    /// <summary>Share of the run that is over; above 1 past its end.</summary>
    public double GlobalProgress => (double)GlobalStep / Run.TotalSteps;

    /// <summary>The same moment in a window that starts <paramref name="start"/> steps after this one's start.</summary>
    /// <param name="start">Steps from the start of this window to the start of the new one; may be fractional or negative.</param>
    /// <param name="length">Length of the new window in steps; a negative length is a window without length.</param>
    public ScheduleTime Window(double start, double length) =>
        this with { Step = Step - start, Length = Math.Max(length, 0) };

    /// <summary>Another moment of the same window and run.</summary>
    /// <param name="step">Steps since the start of the window.</param>
    public ScheduleTime AtStep(double step) =>
        this with { Step = step, GlobalStep = Math.Max(0, GlobalStep + (long)Math.Floor(step - Step)) };

    /// <summary>How many whole units have passed since the start of the window.</summary>
    /// <param name="unit">The unit to count; longer than nothing.</param>
    public long Count(Duration unit) => (long)Math.Floor(Duration.SnapToWholeStep(Units(unit)));

    /// <summary>How many units have passed since the start of the window, with the fraction of the current one.</summary>
    /// <param name="unit">The unit to count; longer than nothing.</param>
    public double Units(Duration unit) => Step / unit.InSteps(Run);
}
