using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The range rules of schedules, checked where a value is written.</summary>
internal static class Require
{
    // Shorter periods are rounding noise, and would let counts overflow.
    private const double ShortestPeriod = 1e-9;

    public static double Finite(double value, string name) =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number.");

    public static double NonNegative(double value, string name) =>
        double.IsFinite(value) && value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and at least 0.");

    public static double Positive(double value, string name) =>
        double.IsFinite(value) && value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and above 0.");

    public static double UnitInterval(double value, string name) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between 0 and 1.");

    public static long AtLeast(long value, long minimum, string name) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");

    public static int AtLeast(int value, int minimum, string name) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");

    public static Duration Positive(Duration value, string name) =>
        value.Amount >= ShortestPeriod ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be longer than nothing.");

    public static Schedule NotNull(Schedule value, string name) => value ?? throw new ArgumentNullException(name);
}
