using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>fastai's schedules under fastai's names, with its parameters and defaults. They span the run.</summary>
    /// <remarks>fastai reads its schedules before each batch at <c>batches done / batches in all</c>, so the end value is never used. So it is here: it belongs to the step after the last.</remarks>
    public static class FromFastai
    {
        /// <summary>fastai's <c>SchedNo</c>: the start value.</summary>
        /// <param name="start">The value.</param>
        /// <param name="end">Not used, as in fastai.</param>
        public static Schedule SchedNo(double start, double end)
        {
            Require.Finite(end, nameof(end));
            return Constant(start);
        }

        /// <summary>fastai's <c>SchedLin</c>.</summary>
        /// <param name="start">First value.</param>
        /// <param name="end">Value at the end.</param>
        public static Schedule SchedLin(double start, double end) => Linear(start, end);

        /// <summary>fastai's <c>SchedCos</c>.</summary>
        /// <param name="start">First value.</param>
        /// <param name="end">Value at the end.</param>
        public static Schedule SchedCos(double start, double end) => Cosine(start, end);

        /// <summary>fastai's <c>SchedExp</c>.</summary>
        /// <param name="start">First value; not 0.</param>
        /// <param name="end">Value at the end; not 0, of the same sign.</param>
        public static Schedule SchedExp(double start, double end) => Geometric(start, end);

        /// <summary>fastai's <c>SchedPoly</c>: <c>start + (end - start) progress^power</c>. The power acts on the part that is over, unlike everywhere else.</summary>
        /// <param name="start">First value.</param>
        /// <param name="end">Value at the end.</param>
        /// <param name="power">Exponent; above 0.</param>
        public static Schedule SchedPoly(double start, double end, double power) => Linear(start, end).Pace(power);

        /// <summary>fastai's <c>combine_scheds</c>.</summary>
        /// <param name="pcts">Share of each part; they must add up to 1.</param>
        /// <param name="scheds">The parts.</param>
        public static Schedule CombineScheds(IReadOnlyList<double> pcts, IReadOnlyList<Schedule> scheds)
        {
            ArgumentNullException.ThrowIfNull(pcts);
            ArgumentNullException.ThrowIfNull(scheds);
            if (pcts.Count != scheds.Count || pcts.Count < 2 || Math.Abs(pcts.Sum() - 1) > 1e-9)
            {
                throw new ArgumentException("There must be as many shares as parts, at least two, and they must add up to 1.", nameof(pcts));
            }

            return new Sequence([.. pcts.SkipLast(1).Select((share, index) => scheds[index].For(Duration.Fraction(share)))], scheds[^1]);
        }

        /// <summary>The rate of fastai's <c>fit_one_cycle</c>.</summary>
        /// <param name="lrMax">The highest rate.</param>
        /// <param name="div">It starts at the highest rate divided by this. Default 25.</param>
        /// <param name="divFinal">It ends at the highest rate divided by this, not further divided by <paramref name="div"/>. Default 100000.</param>
        /// <param name="pctStart">Share of the way up. Default 0.25.</param>
        public static Schedule FitOneCycle(double lrMax, double div = 25, double divFinal = 1e5, double pctStart = 0.25) =>
            OneCycle(lrMax, Duration.Fraction(pctStart), div, divFinal);

        /// <summary>The momentum of fastai's <c>fit_one_cycle</c>.</summary>
        /// <param name="moms">Momentum at the start, at the peak of the rate, and at the end; null for 0.95, 0.85, 0.95.</param>
        /// <param name="pctStart">Share of the rate's way up. Default 0.25.</param>
        public static Schedule FitOneCycleMomentum((double Start, double Peak, double End)? moms = null, double pctStart = 0.25)
        {
            var (start, peak, end) = moms ?? (0.95, 0.85, 0.95);
            return Cosine(start, peak).For(Duration.Fraction(pctStart)).Then(Cosine(peak, end));
        }

        /// <summary>The rate of fastai's <c>fit_flat_cos</c>.</summary>
        /// <param name="lr">The rate to hold.</param>
        /// <param name="divFinal">It ends at the rate divided by this. Default 100000.</param>
        /// <param name="pctStart">Share for which it holds. Default 0.75.</param>
        public static Schedule FitFlatCos(double lr, double divFinal = 1e5, double pctStart = 0.75) =>
            FlatCosine(lr, Duration.Fraction(pctStart), lr / Require.Positive(divFinal, nameof(divFinal)));

        /// <summary>The rate of fastai's <c>fit_sgdr</c>, down to 0 in every cycle. The run should have <c>cycleLen (1 + cycleMult + cycleMult^2 + ...)</c> epochs.</summary>
        /// <param name="cycleLen">Epochs of the first cycle; above 0.</param>
        /// <param name="lrMax">The highest rate.</param>
        /// <param name="cycleMult">Length of each cycle relative to the one before. Default 2. (With 1 fastai divides by zero.)</param>
        public static Schedule FitSgdr(double cycleLen, double lrMax, double cycleMult = 2) =>
            Cosine(lrMax, 0).Restart(Duration.Epochs(cycleLen), cycleMult);

        /// <summary>The sweep of fastai's <c>LRFinder</c>; its end value is never used.</summary>
        /// <param name="startLr">Lowest rate. Default 1e-7.</param>
        /// <param name="endLr">Highest rate. Default 10.</param>
        /// <param name="numIt">Steps of the sweep; at least 1. Default 100.</param>
        public static Schedule LRFinder(double startLr = 1e-7, double endLr = 10, long numIt = 100) =>
            Geometric(startLr, endLr).For(Duration.Steps(Require.AtLeast(numIt, 1, nameof(numIt))));
    }
}
