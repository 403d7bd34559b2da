using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>Keras's schedules under Keras's names, with its parameters, defaults and edge behaviour. Steps are parameter updates.</summary>
    /// <remarks>
    /// Keras computes in 32-bit floating point, so a real run there differs by about 1e-7. An integer initial rate, with which Keras's schedules collapse to 0, is a number
    /// like any other here.
    /// </remarks>
    public static class FromKeras
    {
        /// <summary>Keras's <c>ExponentialDecay</c>: <c>initial decayRate^(step / decaySteps)</c>.</summary>
        /// <param name="initialLearningRate">Rate at step 0.</param>
        /// <param name="decaySteps">Steps for one factor; above 0.</param>
        /// <param name="decayRate">The factor; above 0, growing without bound above 1.</param>
        /// <param name="staircase">Whether the exponent is rounded down. Default false.</param>
        public static Schedule ExponentialDecay(double initialLearningRate, double decaySteps, double decayRate, bool staircase = false) => staircase
            ? StepDecay(initialLearningRate, decayRate, Duration.Steps(decaySteps))
            : Exponential(initialLearningRate, decayRate, Duration.Steps(decaySteps));

        /// <summary>Keras's <c>InverseTimeDecay</c>: <c>initial / (1 + decayRate step / decaySteps)</c>.</summary>
        /// <param name="initialLearningRate">Rate at step 0.</param>
        /// <param name="decaySteps">The unit the decay is given for, in steps; above 0.</param>
        /// <param name="decayRate">Decay per unit; at least 0.</param>
        /// <param name="staircase">Whether only whole units count. Default false.</param>
        public static Schedule InverseTimeDecay(double initialLearningRate, double decaySteps, double decayRate, bool staircase = false) => staircase
            ? TimeBased(initialLearningRate, decayRate, Duration.Steps(decaySteps))
            : TimeBased(initialLearningRate, decayRate / Require.Positive(decaySteps, nameof(decaySteps)), Duration.Steps(1));

        /// <summary>The <c>decay</c> argument of Keras 2's optimizers: <c>lr / (1 + decay iterations)</c>, counted in updates, not epochs.</summary>
        /// <param name="lr">Rate at step 0.</param>
        /// <param name="decay">Decay per update; at least 0.</param>
        public static Schedule LegacyDecay(double lr, double decay) => TimeBased(lr, decay, Duration.Steps(1));

        /// <summary>Keras's <c>PolynomialDecay</c>.</summary>
        /// <param name="initialLearningRate">Rate at step 0.</param>
        /// <param name="decaySteps">Steps until the end; above 0.</param>
        /// <param name="endLearningRate">Rate at the end, which is held. Default 0.0001, not 0.</param>
        /// <param name="power">Exponent of the remaining share. Default 1.</param>
        /// <param name="cycle">
        /// Whether the decay starts again, stretched, beyond its end. At an exact multiple of <paramref name="decaySteps"/> the rate is the end rate; the next step jumps up.
        /// </param>
        public static Schedule PolynomialDecay(
            double initialLearningRate, double decaySteps, double endLearningRate = 0.0001, double power = 1, bool cycle = false)
        {
            var length = Require.Positive(Duration.Steps(decaySteps), nameof(decaySteps));
            var shape = Polynomial(initialLearningRate, endLearningRate, power);
            return cycle ? shape.Stretch(length) : shape.For(length);
        }

        /// <summary>Keras's <c>PiecewiseConstantDecay</c>: a boundary still has the value before it, so a new value starts one step later than in other libraries.</summary>
        /// <param name="boundaries">The last step of each value but the last, in order; fractions are cut off, as in Keras. (Keras adds up values when they are out of order.)</param>
        /// <param name="values">The values, one more than boundaries.</param>
        public static Schedule PiecewiseConstantDecay(IReadOnlyList<double> boundaries, IReadOnlyList<double> values)
        {
            ArgumentNullException.ThrowIfNull(boundaries);
            ArgumentNullException.ThrowIfNull(values);
            return PiecewiseConstant([.. boundaries.Select(boundary => Duration.Steps(Math.Floor(boundary) + 1))], [.. values]);
        }

        /// <summary>Keras's <c>CosineDecay</c>.</summary>
        /// <param name="initialLearningRate">Rate at step 0.</param>
        /// <param name="decaySteps">Steps of the cosine; above 0. The warmup comes on top: the whole takes <paramref name="warmupSteps"/> more.</param>
        /// <param name="alpha">The end rate as a fraction of the rate the cosine starts from. Default 0.</param>
        /// <param name="warmupTarget">Rate the warmup leads to, higher or lower; null for none.</param>
        /// <param name="warmupSteps">Steps of the warmup. Default 0. Without a target it is refused; Keras ignores it silently.</param>
        public static Schedule CosineDecay(
            double initialLearningRate, double decaySteps, double alpha = 0, double? warmupTarget = null, double warmupSteps = 0)
        {
            var length = Require.Positive(Duration.Steps(decaySteps), nameof(decaySteps));
            if (warmupTarget is not { } target)
            {
                return warmupSteps == 0
                    ? Cosine(initialLearningRate, initialLearningRate * alpha).For(length)
                    : throw new ArgumentException("A warmup needs a target.", nameof(warmupSteps));
            }

            return Linear(initialLearningRate, target).For(Duration.Steps(warmupSteps)).Then(Cosine(target, target * alpha).For(length));
        }

        /// <summary>Keras's <c>CosineDecayRestarts</c>.</summary>
        /// <param name="initialLearningRate">Rate at step 0.</param>
        /// <param name="firstDecaySteps">Steps of the first cycle; above 0.</param>
        /// <param name="tMul">Length of each cycle relative to the one before. Default 2. (Keras gives NaN in time below 1; here a cycle is at least one step long.)</param>
        /// <param name="mMul">Height of each cycle above the floor relative to the one before. Default 1.</param>
        /// <param name="alpha">The floor as a fraction of the initial rate, untouched by <paramref name="mMul"/>. Default 0.</param>
        /// <remarks>Keras finds the cycle by a logarithm and misses some restarts by a step, for example at step 211 for 16 and 1.5. That defect is not imitated.</remarks>
        public static Schedule CosineDecayRestarts(double initialLearningRate, double firstDecaySteps, double tMul = 2, double mMul = 1, double alpha = 0) =>
            Cosine(initialLearningRate, initialLearningRate * alpha).Restart(Duration.Steps(firstDecaySteps), tMul, mMul);

        /// <summary>Keras's <c>LearningRateScheduler</c> callback: a function of the epoch and of the rate it returned before. It cannot be saved.</summary>
        /// <param name="lr">The optimizer's own rate, which the function is given for epoch 0.</param>
        /// <param name="schedule">The rate for an epoch, from its zero-based number and the rate before.</param>
        public static Schedule LearningRateScheduler(double lr, Func<long, double, double> schedule)
        {
            ArgumentNullException.ThrowIfNull(schedule);
            return Recurrence(schedule(0, lr), schedule);
        }

        /// <summary>Keras's <c>ReduceLROnPlateau</c> callback.</summary>
        /// <param name="monitor">The metric; null for <see cref="Metric.Loss"/>. It brings its direction along.</param>
        /// <param name="factor">What the rate is multiplied by. Default 0.1.</param>
        /// <param name="patience">Bad epochs until a reduction, reached; 0 acts as 1. Default 10.</param>
        /// <param name="minDelta">How much better than the best, absolutely. Default 0.0001.</param>
        /// <param name="cooldown">Keras lowers its counter before it looks, so one epoch fewer than this is ignored. Default 0.</param>
        /// <param name="minLr">The rate is never lowered below this. Default 0.</param>
        /// <remarks>In Keras a NaN or infinity in the first epoch becomes the best value, and nothing improves on it again. That defect is not imitated.</remarks>
        public static ReduceOnPlateau ReduceLROnPlateau(
            Metric? monitor = null, double factor = 0.1, int patience = 10, double minDelta = 1e-4, int cooldown = 0, double minLr = 0) => new()
            {
                Metric = monitor ?? Metric.Loss,
                Factor = factor,
                Patience = patience,
                MinDelta = minDelta,
                Cooldown = Math.Max(Require.AtLeast(cooldown, 0, nameof(cooldown)) - 1, 0),
                MinRate = minLr,
            };
    }
}
