using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>How a learning-rate range test is made.</summary>
public sealed record LearningRateFinderOptions
{
    /// <summary>The rate of the first step. Range: above 0. Default: 1e-6.</summary>
    public double From { get; init => field = Positive(value, nameof(From)); } = 1e-6;

    /// <summary>The rate of the last step. Range: above <see cref="From"/>. Default: 10.</summary>
    public double To { get; init => field = Positive(value, nameof(To)); } = 10;

    /// <summary>Steps of a test; the rate grows by the same factor from each to the next. Range: at least 20. Default: 100.</summary>
    public int Steps { get; init => field = value >= 20 ? value : throw new ArgumentOutOfRangeException(nameof(Steps), value, "Steps must be at least 20."); } = 100;

    /// <summary>Tests with different seeds, so that the spread of the suggestions is seen. Range: at least 1. Default: 3.</summary>
    public int NumberOfSeeds
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(NumberOfSeeds), value, "NumberOfSeeds must be at least 1.");
    } = 3;

    /// <summary>A test ends when its smoothed loss is more than this times the best so far. Range: above 1. Default: 4.</summary>
    public double DivergenceFactor
    {
        get;
        init => field = value > 1 ? value : throw new ArgumentOutOfRangeException(nameof(DivergenceFactor), value, "DivergenceFactor must be above 1.");
    } = 4;

    private static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0 and finite.");
}

/// <summary>A suggested rate and how far the seeds agree on it.</summary>
/// <param name="LearningRate">The median over the seeds.</param>
/// <param name="Lowest">The lowest of the seeds.</param>
/// <param name="Highest">The highest of the seeds.</param>
public readonly record struct RateSuggestion(double LearningRate, double Lowest, double Highest)
{
    internal static RateSuggestion Of(IEnumerable<double> rates)
    {
        double[] sorted = [.. rates.Order()];
        return new RateSuggestion(sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }
}

/// <summary>What a learning-rate range test found.</summary>
public sealed record LearningRateFinderResult
{
    internal LearningRateFinderResult(ValueList<RangeTestCurve> curves)
    {
        Curves = curves;
        RangeTestCurve[] useful = [.. curves.Where(curve => curve.Descends)];
        if (useful.Length * 2 <= curves.Count)
        {
            Refusal = $"The loss falls in {useful.Length} of {curves.Count} tests only, so no rate can be suggested: look at the data, the labels and the normalization first.";
            return;
        }

        Valley = RateSuggestion.Of(useful.Select(curve => curve.Valley));
        Slide = RateSuggestion.Of(useful.Select(curve => curve.Slide));
        Steepest = RateSuggestion.Of(useful.Select(curve => curve.Steepest));
        MinimumTenth = RateSuggestion.Of(useful.Select(curve => curve.MinimumTenth));
    }

    /// <summary>One curve per seed.</summary>
    public ValueList<RangeTestCurve> Curves { get; }

    /// <summary>Why there is no suggestion; null where there are.</summary>
    public string? Refusal { get; }

    /// <summary>See <see cref="RangeTestCurve.Valley"/>; the one to start with. Null where nothing descends.</summary>
    public RateSuggestion? Valley { get; }

    /// <summary>See <see cref="RangeTestCurve.Slide"/>. Null where nothing descends.</summary>
    public RateSuggestion? Slide { get; }

    /// <summary>See <see cref="RangeTestCurve.Steepest"/>. Null where nothing descends.</summary>
    public RateSuggestion? Steepest { get; }

    /// <summary>See <see cref="RangeTestCurve.MinimumTenth"/>. Null where nothing descends.</summary>
    public RateSuggestion? MinimumTenth { get; }
}

/// <summary>
/// Smith's range test: trains a network of its own for a few steps while the rate grows from far too small to far too large. Nothing of it
/// touches the training that follows.
/// </summary>
internal static class LearningRateFinder
{
    /// <summary>The share of the smoothed loss that stays from step to step, as in fastai.</summary>
    private const double Beta = 0.98;

    public static LearningRateFinderResult Find(TrainingRecipe recipe, TrainingTask task, LearningRateFinderOptions options, TrainingControl control)
    {
        if (options.To <= options.From)
            throw new ArgumentException($"The range test must grow, but goes from {options.From} to {options.To}.", nameof(options));
        // What is found is set as the learning rate, which then decides on an optimizer that is left open: the one to test.
        recipe = recipe with { LearningRate = recipe.LearningRate ?? options.From };
        return new LearningRateFinderResult(
            [.. Enumerable.Range(0, options.NumberOfSeeds).Select(index => Test(recipe, task, options, control with { Seed = unchecked(control.Seed + index) }))]);
    }

    private static RangeTestCurve Test(TrainingRecipe recipe, TrainingTask task, LearningRateFinderOptions options, TrainingControl control)
    {
        using var setup = new TrainingSetup(recipe, task, control);
        var rates = new List<double>();
        var smoothedLosses = new List<double>();
        double best = double.PositiveInfinity;
        var mean = new CorrectedMean(Beta);
        for (int step = 0, epoch = 0; step < options.Steps; step++)
        {
            if (step == 0)
                setup.Source.BeginEpoch(epoch);
            while (!setup.Source.TryRead(setup.Batch))
                setup.Source.BeginEpoch(++epoch);
            control.CancellationToken.ThrowIfCancellationRequested();
            control.CheckAlive?.Invoke();

            double rate = options.From * Math.Pow(options.To / options.From, step / (options.Steps - 1.0));
            var sum = setup.Step(setup.Schedules.At(Math.Min(step, setup.Run.TotalSteps - 1)) with { Step = step, LearningRate = rate });
            double loss = sum.Loss / sum.Weight;
            if (!double.IsFinite(loss))
                break;
            double smoothed = mean.Add(loss);
            rates.Add(rate);
            smoothedLosses.Add(smoothed);
            best = Math.Min(best, smoothed);
            if (smoothed > options.DivergenceFactor * best || !setup.IsFinite(sum))
                break;
        }

        return new RangeTestCurve([.. rates], [.. smoothedLosses], options.Steps);
    }
}
