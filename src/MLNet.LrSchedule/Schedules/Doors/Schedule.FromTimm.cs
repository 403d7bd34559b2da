using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>timm's schedulers under timm's names, with its parameters, defaults and edge behaviour.</summary>
    /// <remarks>
    /// <para>timm counts epochs (<c>t_in_epochs</c>) unless told to count updates: <c>per</c> is one epoch unless said otherwise, <c>Duration.Steps(1)</c> for updates, and the rate
    /// holds in between. The rate of the very first unit comes from timm's constructor and is the base rate itself.</para>
    /// <para><c>warmupPrefix</c> says whether the main schedule waits for the warmup. By default it does not for cosine, tanh and polynomial, so that the rate jumps down where the
    /// warmup ends; it does for step and multi-step.</para>
    /// </remarks>
    public static class FromTimm
    {
        /// <summary>timm's <c>CosineLRScheduler</c>.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="tInitial">Units of the first cycle; at least 1.</param>
        /// <param name="lrMin">The minimum, held after the last cycle; at least 0. Default 0.</param>
        /// <param name="cycleMul">Length of each cycle relative to the one before. Default 1. (Below 1 timm throws.)</param>
        /// <param name="cycleDecay">Peak of each cycle relative to the one before. Default 1.</param>
        /// <param name="cycleLimit">Number of cycles; at least 1. Default 1.</param>
        /// <param name="warmupT">Units of the warmup. Default 0.</param>
        /// <param name="warmupLrInit">Rate the warmup starts from. Default 0.</param>
        /// <param name="warmupPrefix">Whether the main schedule waits for the warmup. Default false.</param>
        /// <param name="kDecay">Exponent of the share of the cycle that is over. Default 1.</param>
        /// <param name="per">The unit. Default one epoch.</param>
        /// <remarks>timm finds the cycle by a logarithm and misses some restarts by a unit, for example at 121 for 1 and 3. That defect is not imitated.</remarks>
        public static Schedule CosineLRScheduler(
            double lr,
            long tInitial,
            double lrMin = 0,
            double cycleMul = 1,
            double cycleDecay = 1,
            int cycleLimit = 1,
            long warmupT = 0,
            double warmupLrInit = 0,
            bool warmupPrefix = false,
            double kDecay = 1,
            Duration? per = null)
        {
            var main = Cycles(peak => Paced(Cosine(peak, lrMin), kDecay), lr, tInitial, lrMin, cycleMul, cycleDecay, cycleLimit, per);
            return Whole(lr, main, warmupT, warmupLrInit, warmupPrefix, lr, per);
        }

        /// <summary>timm's <c>TanhLRScheduler</c>. Without a prefix its warmup aims at the curve's own value where it ends, not at the base rate.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="tInitial">Units of the first cycle; at least 1.</param>
        /// <param name="lb">Argument of the tangent at the start; below <paramref name="ub"/>. Default -7.</param>
        /// <param name="ub">Argument of the tangent at the end. Default 3.</param>
        /// <param name="lrMin">The minimum, held after the last cycle; at least 0. Default 0.</param>
        /// <param name="cycleMul">Length of each cycle relative to the one before. Default 1.</param>
        /// <param name="cycleDecay">Peak of each cycle relative to the one before. Default 1.</param>
        /// <param name="cycleLimit">Number of cycles; at least 1. Default 1.</param>
        /// <param name="warmupT">Units of the warmup. Default 0.</param>
        /// <param name="warmupLrInit">Rate the warmup starts from. Default 0.</param>
        /// <param name="warmupPrefix">Whether the main schedule waits for the warmup. Default false.</param>
        /// <param name="per">The unit. Default one epoch.</param>
        public static Schedule TanhLRScheduler(
            double lr,
            long tInitial,
            double lb = -7,
            double ub = 3,
            double lrMin = 0,
            double cycleMul = 1,
            double cycleDecay = 1,
            int cycleLimit = 1,
            long warmupT = 0,
            double warmupLrInit = 0,
            bool warmupPrefix = false,
            Duration? per = null)
        {
            var main = Cycles(peak => Tanh(peak, lrMin, lb, ub), lr, tInitial, lrMin, cycleMul, cycleDecay, cycleLimit, per);
            return Whole(lr, main, warmupT, warmupLrInit, warmupPrefix, warmupPrefix ? lr : null, per);
        }

        /// <summary>timm's <c>PolyLRScheduler</c>.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="tInitial">Units of the first cycle; at least 1.</param>
        /// <param name="power">Exponent of the remaining share. Default 0.5.</param>
        /// <param name="lrMin">The minimum, held after the last cycle; at least 0. Default 0.</param>
        /// <param name="cycleMul">Length of each cycle relative to the one before. Default 1.</param>
        /// <param name="cycleDecay">Peak of each cycle relative to the one before. Default 1.</param>
        /// <param name="cycleLimit">Number of cycles; at least 1. Default 1.</param>
        /// <param name="warmupT">Units of the warmup. Default 0.</param>
        /// <param name="warmupLrInit">Rate the warmup starts from. Default 0.</param>
        /// <param name="warmupPrefix">Whether the main schedule waits for the warmup. Default false.</param>
        /// <param name="kDecay">Exponent of the share of the cycle that is over. Default 1.</param>
        /// <param name="per">The unit. Default one epoch.</param>
        public static Schedule PolyLRScheduler(
            double lr,
            long tInitial,
            double power = 0.5,
            double lrMin = 0,
            double cycleMul = 1,
            double cycleDecay = 1,
            int cycleLimit = 1,
            long warmupT = 0,
            double warmupLrInit = 0,
            bool warmupPrefix = false,
            double kDecay = 1,
            Duration? per = null)
        {
            var main = Cycles(peak => Paced(Polynomial(peak, lrMin, power), kDecay), lr, tInitial, lrMin, cycleMul, cycleDecay, cycleLimit, per);
            return Whole(lr, main, warmupT, warmupLrInit, warmupPrefix, lr, per);
        }

        /// <summary>timm's <c>StepLRScheduler</c>.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="decayT">Units between drops; above 0.</param>
        /// <param name="decayRate">Factor of each drop. timm's default is 1, which never drops.</param>
        /// <param name="warmupT">Units of the warmup. Default 0.</param>
        /// <param name="warmupLrInit">Rate the warmup starts from. Default 0.</param>
        /// <param name="warmupPrefix">Whether the main schedule waits for the warmup. Default true.</param>
        /// <param name="per">The unit. Default one epoch.</param>
        public static Schedule StepLRScheduler(
            double lr, double decayT, double decayRate = 1, long warmupT = 0, double warmupLrInit = 0, bool warmupPrefix = true, Duration? per = null) =>
            Whole(lr, StepDecay(lr, decayRate, Unit(per) * decayT), warmupT, warmupLrInit, warmupPrefix, lr, per);

        /// <summary>timm's <c>MultiStepLRScheduler</c>, which drops one unit before each milestone, save in the very first unit.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="decayT">The milestones, in units and in order.</param>
        /// <param name="decayRate">Factor of each drop. timm's default is 1, which never drops.</param>
        /// <param name="warmupT">Units of the warmup. Default 0.</param>
        /// <param name="warmupLrInit">Rate the warmup starts from. Default 0.</param>
        /// <param name="warmupPrefix">Whether the main schedule waits for the warmup. Default true.</param>
        /// <param name="per">The unit. Default one epoch.</param>
        public static Schedule MultiStepLRScheduler(
            double lr, IEnumerable<long> decayT, double decayRate = 1, long warmupT = 0, double warmupLrInit = 0, bool warmupPrefix = true, Duration? per = null) =>
            Whole(
                lr,
                MultiStep(lr, decayRate, [.. decayT.Select(milestone => Unit(per) * milestone)]).Advance(Unit(per)),
                warmupT,
                warmupLrInit,
                warmupPrefix,
                lr,
                per);

        /// <summary>timm's <c>PlateauLRScheduler</c>. Its warmup is a schedule of its own: put <c>WithWarmup</c> on the learning rate.</summary>
        /// <param name="metric">The metric; null for <see cref="Metric.ValidationAccuracy"/>, because timm's <c>mode</c> is max by default.</param>
        /// <param name="decayRate">What the rate is multiplied by. Default 0.1.</param>
        /// <param name="patienceT">Bad epochs that are tolerated; a reduction comes when there are more. Default 10.</param>
        /// <param name="threshold">How much better than the best, as a share of it. Default 0.0001.</param>
        /// <param name="cooldownT">Epochs after a reduction that are ignored. Default 0.</param>
        /// <param name="warmupT">Epochs at the beginning whose metric is ignored. Default 0.</param>
        /// <param name="lrMin">The rate is never lowered below this. Default 0.</param>
        /// <remarks>An infinity in the better direction becomes the best for ever in timm. That defect is not imitated.</remarks>
        public static ReduceOnPlateau PlateauLRScheduler(
            Metric? metric = null, double decayRate = 0.1, int patienceT = 10, double threshold = 1e-4, int cooldownT = 0, long warmupT = 0, double lrMin = 0) => new()
            {
                Metric = metric ?? Metric.ValidationAccuracy,
                Factor = decayRate,
                Patience = patienceT,
                PatienceRule = PatienceRule.Exceeded,
                MinDelta = 0,
                MinRelativeDelta = threshold,
                RelativeToSignedBest = true,
                Cooldown = cooldownT,
                StartAfter = warmupT,
                MinRate = lrMin,
            };

        private static Duration Unit(Duration? per) => per ?? Duration.Epochs(1);

        private static Schedule Paced(Schedule schedule, double exponent) => exponent == 1 ? schedule : schedule.Pace(exponent);

        private static Schedule Cycles(
            Func<double, Schedule> cycle, double lr, long tInitial, double lrMin, double cycleMul, double cycleDecay, int cycleLimit, Duration? per)
        {
            Require.NonNegative(lrMin, nameof(lrMin));
            Require.Positive(cycleMul, nameof(cycleMul));
            Require.AtLeast(cycleLimit, 1, nameof(cycleLimit));
            var phases = new List<Phase>();
            double length = Require.AtLeast(tInitial, 1, nameof(tInitial));
            var peak = lr;
            for (var index = 0; index < cycleLimit; index++)
            {
                phases.Add(cycle(peak).For(Unit(per) * length));
                length *= cycleMul;
                peak *= cycleDecay;
            }

            return new Sequence([.. phases], lrMin);
        }

        // The warmup leads to 'target', or to wherever the main schedule then is.
        private static Schedule Whole(double lr, Schedule main, long warmupT, double warmupLrInit, bool warmupPrefix, double? target, Duration? per)
        {
            var unit = Unit(per);
            Require.NonNegative(warmupLrInit, nameof(warmupLrInit));
            if (Require.AtLeast(warmupT, 0, nameof(warmupT)) == 0)
            {
                return Held(Constant(lr).For(unit).Then(main.Advance(unit)), unit);
            }

            var warmup = unit * warmupT;
            var after = warmupPrefix ? main : main.Advance(warmup);
            return Held(target is { } end ? Linear(warmupLrInit, end).For(warmup).Then(after) : after.WithWarmup(warmup, warmupLrInit), unit);
        }

        private static Schedule Held(Schedule smooth, Duration unit) => unit == Duration.Steps(1) ? smooth : smooth.Staircase(unit);
    }
}
