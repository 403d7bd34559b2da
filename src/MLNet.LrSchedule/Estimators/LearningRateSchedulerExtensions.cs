using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.ML.Trainers;
using MLNet.LrSchedule.Schedules;

namespace Microsoft.ML;

/// <summary>Takes over ML.NET's own learning-rate schedules, which it has for image classification.</summary>
/// <remarks>
/// ML.NET cuts an epoch count such as 1.5 off to whole steps, and computes in single precision; here it keeps its fraction, in double precision.
/// </remarks>
public static class LearningRateSchedulerExtensions
{
    // LsrDecay multiplies its base rate by the batch size over this.
    private const double ReferenceBatchSize = 128;

    /// <summary>The same exponential decay, as a schedule.</summary>
    /// <param name="scheduler">ML.NET's schedule.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the schedule is out of its range.</exception>
    /// <example><code>LearningRate = new ExponentialLRDecay().ToSchedule()</code></example>
    public static Schedule ToSchedule(this ExponentialLRDecay scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        var every = Duration.Epochs(Decimal(scheduler.NumEpochsPerDecay));
        double rate = Decimal(scheduler.LearningRate), factor = Decimal(scheduler.DecayRate);
        return scheduler.Staircase ? Schedule.StepDecay(rate, factor, every) : Schedule.Exponential(rate, factor, every);
    }

    /// <summary>The same polynomial decay, as a schedule.</summary>
    /// <param name="scheduler">ML.NET's schedule.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the schedule is out of its range.</exception>
    public static Schedule ToSchedule(this PolynomialLRDecay scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        var length = Duration.Epochs(Decimal(scheduler.NumEpochsPerDecay));
        var shape = Schedule.Polynomial(Decimal(scheduler.LearningRate), Decimal(scheduler.EndLearningRate), Decimal(scheduler.Power));
        return scheduler.Cycle ? shape.Stretch(length) : shape.For(length);
    }

    /// <summary>The same stepwise decay by epochs, as a schedule.</summary>
    /// <param name="scheduler">ML.NET's schedule.</param>
    /// <param name="batchSize">The batch size it is meant for: the rate is the base rate times batch size over 128. Range: at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1.</exception>
    /// <remarks>ML.NET takes the first item whose epoch has come, so items out of order hide others; here the last one whose epoch has come counts.</remarks>
    public static Schedule ToSchedule(this LsrDecay scheduler, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        double rate = Decimal(scheduler.BaseLearningRate) * batchSize / ReferenceBatchSize;
        var items = Items(scheduler).OrderBy(item => item.Epoch).ToArray();
        if (items.Length == 0)
            throw new ArgumentException("The schedule has no items.", nameof(scheduler));
        return Schedule.PiecewiseConstant(
            [.. items.Skip(1).Select(item => Duration.Epochs(item.Epoch))],
            [.. items.Select(item => rate * Decimal(item.ScalingFactor))]);
    }

    // Nothing public tells the items.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lrSchedule")]
    private static extern ref readonly IReadOnlyList<LsrDecay.LearningRateSchedulerItem> Items(LsrDecay scheduler);

    // 0.01f is meant as 0.01, not as 0.00999999978.
    private static double Decimal(float value) => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
