using System;

namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    public static partial class FromPyTorch
    {
        /// <summary>The <c>mode</c> of <c>CyclicLR</c>.</summary>
        public enum CyclicMode
        {
            /// <summary>Every cycle reaches the maximum.</summary>
            Triangular,

            /// <summary>Every cycle is half as high as the one before.</summary>
            Triangular2,

            /// <summary>The height is multiplied by gamma at every step since the start of training.</summary>
            ExpRange,
        }

        /// <summary>The <c>scale_mode</c> of <c>CyclicLR</c>: what its function is given.</summary>
        public enum ScaleMode
        {
            /// <summary>The number of the cycle, counted from 1.</summary>
            Cycle,

            /// <summary>The number of steps since the start of training.</summary>
            Iterations,
        }

        /// <summary>PyTorch's <c>CyclicLR</c>, counted in steps.</summary>
        /// <param name="baseLr">Rate at the start of a cycle. PyTorch overwrites the optimizer's rate with it.</param>
        /// <param name="maxLr">Rate at the peak of the first cycle; not below <paramref name="baseLr"/>. (PyTorch accepts an inverted cycle silently.)</param>
        /// <param name="stepSizeUp">Steps of the way up; above 0. Default 2000.</param>
        /// <param name="stepSizeDown">Steps of the way down; null for as many.</param>
        /// <param name="mode">How the height changes. Default not at all.</param>
        /// <param name="gamma">Factor of <see cref="CyclicMode.ExpRange"/>. Default 1.</param>
        public static Schedule CyclicLR(
            double baseLr, double maxLr, double stepSizeUp = 2000, double? stepSizeDown = null, CyclicMode mode = CyclicMode.Triangular, double gamma = 1)
        {
            if (baseLr > maxLr)
            {
                throw new ArgumentOutOfRangeException(nameof(maxLr), maxLr, "maxLr must not be below baseLr.");
            }

            return Cycle(baseLr, maxLr, stepSizeUp, stepSizeDown, mode, gamma);
        }

        /// <summary>PyTorch's <c>CyclicLR</c> with a function for the height. It cannot be saved.</summary>
        /// <param name="baseLr">Rate at the start of a cycle.</param>
        /// <param name="maxLr">Rate at a peak whose height the function leaves at 1; not below <paramref name="baseLr"/>.</param>
        /// <param name="scaleFn">The height.</param>
        /// <param name="scaleMode">What the function is given. Default the cycle.</param>
        /// <param name="stepSizeUp">Steps of the way up; above 0. Default 2000.</param>
        /// <param name="stepSizeDown">Steps of the way down; null for as many.</param>
        public static Schedule CyclicLR(
            double baseLr, double maxLr, Func<double, double> scaleFn, ScaleMode scaleMode = ScaleMode.Cycle, double stepSizeUp = 2000, double? stepSizeDown = null)
        {
            ArgumentNullException.ThrowIfNull(scaleFn);
            if (baseLr > maxLr)
            {
                throw new ArgumentOutOfRangeException(nameof(maxLr), maxLr, "maxLr must not be below baseLr.");
            }

            var cycle = Duration.Steps(stepSizeUp + (stepSizeDown ?? stepSizeUp));
            var height = scaleMode == ScaleMode.Iterations ? Custom(time => scaleFn(time.Step)) : Custom(time => scaleFn(1 + time.Count(cycle)));
            return (Cycle(0, maxLr - baseLr, stepSizeUp, stepSizeDown, CyclicMode.Triangular, 1) * height) + baseLr;
        }

        /// <summary>The momentum PyTorch's <c>CyclicLR</c> cycles against the rate. Its height shrinks with the rate's, so later cycles do not come down to the base again.</summary>
        /// <param name="baseMomentum">Momentum at the peak of the first cycle. Default 0.8.</param>
        /// <param name="maxMomentum">Momentum at the start of a cycle. Default 0.9.</param>
        /// <param name="stepSizeUp">Steps of the rate's way up; above 0. Default 2000.</param>
        /// <param name="stepSizeDown">Steps of the rate's way down; null for as many.</param>
        /// <param name="mode">How the height changes. Default not at all.</param>
        /// <param name="gamma">Factor of <see cref="CyclicMode.ExpRange"/>. Default 1.</param>
        public static Schedule CyclicMomentum(
            double baseMomentum = 0.8, double maxMomentum = 0.9, double stepSizeUp = 2000, double? stepSizeDown = null, CyclicMode mode = CyclicMode.Triangular, double gamma = 1) =>
            Cycle(maxMomentum, baseMomentum, stepSizeUp, stepSizeDown, mode, gamma);

        /// <summary>PyTorch's <c>OneCycleLR</c>, counted in steps.</summary>
        /// <param name="maxLr">The highest rate.</param>
        /// <param name="totalSteps">Steps of the whole; at least 2.</param>
        /// <param name="pctStart">Share of the way up; from 0 to 1, with three phases at most 0.5. Default 0.3.</param>
        /// <param name="annealStrategy">Shape of the ways. Default cosine.</param>
        /// <param name="divFactor">It starts at the highest rate divided by this. Default 25.</param>
        /// <param name="finalDivFactor">It ends at the first rate divided by this. Default 10000.</param>
        /// <param name="threePhase">Whether it first returns to where it started. Default false.</param>
        /// <remarks>
        /// The way up ends at step <c>pctStart totalSteps - 1</c>, which may lie between two steps (the highest rate is then never used) or before the first. PyTorch accepts one
        /// step too many, at which the rate turns up again or even becomes negative; here the last rate holds.
        /// </remarks>
        public static Schedule OneCycleLR(
            double maxLr,
            long totalSteps,
            double pctStart = 0.3,
            Annealing annealStrategy = Annealing.Cosine,
            double divFactor = 25,
            double finalDivFactor = 1e4,
            bool threePhase = false)
        {
            var first = maxLr / Require.Positive(divFactor, nameof(divFactor));
            var last = first / Require.Positive(finalDivFactor, nameof(finalDivFactor));
            return OneCycle(first, maxLr, first, last, totalSteps, pctStart, annealStrategy, threePhase);
        }

        /// <summary>The momentum PyTorch's <c>OneCycleLR</c> cycles against the rate.</summary>
        /// <param name="totalSteps">Steps of the whole; at least 2.</param>
        /// <param name="baseMomentum">The lowest momentum. Default 0.85.</param>
        /// <param name="maxMomentum">The highest momentum. Default 0.95.</param>
        /// <param name="pctStart">Share of the rate's way up; from 0 to 1, with three phases at most 0.5. Default 0.3.</param>
        /// <param name="annealStrategy">Shape of the ways. Default cosine.</param>
        /// <param name="threePhase">Whether the highest momentum holds in a third phase. Default false.</param>
        public static Schedule OneCycleMomentum(
            long totalSteps,
            double baseMomentum = 0.85,
            double maxMomentum = 0.95,
            double pctStart = 0.3,
            Annealing annealStrategy = Annealing.Cosine,
            bool threePhase = false) =>
            OneCycle(maxMomentum, baseMomentum, maxMomentum, maxMomentum, totalSteps, pctStart, annealStrategy, threePhase);

        private static Schedule Cycle(double from, double to, double up, double? down, CyclicMode mode, double gamma)
        {
            var rise = Duration.Steps(up);
            var fall = Duration.Steps(down ?? up);
            return mode switch
            {
                CyclicMode.Triangular => Triangular(from, to, rise, fall),
                CyclicMode.Triangular2 => Triangular(from, to, rise, fall, amplitudeMultiplier: 0.5),
                CyclicMode.ExpRange => (Triangular(0, to - from, rise, fall) * Exponential(1, gamma, Duration.Steps(1))) + from,
                _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "The mode must be one of the named values."),
            };
        }

        private static Schedule OneCycle(
            double first, double peak, double back, double last, long totalSteps, double pctStart, Annealing shape, bool threePhase)
        {
            Require.UnitInterval(pctStart, nameof(pctStart));
            Require.AtLeast(totalSteps, 2, nameof(totalSteps));
            var end = totalSteps - 1.0;
            var top = Duration.SnapToWholeStep((pctStart * totalSteps) - 1);
            if (threePhase)
            {
                var turn = Duration.SnapToWholeStep((2 * pctStart * totalSteps) - 2);
                return pctStart is > 0 and <= 0.5 && top >= 0
                    ? Way(first, peak, shape).For(Duration.Steps(top)).Then(Way(peak, back, shape).For(Duration.Steps(turn - top))).Then(Way(back, last, shape).For(Duration.Steps(end - turn)))
                    : throw new ArgumentOutOfRangeException(nameof(pctStart), pctStart, "With three phases pctStart must be at most 0.5 and leave the first phase a step.");
            }

            if (top >= end)
            {
                return Way(first, peak, shape).For(Duration.Steps(end));
            }

            var fall = Way(peak, last, shape).For(Duration.Steps(end - top));
            return top < 0 ? fall.Advance(Duration.Steps(-top)) : Way(first, peak, shape).For(Duration.Steps(top)).Then(fall);
        }
    }
}
