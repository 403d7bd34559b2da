using System;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Reads schedules at one moment. A value outside the hyperparameter's range ends the run and names schedule, step and value.</summary>
internal readonly ref struct HyperparameterReader(ScheduleTime time)
{
    /// <summary>Small enough for any use, and not so small that single precision takes it for 0.</summary>
    private const double Smallest = 1e-30;

    private readonly ScheduleTime _time = time;

    public long Step => _time.GlobalStep;

    /// <summary>A value of at least 0.</summary>
    public double AtLeastZero(Schedule schedule, string name)
    {
        double value = schedule.At(_time);
        return value >= 0 && double.IsFinite(value) ? value : throw OutOfRange(name, value, "at least 0 and finite");
    }

    /// <summary>A value above 0.</summary>
    public double AboveZero(Schedule schedule, string name)
    {
        double value = schedule.At(_time);
        return value >= Smallest && double.IsFinite(value) ? value : throw OutOfRange(name, value, $"at least {Smallest} and finite");
    }

    /// <summary>A share that is less than all.</summary>
    public double BelowOne(Schedule schedule, string name)
    {
        double value = schedule.At(_time);
        return value is >= 0 and < 1 ? value : throw OutOfRange(name, value, "at least 0 and below 1");
    }

    /// <summary>A share.</summary>
    public double UpToOne(Schedule schedule, string name)
    {
        double value = schedule.At(_time);
        return value is >= 0 and <= 1 ? value : throw OutOfRange(name, value, "from 0 to 1");
    }

    private InvalidOperationException OutOfRange(string name, double value, string range) => new(
        $"The schedule of {name} gives {value:G6} at step {_time.GlobalStep} (epoch {_time.GlobalWholeEpoch}); it must be {range}.");
}
