using System;

namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>The schedules of Hugging Face's transformers (<c>get_scheduler</c>), with its parameters, defaults and edge behaviour. Steps are parameter updates.</summary>
    /// <remarks>Unless said otherwise the warmup starts from 0, so the very first update changes nothing; the base rate is reached at step <c>numWarmupSteps</c>.</remarks>
    public static class FromTransformers
    {
        /// <summary>The shapes of <see cref="WarmupStableDecay"/>.</summary>
        public enum RampType
        {
            /// <summary>A straight line.</summary>
            Linear,

            /// <summary>Half a cosine wave.</summary>
            Cosine,

            /// <summary>One minus a square root.</summary>
            OneMinusSqrt,
        }

        /// <summary>transformers' <c>constant</c>.</summary>
        /// <param name="lr">The base rate.</param>
        public static Schedule Constant(double lr) => Schedule.Constant(lr);

        /// <summary>transformers' <c>constant_with_warmup</c>.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="numWarmupSteps">Steps of the warmup.</param>
        public static Schedule ConstantWithWarmup(double lr, long numWarmupSteps) => Warmed(lr, numWarmupSteps);

        /// <summary>transformers' <c>linear</c>: 0 one step after the last.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="numWarmupSteps">Steps of the warmup.</param>
        /// <param name="numTrainingSteps">Steps of the run; above <paramref name="numWarmupSteps"/>.</param>
        public static Schedule Linear(double lr, long numWarmupSteps, long numTrainingSteps) =>
            Warmed(Schedule.Linear(lr, 0).For(Rest(numWarmupSteps, numTrainingSteps)), numWarmupSteps);

        /// <summary>transformers' <c>cosine</c>: it rises again after the end of the run.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="numWarmupSteps">Steps of the warmup.</param>
        /// <param name="numTrainingSteps">Steps of the run; above <paramref name="numWarmupSteps"/>.</param>
        /// <param name="numCycles">Whole waves over the run; above 0. Default half a wave.</param>
        public static Schedule Cosine(double lr, long numWarmupSteps, long numTrainingSteps, double numCycles = 0.5) =>
            Warmed(Waves(lr, 0, Rest(numWarmupSteps, numTrainingSteps), numCycles), numWarmupSteps);

        /// <summary>transformers' <c>cosine_with_restarts</c>: 0 after the end of the run.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="numWarmupSteps">Steps of the warmup.</param>
        /// <param name="numTrainingSteps">Steps of the run; above <paramref name="numWarmupSteps"/>.</param>
        /// <param name="numCycles">Half waves, each starting at the base rate; at least 1. Default 1.</param>
        public static Schedule CosineWithRestarts(double lr, long numWarmupSteps, long numTrainingSteps, int numCycles = 1)
        {
            var rest = Rest(numWarmupSteps, numTrainingSteps);
            var cycle = rest * (1.0 / Require.AtLeast(numCycles, 1, nameof(numCycles)));
            return Warmed(Schedule.Cosine(lr, 0).Restart(cycle).For(rest).Then(0), numWarmupSteps);
        }

        /// <summary>transformers' <c>polynomial</c>.</summary>
        /// <param name="lr">The base rate; above <paramref name="lrEnd"/>.</param>
        /// <param name="numWarmupSteps">Steps of the warmup.</param>
        /// <param name="numTrainingSteps">Steps of the run; above <paramref name="numWarmupSteps"/>.</param>
        /// <param name="lrEnd">Rate at the end. Default 1e-7.</param>
        /// <param name="power">Exponent of the remaining share. Default 1.</param>
        public static Schedule Polynomial(double lr, long numWarmupSteps, long numTrainingSteps, double lrEnd = 1e-7, double power = 1)
        {
            if (lrEnd >= lr)
            {
                throw new ArgumentOutOfRangeException(nameof(lrEnd), lrEnd, "lrEnd must be below lr.");
            }

            return Warmed(Schedule.Polynomial(lr, lrEnd, power).For(Rest(numWarmupSteps, numTrainingSteps)), numWarmupSteps);
        }

        /// <summary>transformers' <c>inverse_sqrt</c>.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="numWarmupSteps">Steps of the warmup.</param>
        /// <param name="timescale">Timescale in steps; null for the warmup's, or 10000 without one.</param>
        public static Schedule InverseSqrt(double lr, long numWarmupSteps, long? timescale = null) =>
            Warmed(InverseSquareRoot(lr, Duration.Steps(timescale ?? (numWarmupSteps == 0 ? 10000 : numWarmupSteps))), numWarmupSteps);

        /// <summary>transformers' <c>cosine_with_min_lr</c>: it rises again after the end of the run.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="numWarmupSteps">Steps of the warmup.</param>
        /// <param name="numTrainingSteps">Steps of the run; above <paramref name="numWarmupSteps"/>.</param>
        /// <param name="numCycles">Whole waves over the run; above 0. Default half a wave.</param>
        /// <param name="minLr">The minimum; exactly one of this and <paramref name="minLrRate"/>.</param>
        /// <param name="minLrRate">The minimum as a fraction of the base rate.</param>
        public static Schedule CosineWithMinLr(
            double lr, long numWarmupSteps, long numTrainingSteps, double numCycles = 0.5, double? minLr = null, double? minLrRate = null) =>
            Warmed(Waves(lr, Minimum(lr, minLr, minLrRate), Rest(numWarmupSteps, numTrainingSteps), numCycles), numWarmupSteps);

        /// <summary>transformers' <c>cosine_warmup_with_min_lr</c>: the warmup counts from 1, and the minimum is reached at the last step.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="numWarmupSteps">Steps of the warmup.</param>
        /// <param name="numTrainingSteps">Steps of the run; above <paramref name="numWarmupSteps"/>.</param>
        /// <param name="numCycles">Whole waves over the run; above 0. Default half a wave.</param>
        /// <param name="minLr">The minimum; exactly one of this and <paramref name="minLrRate"/>.</param>
        /// <param name="minLrRate">The minimum as a fraction of the base rate.</param>
        /// <param name="warmupLrRate">Where the warmup starts, as a fraction of the base rate; null for one step above 0.</param>
        public static Schedule CosineWarmupWithMinLr(
            double lr,
            long numWarmupSteps,
            long numTrainingSteps,
            double numCycles = 0.5,
            double? minLr = null,
            double? minLrRate = null,
            double? warmupLrRate = null)
        {
            var warmup = Duration.Steps(numWarmupSteps);
            var ramp = warmupLrRate is { } rate
                ? Schedule.Linear(lr * rate, lr).For(Duration.Steps(Math.Max(numWarmupSteps - 1, 0)))
                : Schedule.Linear(0, lr).For(warmup).Advance(Duration.Steps(1));
            var wave = Waves(lr, Minimum(lr, minLr, minLrRate), Rest(numWarmupSteps, numTrainingSteps), numCycles);
            return ramp.For(warmup).Then(wave.Advance(Duration.Steps(1)));
        }

        /// <summary>transformers' <c>warmup_stable_decay</c>.</summary>
        /// <param name="lr">The base rate.</param>
        /// <param name="numWarmupSteps">Steps of the warmup.</param>
        /// <param name="numStableSteps">Steps of the constant part.</param>
        /// <param name="numDecaySteps">Steps of the decay.</param>
        /// <param name="warmupType">Shape of the warmup. Default linear.</param>
        /// <param name="decayType">Shape of the decay. Default cosine.</param>
        /// <param name="minLrRatio">The minimum as a fraction of the base rate. It lifts the start of the warmup too. Default 0.</param>
        /// <param name="numCycles">Whole waves of a cosine decay; above 0. Default half a wave.</param>
        public static Schedule WarmupStableDecay(
            double lr,
            long numWarmupSteps,
            long numStableSteps,
            long numDecaySteps,
            RampType warmupType = RampType.Linear,
            RampType decayType = RampType.Cosine,
            double minLrRatio = 0,
            double numCycles = 0.5)
        {
            var minimum = lr * minLrRatio;
            var decay = Duration.Steps(numDecaySteps);
            var up = warmupType switch
            {
                RampType.Linear => Schedule.Linear(minimum, lr),
                RampType.Cosine => Schedule.Cosine(minimum, lr),
                _ => Schedule.Polynomial(minimum, lr, 0.5),
            };
            var down = decayType switch
            {
                RampType.Linear => Schedule.Linear(lr, minimum),
                RampType.Cosine => Waves(lr, minimum, decay, numCycles),
                _ => Schedule.Linear(lr, minimum).Pace(0.5),
            };
            return up.For(Duration.Steps(numWarmupSteps)).Then(Schedule.Constant(lr).For(Duration.Steps(numStableSteps))).Then(down.For(decay)).Then(minimum);
        }

        private static Schedule Warmed(Schedule schedule, long steps) => steps == 0 ? schedule : schedule.WithWarmup(Duration.Steps(steps));

        private static Duration Rest(long warmup, long total) => Duration.Steps(Require.AtLeast(total - Require.AtLeast(warmup, 0, nameof(warmup)), 1, nameof(total)));

        private static Schedule Waves(double from, double to, Duration length, double numCycles) =>
            CosineWave(from, to, length * (0.5 / Require.Positive(numCycles, nameof(numCycles))));

        private static double Minimum(double lr, double? minLr, double? minLrRate) => (minLr, minLrRate) switch
        {
            ({ } rate, null) => rate,
            (null, { } fraction) => lr * fraction,
            _ => throw new ArgumentException("Exactly one of minLr and minLrRate must be given.", nameof(minLr)),
        };
    }
}
