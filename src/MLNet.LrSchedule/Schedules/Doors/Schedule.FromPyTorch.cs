using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>PyTorch's schedulers under PyTorch's names, with its parameters, defaults and edge behaviour.</summary>
    /// <remarks>
    /// <para>PyTorch counts calls of <c>scheduler.step()</c>. Here <c>per</c> says how often that is: once an epoch unless said otherwise, <c>Duration.Steps(1)</c> for once a batch;
    /// the rate holds between two calls. <c>OneCycleLR</c> and <c>CyclicLR</c>, which PyTorch documents per batch, count steps.</para>
    /// <para>The rates are closed forms, so a change from outside does not persist as it would there.</para>
    /// </remarks>
    public static partial class FromPyTorch
    {
        /// <summary>PyTorch's <c>ConstantLR</c>: the rate times a factor for some time, and then the rate.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="factor">The factor; from 0 to 1. Default 1/3. (PyTorch divides by zero for 0.)</param>
        /// <param name="totalIters">Calls for which it holds. Default 5.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule ConstantLR(double lr, double factor = 1.0 / 3, long totalIters = 5, Duration? per = null) =>
            ConstantFactor(lr, Require.UnitInterval(factor, nameof(factor)), Calls(totalIters, per));

        /// <summary>PyTorch's <c>LinearLR</c>: a line between two factors, reached exactly after <paramref name="totalIters"/> calls.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="startFactor">First factor; from 0 to 1. Default 1/3.</param>
        /// <param name="endFactor">Last factor; from 0 to 1. Default 1.</param>
        /// <param name="totalIters">Calls until the last factor. Default 5.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule LinearLR(double lr, double startFactor = 1.0 / 3, double endFactor = 1, long totalIters = 5, Duration? per = null) =>
            Held(
                Linear(lr * Require.UnitInterval(startFactor, nameof(startFactor)), lr * Require.UnitInterval(endFactor, nameof(endFactor))).For(Calls(totalIters, per)),
                per);

        /// <summary>PyTorch's <c>ExponentialLR</c>: <c>lr gamma^n</c>.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="gamma">Factor of every call; at least 0. (PyTorch alternates signs below 0.)</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule ExponentialLR(double lr, double gamma, Duration? per = null) => StepDecay(lr, gamma, Calls(1, per));

        /// <summary>PyTorch's <c>StepLR</c>.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="stepSize">Calls between drops; at least 1.</param>
        /// <param name="gamma">Factor of each drop. Default 0.1.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule StepLR(double lr, long stepSize, double gamma = 0.1, Duration? per = null) => StepDecay(lr, gamma, Calls(stepSize, per));

        /// <summary>PyTorch's <c>MultiStepLR</c>: in force at its milestones, in any order; a repeated milestone drops twice, one at 0 applies from the start.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="milestones">Calls at which the rate drops.</param>
        /// <param name="gamma">Factor of each drop. Default 0.1.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule MultiStepLR(double lr, IEnumerable<long> milestones, double gamma = 0.1, Duration? per = null) =>
            MultiStep(lr, gamma, [.. milestones.Order().Select(milestone => Calls(milestone, per))]);

        /// <summary>PyTorch's <c>LambdaLR</c>: <c>lr lambda(n)</c>. It cannot be saved.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="lrLambda">The factor after n calls.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule LambdaLR(double lr, Func<long, double> lrLambda, Duration? per = null)
        {
            ArgumentNullException.ThrowIfNull(lrLambda);
            var unit = Calls(1, per);
            return Custom(time => lr * lrLambda(time.Count(unit)));
        }

        /// <summary>PyTorch's <c>MultiplicativeLR</c>: <c>rate(n) = rate(n - 1) lambda(n)</c>, first at n = 1. It cannot be saved.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="lrLambda">The factor of call n.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule MultiplicativeLR(double lr, Func<long, double> lrLambda, Duration? per = null)
        {
            ArgumentNullException.ThrowIfNull(lrLambda);
            return Recurrence(lr, (n, rate) => rate * lrLambda(n), Calls(1, per));
        }

        /// <summary>PyTorch's <c>PolynomialLR</c>: down to 0.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="totalIters">Calls until 0. Default 5.</param>
        /// <param name="power">Exponent of the remaining share. Default 1.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule PolynomialLR(double lr, long totalIters = 5, double power = 1, Duration? per = null) =>
            Held(Polynomial(lr, 0, power).For(Calls(totalIters, per)), per);

        /// <summary>PyTorch's <c>CosineAnnealingLR</c>: after <paramref name="tMax"/> calls it rises again.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="tMax">Calls until the minimum; at least 1.</param>
        /// <param name="etaMin">The minimum. Default 0.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule CosineAnnealingLR(double lr, long tMax, double etaMin = 0, Duration? per = null) =>
            Held(CosineWave(lr, etaMin, Calls(tMax, per)), per);

        /// <summary>PyTorch's <c>CosineAnnealingWarmRestarts</c>.</summary>
        /// <param name="lr">The optimizer's rate.</param>
        /// <param name="t0">Calls of the first cycle; at least 1.</param>
        /// <param name="tMult">Length of each cycle relative to the one before; at least 1. Default 1.</param>
        /// <param name="etaMin">The minimum. Default 0.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        /// <remarks>
        /// Called with fractional epochs after every batch, as PyTorch also allows, it is <c>Schedule.Cosine(lr, etaMin).Restart(Epochs(t0), tMult)</c>.
        /// </remarks>
        public static Schedule CosineAnnealingWarmRestarts(double lr, long t0, int tMult = 1, double etaMin = 0, Duration? per = null) =>
            Held(Cosine(lr, etaMin).Restart(Calls(t0, per), Require.AtLeast(tMult, 1, nameof(tMult))), per);

        /// <summary>PyTorch's <c>SequentialLR</c>: each part starts its own clock, and from its own base rate, at its milestone.</summary>
        /// <param name="schedulers">The parts.</param>
        /// <param name="milestones">Calls at which the next part takes over, rising; one fewer than parts.</param>
        /// <param name="per">Time between calls, the same as that of the parts. Default one epoch.</param>
        /// <remarks>
        /// A <c>MultiplicativeLR</c> goes on from the rate in force instead, as in PyTorch. Milestones at 0 or repeated ones, which PyTorch counts wrongly, are refused.
        /// </remarks>
        public static Schedule SequentialLR(IReadOnlyList<Schedule> schedulers, IReadOnlyList<long> milestones, Duration? per = null)
        {
            ArgumentNullException.ThrowIfNull(schedulers);
            ArgumentNullException.ThrowIfNull(milestones);
            if (schedulers.Count != milestones.Count + 1 || milestones.Count == 0)
            {
                throw new ArgumentException($"{schedulers.Count} schedulers need {schedulers.Count - 1} milestones, at least one.", nameof(milestones));
            }

            var phases = new List<Phase>();
            var part = schedulers[0];
            for (var index = 0; index < milestones.Count; index++)
            {
                var length = Require.AtLeast(milestones[index] - (index == 0 ? 0 : milestones[index - 1]), 1, nameof(milestones));
                phases.Add(part.For(Calls(length, per)));
                part = schedulers[index + 1] is CustomRecurrence recurrence
                    ? recurrence with { Initial = LastRate(phases[^1], length, per) }
                    : schedulers[index + 1];
            }

            return new Sequence([.. phases], part);
        }

        /// <summary>PyTorch's <c>ChainedScheduler</c>: the changes of all parts, applied in turn to one current rate.</summary>
        /// <param name="lr">The optimizer's rate, that of every part.</param>
        /// <param name="schedulers">The parts.</param>
        /// <param name="per">Time between calls, the same as that of the parts. Default one epoch.</param>
        /// <remarks>With a <c>CosineAnnealingLR</c> whose <c>etaMin</c> is not 0 this is no product: see <see cref="Chain"/>.</remarks>
        public static Schedule ChainedScheduler(double lr, IReadOnlyList<Schedule> schedulers, Duration? per = null)
        {
            ArgumentNullException.ThrowIfNull(schedulers);
            return new Chain(lr, [.. schedulers.Select(scheduler => Link(lr, scheduler))], Calls(1, per));
        }

        /// <summary>PyTorch's <c>swa_utils.SWALR</c>: from the rate in force to <paramref name="swaLr"/>, and then constant.</summary>
        /// <param name="lr">The rate in force.</param>
        /// <param name="swaLr">The rate it leads to, higher or lower.</param>
        /// <param name="annealEpochs">Calls of the way; 0 is at once. Default 10.</param>
        /// <param name="annealStrategy">Shape of the way. Default cosine.</param>
        /// <param name="per">Time between calls. Default one epoch.</param>
        public static Schedule SWALR(double lr, double swaLr, long annealEpochs = 10, Annealing annealStrategy = Annealing.Cosine, Duration? per = null) =>
            Held(AnnealToConstant(lr, swaLr, Calls(annealEpochs, per), annealStrategy), per);

        /// <summary>PyTorch's <c>ReduceLROnPlateau</c>.</summary>
        /// <param name="metric">The metric; null for <see cref="Metric.Loss"/>. It brings PyTorch's <c>mode</c> along.</param>
        /// <param name="factor">What the rate is multiplied by. Default 0.1.</param>
        /// <param name="patience">Bad epochs that are tolerated; a reduction comes when there are more. Default 10.</param>
        /// <param name="threshold">How much better than the best. Default 0.0001.</param>
        /// <param name="thresholdIsRelative">
        /// Whether the threshold is a share of the best, PyTorch's <c>threshold_mode</c>. Default true; for a negative best its bar then lies on the wrong side, as in PyTorch.
        /// </param>
        /// <param name="cooldown">Epochs after a reduction that are ignored. Default 0.</param>
        /// <param name="minLr">The rate is never lowered below this. Default 0.</param>
        /// <param name="eps">A reduction by no more than this is skipped. Default 1e-8.</param>
        /// <remarks>In PyTorch an infinity in the better direction becomes the best for ever. That defect is not imitated.</remarks>
        public static ReduceOnPlateau ReduceLROnPlateau(
            Metric? metric = null,
            double factor = 0.1,
            int patience = 10,
            double threshold = 1e-4,
            bool thresholdIsRelative = true,
            int cooldown = 0,
            double minLr = 0,
            double eps = 1e-8) => new()
            {
                Metric = metric ?? Metric.Loss,
                Factor = factor,
                Patience = patience,
                PatienceRule = PatienceRule.Exceeded,
                MinDelta = thresholdIsRelative ? 0 : threshold,
                MinRelativeDelta = thresholdIsRelative ? threshold : 0,
                RelativeToSignedBest = true,
                Cooldown = cooldown,
                MinRate = minLr,
                MinReduction = eps,
            };

        private static Duration Calls(long count, Duration? per) => (per ?? Duration.Epochs(1)) * count;

        // Between two calls nothing moves. Once a step there is no between.
        private static Schedule Held(Schedule smooth, Duration? per) => per == Duration.Steps(1) ? smooth : smooth.Staircase(per ?? Duration.Epochs(1));

        // The rate of the last call of a part that takes the given number of calls, in a run where a call is a step.
        private static double LastRate(Phase part, long calls, Duration? per)
        {
            var run = new TrainingRun(Math.Max(calls, 1), 1);
            return part.At(run.At(0).AtStep((calls - 1) * Calls(1, per).InSteps(run)));
        }

        private static ChainLink Link(double lr, Schedule scheduler)
        {
            var wave = scheduler is Staircase staircase ? staircase.Inner : scheduler;
            return wave is CosineWave { To: not 0 } cosine
                ? new ChainLink(Held(CosineWave(1, 0, cosine.Every), (scheduler as Staircase)?.Every ?? Duration.Steps(1)), cosine.To)
                : new ChainLink(lr == 0 ? scheduler : scheduler * (1 / lr));
        }
    }
}
