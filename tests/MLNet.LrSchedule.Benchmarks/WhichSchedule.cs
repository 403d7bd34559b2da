using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MathNet.Numerics.Statistics;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// Which schedule for which optimizer: every pair, its initial rate tuned on validation parts, then ten seeds on test parts, on every set of a
/// folder. Prints the tables of docs/which-schedule.md.
/// </summary>
internal static class WhichSchedule
{
    private const int Seeds = 10;
    private const int TuningSeeds = 2;

    private static readonly (string Name, Func<TrainingRecipe, TrainingRecipe> With, double[] Rates)[] Optimizers =
    [
        ("SGD", recipe => recipe, [0.003, 0.01, 0.03, 0.1, 0.3]),
        ("Adam", recipe => recipe with { Optimizer = new Adam() }, [0.0003, 0.001, 0.003, 0.01]),
        ("AdamW", recipe => recipe with { Optimizer = new AdamW() }, [0.0003, 0.001, 0.003, 0.01]),
    ];

    private static readonly (string Name, Func<TrainingRecipe, double, TrainingRecipe> With)[] Schedules =
    [
        ("constant", (recipe, rate) => recipe with { LearningRate = rate }),
        ("time-based", (recipe, rate) => recipe with { LearningRate = Schedule.TimeBased(rate, 9.0 / recipe.NumberOfEpochs!.Value) }),
        ("step", (recipe, rate) => recipe with { LearningRate = Schedule.StepDecay(rate, 0.5, Epochs(recipe.NumberOfEpochs!.Value / 6.0)) }),
        ("cosine", (recipe, rate) => recipe with { LearningRate = Schedule.Cosine(rate, 0) }),
        ("one-cycle", (recipe, rate) => recipe with { LearningRate = Schedule.OneCycle(rate) }),
        ("warmup-stable-decay", (recipe, rate) => recipe with { LearningRate = Schedule.WarmupStableDecay(rate) }),
        ("plateau", (recipe, rate) => recipe with { LearningRate = rate, ReactiveSchedule = new ReduceOnPlateau { Factor = 0.3, Patience = 3 } }),
    ];

    private static IEnumerable<Pair> Pairs =>
    [
        .. from optimizer in Optimizers
           from schedule in Schedules
           select new Pair(optimizer.Name, schedule.Name, optimizer.Rates, (recipe, rate) => schedule.With(optimizer.With(recipe), rate)),
        new("schedule-free SGD", "none", [0.03, 0.1, 0.3, 1], (recipe, rate) => recipe with { Optimizer = new ScheduleFreeSgd(), LearningRate = rate }),
        new("schedule-free AdamW", "none", [0.0003, 0.001, 0.003, 0.01], (recipe, rate) => recipe with { Optimizer = new ScheduleFreeAdamW(), LearningRate = rate }),
    ];

    public static int Run(string[] arguments)
    {
        if (arguments is not ["--data", var folder, ..])
        {
            Console.Error.WriteLine("which-schedule needs --data DIR, a folder of CSV files whose last column is the label.");
            return 2;
        }

        TabularSet[] sets = [.. Directory.GetFiles(folder, "*.csv").Where(path => Path.GetFileName(path) != "manifest.csv").Select(TabularSet.Read).OrderBy(set => set.RowCount)];
        var pairs = Pairs.ToArray();
        var results = new ConcurrentDictionary<(string Set, Pair Pair), Result>();
        foreach (var set in sets)
        {
            Parallel.ForEach(pairs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, pair => results[(set.Name, pair)] = Measure(set, pair));
            Console.Error.WriteLine($"{set.Name}: {set.RowCount} rows done");
        }

        Print(sets, pairs, results);
        return 0;
    }

    private static Result Measure(TabularSet set, Pair pair)
    {
        double rate = pair.Rates.MinBy(rate => Enumerable.Range(1001, TuningSeeds).Average(seed => Loss(set, pair, rate, seed, onTest: false)));
        double[] losses = [.. Enumerable.Range(1, Seeds).Select(seed => Loss(set, pair, rate, seed, onTest: true))];
        // A seed that diverges makes the mean infinite, and the pair the last of its set.
        return new Result(rate, losses.Average(), 2.262 * losses.StandardDeviation() / Math.Sqrt(Seeds));
    }

    private static double Loss(TabularSet set, Pair pair, double rate, int seed, bool onTest)
    {
        var (training, validation, test) = set.Split(seed);
        var recipe = new TrainingRecipe
        {
            // The features are prepared by the set.
            FeatureScaling = FeatureScaling.None,
            NumericEncoding = NumericEncoding.None,
            HiddenLayers = [64],
            BatchSize = set.RowCount > 2000 ? 128 : 32,
            NumberOfEpochs = set.RowCount > 20000 ? 10 : set.RowCount > 2000 ? 30 : 60,
            ReturnedWeights = ReturnedWeights.Last,
        };
        try
        {
            var trained = Trainer.Train(
                pair.With(recipe, rate), new TrainingTask(set.Loss, set.Outputs, training, validation), new TrainingControl { Seed = seed });
            return onTest ? TestLoss(set, trained.Network, test) : trained.History.Epochs[^1].ValidationLoss!.Value;
        }
        catch (InvalidOperationException)
        {
            // A rate that diverges has lost the tuning.
            return double.PositiveInfinity;
        }
    }

    private static double TestLoss(TabularSet set, MlpNetwork network, TrainingData test)
    {
        using var kernels = new KernelContext();
        var source = new MemoryBatchSource(test, [.. Enumerable.Range(0, test.RowCount)], 256, shuffleSeed: null);
        var evaluation = new Evaluation(source, new Batch(256, test.FeatureCount, hasWeights: false), Workspace.ForEvaluation(network, kernels, 256), set.Loss);
        var sum = evaluation.Measure(network);
        return sum.Loss / sum.Weight;
    }

    private static void Print(TabularSet[] sets, Pair[] pairs, IReadOnlyDictionary<(string, Pair), Result> results)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        double Rank(TabularSet set, Pair pair) => pairs.Count(other => results[(set.Name, other)].Mean < results[(set.Name, pair)].Mean) + 1;
        double Relative(TabularSet set, Pair pair) => results[(set.Name, pair)].Mean / results[(set.Name, pairs.First(other => other.Optimizer == pair.Optimizer))].Mean - 1;

        Console.WriteLine("| optimizer | schedule | mean rank | median change against its constant rate | better than its constant rate on |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: |");
        foreach (var pair in pairs.OrderBy(pair => sets.Average(set => Rank(set, pair))))
        {
            bool isReference = pair.Schedule is "constant" or "none";
            string change = isReference ? "" : $"{sets.Select(set => Relative(set, pair)).Median():+0.0 %;-0.0 %}", better = isReference ? "" : $"{sets.Count(set => Relative(set, pair) < 0)} of {sets.Length}";
            Console.WriteLine($"| {pair.Optimizer} | {pair.Schedule} | {sets.Average(set => Rank(set, pair)):F1} | {change} | {better} |");
        }

        foreach (var set in sets)
        {
            Console.WriteLine($"\n### {set.Name} ({set.RowCount:N0} rows)\n\n| optimizer | schedule | tuned rate | test loss | 95 % interval |\n| --- | --- | ---: | ---: | ---: |");
            foreach (var pair in pairs.OrderBy(pair => results[(set.Name, pair)].Mean))
            {
                var result = results[(set.Name, pair)];
                string loss = double.IsFinite(result.Mean) ? $"{result.Mean:F4} | ±{result.Interval:F4}" : "a seed diverged | ";
                Console.WriteLine($"| {pair.Optimizer} | {pair.Schedule} | {result.Rate} | {loss} |");
            }
        }
    }

    private sealed record Pair(string Optimizer, string Schedule, double[] Rates, Func<TrainingRecipe, double, TrainingRecipe> With);

    private sealed record Result(double Rate, double Mean, double Interval);
}
