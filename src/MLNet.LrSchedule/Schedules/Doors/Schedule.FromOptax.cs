using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>optax's schedules under optax's names, with its parameters, defaults and edge behaviour. Steps are parameter updates.</summary>
    /// <remarks>Lengths that optax repairs silently, such as negative ones, are refused.</remarks>
    public static class FromOptax
    {
        /// <summary>How <see cref="PiecewiseInterpolateSchedule"/> joins its values.</summary>
        public enum InterpolateType
        {
            /// <summary>By straight lines.</summary>
            Linear,

            /// <summary>By half cosine waves.</summary>
            Cosine,
        }

        /// <summary>optax's <c>constant_schedule</c>.</summary>
        /// <param name="value">The value.</param>
        public static Schedule ConstantSchedule(double value) => Constant(value);

        /// <summary>optax's <c>polynomial_schedule</c>.</summary>
        /// <param name="initValue">Value until <paramref name="transitionBegin"/>.</param>
        /// <param name="endValue">Value after the transition.</param>
        /// <param name="power">Exponent of the remaining share, also when rising.</param>
        /// <param name="transitionSteps">Steps of the transition.</param>
        /// <param name="transitionBegin">Steps before it. Default 0.</param>
        public static Schedule PolynomialSchedule(double initValue, double endValue, double power, long transitionSteps, long transitionBegin = 0) =>
            After(transitionBegin, initValue, Polynomial(initValue, endValue, power).For(Duration.Steps(transitionSteps)));

        /// <summary>optax's <c>linear_schedule</c>.</summary>
        /// <param name="initValue">Value until <paramref name="transitionBegin"/>.</param>
        /// <param name="endValue">Value after the transition.</param>
        /// <param name="transitionSteps">Steps of the transition.</param>
        /// <param name="transitionBegin">Steps before it. Default 0.</param>
        public static Schedule LinearSchedule(double initValue, double endValue, long transitionSteps, long transitionBegin = 0) =>
            PolynomialSchedule(initValue, endValue, 1, transitionSteps, transitionBegin);

        /// <summary>optax's <c>piecewise_constant_schedule</c>: the scales multiply up, each in force at its boundary.</summary>
        /// <param name="initValue">Value before the first boundary.</param>
        /// <param name="boundariesAndScales">Boundaries in steps, and the factor of each; at least 0.</param>
        public static Schedule PiecewiseConstantSchedule(double initValue, IReadOnlyDictionary<long, double> boundariesAndScales)
        {
            var (boundaries, values) = Scaled(initValue, boundariesAndScales);
            return PiecewiseConstant([.. boundaries.Select(boundary => Duration.Steps(boundary))], [initValue, .. values]);
        }

        /// <summary>optax's <c>piecewise_interpolate_schedule</c>: the scales multiply up, each reached at its boundary.</summary>
        /// <param name="interpolateType">How the values are joined.</param>
        /// <param name="initValue">Value at step 0.</param>
        /// <param name="boundariesAndScales">Boundaries in steps, and the factor of each; at least 0.</param>
        public static Schedule PiecewiseInterpolateSchedule(InterpolateType interpolateType, double initValue, IReadOnlyDictionary<long, double> boundariesAndScales)
        {
            var (boundaries, values) = Scaled(initValue, boundariesAndScales);
            return Through(interpolateType == InterpolateType.Cosine ? Annealing.Cosine : Annealing.Linear, boundaries, [initValue, .. values]);
        }

        /// <summary>optax's <c>exponential_decay</c>.</summary>
        /// <param name="initValue">Value until <paramref name="transitionBegin"/>.</param>
        /// <param name="transitionSteps">Steps for one factor; at least 1.</param>
        /// <param name="decayRate">The factor; above 0.</param>
        /// <param name="transitionBegin">Steps before the decay. Default 0.</param>
        /// <param name="staircase">Whether the exponent is rounded down. Default false.</param>
        /// <param name="endValue">A floor if the value falls, a cap if it rises; null for none.</param>
        public static Schedule ExponentialDecay(
            double initValue, long transitionSteps, double decayRate, long transitionBegin = 0, bool staircase = false, double? endValue = null)
        {
            var every = Duration.Steps(transitionSteps);
            var decay = staircase ? StepDecay(initValue, Require.Positive(decayRate, nameof(decayRate)), every) : Exponential(initValue, decayRate, every);
            var begun = After(transitionBegin, initValue, decay);
            return endValue is null ? begun : decayRate < 1 ? begun.Clamp(minimum: endValue) : begun.Clamp(maximum: endValue);
        }

        /// <summary>optax's <c>cosine_decay_schedule</c>.</summary>
        /// <param name="initValue">Value at step 0.</param>
        /// <param name="decaySteps">Steps of the decay; at least 1.</param>
        /// <param name="alpha">The end value as a fraction of the first. Default 0.</param>
        /// <param name="exponent">Exponent of the cosine, before <paramref name="alpha"/>. Default 1.</param>
        public static Schedule CosineDecaySchedule(double initValue, long decaySteps, double alpha = 0, double exponent = 1) =>
            new CosineAnnealing(initValue, initValue * alpha, exponent).For(Duration.Steps(Require.AtLeast(decaySteps, 1, nameof(decaySteps))));

        /// <summary>optax's <c>linear_onecycle_schedule</c>: three lines. The breakpoints are whole steps, rounded down.</summary>
        /// <param name="transitionSteps">Steps of the whole; at least 1.</param>
        /// <param name="peakValue">The highest value.</param>
        /// <param name="pctStart">Share at which it is reached. Default 0.3.</param>
        /// <param name="pctFinal">Share at which the first value is reached again. Default 0.85.</param>
        /// <param name="divFactor">It starts at the highest value divided by this. Default 25.</param>
        /// <param name="finalDivFactor">It ends at the first value divided by this. Default 10000.</param>
        public static Schedule LinearOneCycleSchedule(
            long transitionSteps, double peakValue, double pctStart = 0.3, double pctFinal = 0.85, double divFactor = 25, double finalDivFactor = 1e4)
        {
            var first = peakValue / divFactor;
            return Through(
                Annealing.Linear,
                [Share(pctStart, transitionSteps), Share(pctFinal, transitionSteps), transitionSteps],
                [first, peakValue, first, first / finalDivFactor]);
        }

        /// <summary>optax's <c>cosine_onecycle_schedule</c>: two half cosine waves. The peak is at a whole step, rounded down.</summary>
        /// <param name="transitionSteps">Steps of the whole; at least 1. The last value is reached at this step, one later than in PyTorch.</param>
        /// <param name="peakValue">The highest value.</param>
        /// <param name="pctStart">Share at which it is reached. Default 0.3.</param>
        /// <param name="divFactor">It starts at the highest value divided by this. Default 25.</param>
        /// <param name="finalDivFactor">It ends at the first value divided by this. Default 10000.</param>
        public static Schedule CosineOneCycleSchedule(
            long transitionSteps, double peakValue, double pctStart = 0.3, double divFactor = 25, double finalDivFactor = 1e4) =>
            Through(
                Annealing.Cosine,
                [Share(pctStart, transitionSteps), transitionSteps],
                [peakValue / divFactor, peakValue, peakValue / (divFactor * finalDivFactor)]);

        /// <summary>optax's <c>warmup_constant_schedule</c>.</summary>
        /// <param name="initValue">Value at step 0.</param>
        /// <param name="peakValue">Value after the warmup.</param>
        /// <param name="warmupSteps">Steps of the warmup.</param>
        public static Schedule WarmupConstantSchedule(double initValue, double peakValue, long warmupSteps) =>
            Constant(peakValue).WithWarmup(Duration.Steps(warmupSteps), initValue);

        /// <summary>optax's <c>warmup_cosine_decay_schedule</c>.</summary>
        /// <param name="initValue">Value at step 0.</param>
        /// <param name="peakValue">Value after the warmup.</param>
        /// <param name="warmupSteps">Steps of the warmup.</param>
        /// <param name="decaySteps">Steps of the whole, the warmup included (in Keras it is not); above <paramref name="warmupSteps"/>.</param>
        /// <param name="endValue">Value at the end. Default 0.</param>
        /// <param name="exponent">Exponent of the cosine. Default 1.</param>
        public static Schedule WarmupCosineDecaySchedule(
            double initValue, double peakValue, long warmupSteps, long decaySteps, double endValue = 0, double exponent = 1) =>
            new CosineAnnealing(peakValue, endValue, exponent)
                .For(Duration.Steps(Require.AtLeast(decaySteps - warmupSteps, 1, nameof(decaySteps))))
                .WithWarmup(Duration.Steps(warmupSteps), initValue);

        /// <summary>optax's <c>warmup_exponential_decay_schedule</c>.</summary>
        /// <param name="initValue">Value at step 0.</param>
        /// <param name="peakValue">Value after the warmup.</param>
        /// <param name="warmupSteps">Steps of the warmup.</param>
        /// <param name="transitionSteps">Steps for one factor; at least 1.</param>
        /// <param name="decayRate">The factor; above 0.</param>
        /// <param name="transitionBegin">Steps between the warmup and the decay. Default 0.</param>
        /// <param name="staircase">Whether the exponent is rounded down. Default false.</param>
        /// <param name="endValue">A floor if the value falls, a cap if it rises; null for none.</param>
        public static Schedule WarmupExponentialDecaySchedule(
            double initValue,
            double peakValue,
            long warmupSteps,
            long transitionSteps,
            double decayRate,
            long transitionBegin = 0,
            bool staircase = false,
            double? endValue = null) =>
            ExponentialDecay(peakValue, transitionSteps, decayRate, transitionBegin, staircase, endValue).WithWarmup(Duration.Steps(warmupSteps), initValue);

        /// <summary>optax's <c>sgdr_schedule</c>: warmups and cosines one after the other. The last one holds its end.</summary>
        /// <param name="cosines">The cycles, in the terms of <see cref="WarmupCosineDecaySchedule"/>; at least one.</param>
        public static Schedule SgdrSchedule(
            params IReadOnlyList<(double InitValue, double PeakValue, long WarmupSteps, long DecaySteps, double EndValue)> cosines)
        {
            ArgumentNullException.ThrowIfNull(cosines);
            var cycles = cosines
                .Select(cosine => WarmupCosineDecaySchedule(cosine.InitValue, cosine.PeakValue, cosine.WarmupSteps, cosine.DecaySteps, cosine.EndValue))
                .ToArray();
            var boundaries = new List<long>();
            foreach (var cosine in cosines.SkipLast(1))
            {
                boundaries.Add(cosine.DecaySteps + (boundaries.Count == 0 ? 0 : boundaries[^1]));
            }

            return cycles.Length == 1 ? cycles[0] : JoinSchedules(cycles, boundaries);
        }

        /// <summary>optax's <c>join_schedules</c>: each part is given the steps since its own boundary.</summary>
        /// <param name="schedules">The parts.</param>
        /// <param name="boundaries">Steps at which the next part takes over, in order; one fewer than parts.</param>
        public static Schedule JoinSchedules(IReadOnlyList<Schedule> schedules, IReadOnlyList<long> boundaries)
        {
            ArgumentNullException.ThrowIfNull(schedules);
            ArgumentNullException.ThrowIfNull(boundaries);
            if (schedules.Count != boundaries.Count + 1 || boundaries.Count == 0)
            {
                throw new ArgumentException($"{schedules.Count} schedules need {schedules.Count - 1} boundaries, at least one.", nameof(boundaries));
            }

            return new Sequence([.. boundaries.Select((boundary, index) => schedules[index].For(Duration.Steps(boundary - (index == 0 ? 0 : boundaries[index - 1]))))], schedules[^1]);
        }

        /// <summary>optax's <c>contrib.reduce_on_plateau</c>, which scales the very update a value comes with; here the factor is that of the epoch after.</summary>
        /// <param name="metric">The metric, lower being better in optax; null for <see cref="Metric.Loss"/>.</param>
        /// <param name="factor">What the scale is multiplied by; above 0. Default 0.1.</param>
        /// <param name="patience">Bad values until a reduction, reached. Default 10. (With 0 optax lowers the rate on every improvement, a defect that is not imitated.)</param>
        /// <param name="rtol">How much better than the best, as a share of it. Default 0.0001.</param>
        /// <param name="atol">How much better than the best, absolutely. Default 0.</param>
        /// <param name="cooldown">Values after a reduction that are ignored. Default 0.</param>
        /// <param name="accumulationSize">How many values are averaged into one. Default 1.</param>
        /// <param name="minScale">The scale never falls below this. Default 0.</param>
        public static ReduceOnPlateau ReduceOnPlateau(
            Metric? metric = null,
            double factor = 0.1,
            int patience = 10,
            double rtol = 1e-4,
            double atol = 0,
            int cooldown = 0,
            int accumulationSize = 1,
            double minScale = 0) => new()
            {
                Metric = metric ?? Metric.Loss,
                Factor = Require.Positive(factor, nameof(factor)),
                Patience = patience,
                MinDelta = atol,
                MinRelativeDelta = rtol,
                RelativeToSignedBest = true,
                Cooldown = cooldown,
                AverageOver = accumulationSize,
                MinFactor = minScale,
            };

        private static Schedule After(long steps, double value, Schedule schedule) =>
            steps == 0 ? schedule : Constant(value).For(Duration.Steps(steps)).Then(schedule);

        private static long Share(double share, long steps) =>
            (long)(Require.UnitInterval(share, nameof(share)) * Require.AtLeast(steps, 1, nameof(steps)));

        private static (IReadOnlyList<long> Boundaries, IReadOnlyList<double> Values) Scaled(double value, IReadOnlyDictionary<long, double> boundariesAndScales)
        {
            ArgumentNullException.ThrowIfNull(boundariesAndScales);
            var boundaries = boundariesAndScales.Keys.Order().ToArray();
            var values = new List<double>();
            foreach (var boundary in boundaries)
            {
                values.Add((values.Count == 0 ? value : values[^1]) * Require.NonNegative(boundariesAndScales[boundary], nameof(boundariesAndScales)));
            }

            return (boundaries, values);
        }

        private static Schedule Through(Annealing shape, IReadOnlyList<long> boundaries, IReadOnlyList<double> values) => new Sequence(
            [.. boundaries.Select((boundary, index) => Way(values[index], values[index + 1], shape).For(Duration.Steps(boundary - (index == 0 ? 0 : boundaries[index - 1]))))],
            values[^1]);
    }
}
