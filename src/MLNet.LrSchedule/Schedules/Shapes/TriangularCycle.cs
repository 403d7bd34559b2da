using System;


namespace MLNet.LrSchedule.Schedules;

/// <summary>A triangle over and over: from one value to another in <c>up</c>, back in <c>down</c>, each cycle <c>amplitudeMultiplier</c> times as high as the one before.</summary>
/// <remarks>
/// <c>value = from + (to - from) f amplitudeMultiplier^cycle</c> with f rising from 0 to 1 and falling back, and cycles counted from 0. A multiplier of 1/2 is
/// <c>triangular2</c>. Swap the values for a mirrored momentum. Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017.
/// </remarks>
public sealed record TriangularCycle : Schedule
{
    /// <summary>A triangle over and over: from one value to another in <c>up</c>, back in <c>down</c>, each cycle <c>amplitudeMultiplier</c> times as high as the one before.</summary>
    /// <param name="from">Value at the start of every cycle; finite.</param>
    /// <param name="to">Value at the peak of the first cycle; finite.</param>
    /// <param name="up">Time from the start of a cycle to its peak; longer than nothing.</param>
    /// <param name="down">Time from the peak back; at least 0.</param>
    /// <param name="amplitudeMultiplier">Height of each cycle relative to the one before; finite and at least 0. Default 1.</param>
    public TriangularCycle(double from, double to, Duration up, Duration down, double amplitudeMultiplier = 1)
    {
        From = from;
        To = to;
        Up = up;
        Down = down;
        AmplitudeMultiplier = amplitudeMultiplier;
    }

    /// <summary>Value at the start of every cycle; finite.</summary>
    public double From { get; init => field = Require.Finite(value, nameof(From)); }

    /// <summary>Value at the peak of the first cycle; finite.</summary>
    public double To { get; init => field = Require.Finite(value, nameof(To)); }

    /// <summary>Time from the start of a cycle to its peak; longer than nothing.</summary>
    public Duration Up { get; init => field = Require.Positive(value, nameof(Up)); }

    /// <summary>Time from the peak back; at least 0.</summary>
    public Duration Down { get; init; }

    /// <summary>Height of each cycle relative to the one before; finite and at least 0.</summary>
    public double AmplitudeMultiplier { get; init => field = Require.NonNegative(value, nameof(AmplitudeMultiplier)); }

    /// <inheritdoc/>
    public override double At(ScheduleTime time)
    {
        var up = Up.InSteps(time.Run);
        var period = up + Down.InSteps(time.Run);
        var cycle = Math.Floor(Duration.SnapToWholeStep(time.Step / period));
        var inside = Math.Max(time.Step - (cycle * period), 0);
        var height = inside < up ? inside / up : period > up ? (period - inside) / (period - up) : 0;
        return From + ((To - From) * Math.Max(height, 0) * PortableMath.Pow(AmplitudeMultiplier, cycle));
    }

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Up.Needs | Down.Needs;

    internal override void WarnIn(RunWindow window) => window.WarnIfLonger("A rise", Up, "the peak is never reached", mayFill: false);
}
