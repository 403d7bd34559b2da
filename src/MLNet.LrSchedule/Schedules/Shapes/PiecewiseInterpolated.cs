using System;
using System.Linq;
using MathNet.Numerics.Interpolation;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A curve through given points, by straight lines or by a monotone cubic spline.</summary>
/// <remarks>
/// Before the first point it has the first value, after the last point the last. The spline is MathNet's <c>CubicSpline.InterpolatePchip</c>; it is made once
/// by <see cref="Schedule.PrepareFor"/>, and for every question without it.
/// </remarks>
/// <example><code>Schedule.PiecewiseLinear((Epochs(0), 0), (Epochs(5), 0.4), (Epochs(30), 0))</code></example>
public sealed record PiecewiseInterpolated : Schedule
{
    /// <summary>A curve through given points.</summary>
    /// <param name="points">The points, each later than the one before; at least two, for the spline at least three.</param>
    /// <param name="curve">How the points are joined. Default by straight lines.</param>
    /// <exception cref="ArgumentException">There are too few points, or they are out of order.</exception>
    public PiecewiseInterpolated(ValueList<SchedulePoint> points, CurveKind curve = CurveKind.Linear)
    {
        ArgumentNullException.ThrowIfNull(points);
        var fewest = curve == CurveKind.Linear ? 2 : 3;
        if (points.Count < fewest)
        {
            throw new ArgumentException($"The curve needs at least {fewest} points, but there are {points.Count}.", nameof(points));
        }

        Points = points;
        Curve = curve;
    }

    /// <summary>The points, each later than the one before.</summary>
    public ValueList<SchedulePoint> Points
    {
        get;
        init
        {
            Milestones.Ordered([.. value.Select(point => point.At)], mayRepeat: false, nameof(Points));
            field = value;
        }
    }

    /// <summary>How the points are joined.</summary>
    public CurveKind Curve
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Curve), value, "Curve must be one of the named values.");
    }

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Through(time.Run).At(time);

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) => Through(run);

    internal override RunKnowledge NeedsIn(RunKnowledge window) => Milestones.Needs([.. Points.Select(point => point.At)]);

    internal override void WarnIn(RunWindow window) => window.WarnIfLonger("The last point of a curve", Points[^1].At, "it is never reached", mayFill: true);

    private Prepared Through(TrainingRun run)
    {
        var steps = Points.Select(point => point.At.InSteps(run)).ToArray();
        for (var index = 1; index < steps.Length; index++)
        {
            if (steps[index] <= steps[index - 1])
            {
                throw new InvalidOperationException(
                    $"The points of the curve are out of order in this run: {Points[index - 1].At} is step {steps[index - 1]}, and {Points[index].At} is step {steps[index]}.");
            }
        }

        var values = Points.Select(point => point.Value).ToArray();
        return new Prepared(steps, values, Curve == CurveKind.Linear ? null : CubicSpline.InterpolatePchipSorted(steps, values));
    }

    private sealed record Prepared(double[] Steps, double[] Values, CubicSpline? Spline) : Schedule
    {
        public override double At(ScheduleTime time)
        {
            if (time.Step <= Steps[0])
            {
                return Values[0];
            }

            if (time.Step >= Steps[^1])
            {
                return Values[^1];
            }

            if (Spline is not null)
            {
                return Spline.Interpolate(time.Step);
            }

            var place = Array.BinarySearch(Steps, time.Step);
            var right = place >= 0 ? place : ~place;
            return Blend.Between(Values[right - 1], Values[right], (time.Step - Steps[right - 1]) / (Steps[right] - Steps[right - 1]));
        }
    }
}
