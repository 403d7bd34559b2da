using System;
using System.Globalization;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A length of training: a number of steps, a number of epochs, or a fraction of the whole run.</summary>
/// <remarks>
/// <para>How many steps an epoch or a run has is only known when training starts, so a duration keeps its unit and is resolved by
/// <see cref="InSteps"/>. A fraction always means a share of the whole run, at whatever depth of a composed schedule it stands.</para>
/// <para>The text form is <c>"500 steps"</c>, <c>"10 epochs"</c> or <c>"30%"</c>; <see cref="Parse"/> reads it back to the same value.</para>
/// </remarks>
/// <example><code>
/// using static MLNet.LrSchedule.Schedules.Duration;
///
/// var schedule = Schedule.Linear(from: 0, to: 0.1).For(Epochs(3)).Then(0.1);
/// </code></example>
[JsonConverter(typeof(DurationConverter))]
public readonly record struct Duration
{
    // Rounding noise of products such as 0.55 * 100 (55.00000000000001 in floating point) must not move a boundary by one step.
    private const double AbsoluteTolerance = 1e-9;
    private const double RelativeTolerance = 1e-12;

    private Duration(double amount, DurationUnit unit)
    {
        Amount = amount;
        Unit = unit;
    }

    /// <summary>How many units; finite and at least 0. For <see cref="DurationUnit.Fraction"/> at most 1.</summary>
    public double Amount { get; }

    /// <summary>What <see cref="Amount"/> counts.</summary>
    public DurationUnit Unit { get; }

    /// <summary>A number of parameter updates.</summary>
    /// <param name="amount">Steps; finite, at least 0, whole in most uses (fractional lengths are legal).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is negative or not finite.</exception>
    public static Duration Steps(double amount) => new(Require.NonNegative(amount, nameof(amount)), DurationUnit.Steps);

    /// <summary>A number of passes over the training rows.</summary>
    /// <param name="amount">Epochs; finite, at least 0, fractional ones included.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is negative or not finite.</exception>
    public static Duration Epochs(double amount) => new(Require.NonNegative(amount, nameof(amount)), DurationUnit.Epochs);

    /// <summary>A share of the whole run.</summary>
    /// <param name="amount">Share; from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is below 0, above 1 or not a number.</exception>
    public static Duration Fraction(double amount) => new(Require.UnitInterval(amount, nameof(amount)), DurationUnit.Fraction);

    /// <summary>The length in steps of <paramref name="run"/>; fractional when the duration does not end on a step.</summary>
    /// <param name="run">The run that gives epochs and fractions their length.</param>
    /// <remarks>A result within rounding noise of a whole number is that whole number.</remarks>
    public double InSteps(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Unit switch
        {
            DurationUnit.Steps => SnapToWholeStep(Amount),
            DurationUnit.Epochs => SnapToWholeStep(Amount * run.StepsPerEpoch),
            _ => SnapToWholeStep(Amount * run.TotalSteps),
        };
    }

    /// <summary>The duration <paramref name="factor"/> times as long, in the same unit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The product is negative, not finite, or a fraction above 1.</exception>
    public static Duration operator *(Duration duration, double factor) => duration.Unit switch
    {
        DurationUnit.Steps => Steps(duration.Amount * factor),
        DurationUnit.Epochs => Epochs(duration.Amount * factor),
        _ => Fraction(duration.Amount * factor),
    };

    /// <summary>The duration <paramref name="factor"/> times as long, in the same unit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The product is negative, not finite, or a fraction above 1.</exception>
    public static Duration operator *(double factor, Duration duration) => duration * factor;

    /// <summary>Reads the text form written by <see cref="ToString"/>, in the invariant culture.</summary>
    /// <param name="text">For example <c>"500 steps"</c>, <c>"1 epoch"</c>, <c>"30%"</c>.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is none of these.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The amount is outside the range of its unit.</exception>
    public static Duration Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.EndsWith('%') && decimal.TryParse(trimmed.AsSpan(0, trimmed.Length - 1).TrimEnd(), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent))
        {
            return Fraction(double.Parse((percent / 100m).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }

        var space = trimmed.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && double.TryParse(trimmed.AsSpan(0, space), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount))
        {
            switch (trimmed[(space + 1)..].TrimStart())
            {
                case "step" or "steps":
                    return Steps(amount);
                case "epoch" or "epochs":
                    return Epochs(amount);
                case FractionSuffix:
                    return Fraction(amount);
            }
        }

        throw new FormatException($"'{text}' is not a duration; expected for example \"500 steps\", \"10 epochs\" or \"30%\".");
    }

    /// <summary>The text form, for example <c>"500 steps"</c>, <c>"1 epoch"</c> or <c>"30%"</c>, in the invariant culture.</summary>
    public override string ToString() => Unit switch
    {
        DurationUnit.Steps => RoundTrip.Text(Amount) + (Amount == 1 ? " step" : " steps"),
        DurationUnit.Epochs => RoundTrip.Text(Amount) + (Amount == 1 ? " epoch" : " epochs"),
        _ => Percentage(Amount) ?? $"{RoundTrip.Text(Amount)} {FractionSuffix}",
    };

    internal RunKnowledge Needs => Amount == 0 || Unit == DurationUnit.Steps ? RunKnowledge.None
        : Unit == DurationUnit.Epochs ? RunKnowledge.StepsPerEpoch
        : RunKnowledge.TotalSteps;

    internal static double SnapToWholeStep(double steps)
    {
        var whole = Math.Round(steps);

        // What is longer than nothing stays so: it may be a divisor.
        return whole != 0 && Math.Abs(steps - whole) <= AbsoluteTolerance + (RelativeTolerance * whole) ? whole : steps;
    }

    private const string FractionSuffix = "of the run";

    // Decimal arithmetic shifts the point exactly; fractions with more digits than a decimal holds keep their own notation.
    private static string? Percentage(double fraction)
    {
        if (fraction is > 0 and < 1e-9)
        {
            return null;
        }

        var percent = decimal.Parse(RoundTrip.Text(fraction), NumberStyles.Float, CultureInfo.InvariantCulture) * 100m;
        return percent.ToString("0.############################", CultureInfo.InvariantCulture) + "%";
    }
}
