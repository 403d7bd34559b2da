using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using MathNet.Numerics.Statistics;
using Microsoft.ML;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// Default options against the default options of ML.NET's own trainers: random 70/30 splits of every set of a folder, the same preprocessing
/// for all; prints log-loss (in nats) or root mean squared error, AUC, accuracy or R², seconds, and ranks.
/// </summary>
internal static class TrainerComparison
{
    private const string Ours = "Mlp";
    private const string Reference = "LightGBM";

    private static readonly string[] _trainers = [Ours, Reference, "FastTree", "FastForest", "SDCA", "L-BFGS"];

    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is not ["--data", var folder, ..])
        {
            Console.Error.WriteLine("compare needs --data DIR, a folder of CSV files whose last column is the label; then, as wanted, --sets NAME,NAME and --splits N.");
            return 2;
        }

        string? Option(string name) => Array.IndexOf(arguments, name) is >= 0 and int at && at + 1 < arguments.Length ? arguments[at + 1] : null;
        string[]? wanted = Option("--sets")?.Split(',');
        int splits = int.Parse(Option("--splits") ?? "5", CultureInfo.InvariantCulture);
        string[] trainers = Option("--trainers")?.Split(',') ?? _trainers;

        MLContext context = new(1);
        string[] paths = [.. Directory.GetFiles(folder, "*.csv").Where(path => Path.GetFileName(path) != "manifest.csv")
            .Where(path => wanted is null || wanted.Contains(Path.GetFileNameWithoutExtension(path)))];
        ComparedSet[] sets = [.. paths.Select(path => ComparedSet.Read(context, path)).OrderBy(set => set.Task).ThenBy(set => set.RowCount)];
        Dictionary<(string Set, string Trainer), Outcome> outcomes = [];
        foreach (ComparedSet set in sets)
        {
            foreach (string trainer in trainers)
            {
                outcomes[(set.Name, trainer)] = Outcome.Mean([.. Enumerable.Range(1, splits).Select(split => Measure(set, trainer, split))]);
                Console.Error.WriteLine($"{set.Name} {trainer} {outcomes[(set.Name, trainer)]}");
            }
        }

        Print(sets, trainers, outcomes);
        return 0;
    }

    private static Outcome Measure(ComparedSet set, string trainer, int split)
    {
        MLContext context = new(split);
        DataOperationsCatalog.TrainTestData parts = context.Data.TrainTestSplit(set.Data, testFraction: 0.3, seed: split);
        ITransformer preprocessing = set.Preprocessing().Fit(parts.TrainSet);
        IDataView training = context.Data.Cache(preprocessing.Transform(parts.TrainSet)), test = preprocessing.Transform(parts.TestSet);
        Stopwatch clock = Stopwatch.StartNew();
        ITransformer model = Estimator(context, set.Task, trainer).Fit(training);
        double seconds = clock.Elapsed.TotalSeconds;
        IDataView scored = model.Transform(test);
        switch (set.Task)
        {
            case ComparedTask.Binary:
                var binary = context.BinaryClassification.Evaluate(scored);
                // ML.NET gives the log-loss of two classes in bits, of more classes in nats.
                return new Outcome(binary.LogLoss * Math.Log(2), binary.AreaUnderRocCurve, seconds, seconds);
            case ComparedTask.Multiclass:
                var multiclass = context.MulticlassClassification.Evaluate(scored);
                return new Outcome(multiclass.LogLoss, multiclass.MicroAccuracy, seconds, seconds);
            default:
                var regression = context.Regression.Evaluate(scored);
                return new Outcome(regression.RootMeanSquaredError, regression.RSquared, seconds, seconds);
        }
    }

    private static IEstimator<ITransformer> Estimator(MLContext context, ComparedTask task, string trainer)
    {
        var binary = context.BinaryClassification;
        var multiclass = context.MulticlassClassification;
        return (task, trainer) switch
        {
            (ComparedTask.Binary, Ours) => binary.Trainers.Mlp(),
            (ComparedTask.Binary, Reference) => binary.Trainers.LightGbm(),
            (ComparedTask.Binary, "FastTree") => binary.Trainers.FastTree(),
            // The one that gives no probabilities of its own.
            (ComparedTask.Binary, "FastForest") => binary.Trainers.FastForest().Append(binary.Calibrators.Platt()),
            (ComparedTask.Binary, "SDCA") => binary.Trainers.SdcaLogisticRegression(),
            (ComparedTask.Binary, "L-BFGS") => binary.Trainers.LbfgsLogisticRegression(),
            (ComparedTask.Multiclass, Ours) => multiclass.Trainers.Mlp(),
            (ComparedTask.Multiclass, Reference) => multiclass.Trainers.LightGbm(),
            (ComparedTask.Multiclass, "FastTree") => multiclass.Trainers.OneVersusAll(binary.Trainers.FastTree()),
            (ComparedTask.Multiclass, "FastForest") => multiclass.Trainers.OneVersusAll(binary.Trainers.FastForest()),
            (ComparedTask.Multiclass, "SDCA") => multiclass.Trainers.SdcaMaximumEntropy(),
            (ComparedTask.Multiclass, "L-BFGS") => multiclass.Trainers.LbfgsMaximumEntropy(),
            (ComparedTask.Regression, Ours) => context.Regression.Trainers.Mlp(),
            (ComparedTask.Regression, Reference) => context.Regression.Trainers.LightGbm(),
            (ComparedTask.Regression, "FastTree") => context.Regression.Trainers.FastTree(),
            (ComparedTask.Regression, "FastForest") => context.Regression.Trainers.FastForest(),
            (ComparedTask.Regression, "SDCA") => context.Regression.Trainers.Sdca(),
            (ComparedTask.Regression, "L-BFGS") => context.Regression.Trainers.LbfgsPoissonRegression(),
            _ => throw new ArgumentException($"There is no trainer {trainer}; there are {string.Join(", ", _trainers)}."),
        };
    }

    private static void Print(ComparedSet[] sets, string[] trainers, IReadOnlyDictionary<(string Set, string Trainer), Outcome> outcomes)
    {
        // ML.NET's log-loss is no number where a probability of exactly zero was wrong: the worst there is.
        double Loss(ComparedSet set, string trainer) => outcomes[(set.Name, trainer)].Loss is var loss && double.IsNaN(loss) ? double.PositiveInfinity : loss;
        double Rank(ComparedSet set, string trainer) => 1 + trainers.Count(other => Loss(set, other) < Loss(set, trainer));

        foreach (IGrouping<ComparedTask, ComparedSet> task in sets.GroupBy(set => set.Task))
        {
            string second = task.Key switch { ComparedTask.Binary => "AUC", ComparedTask.Multiclass => "accuracy", _ => "R²" };
            Console.WriteLine($"\n{task.Key}: {(task.Key == ComparedTask.Regression ? "root mean squared error" : "log-loss")} ({second})\n");
            Console.WriteLine($"| set | rows | {string.Join(" | ", trainers)} |");
            Console.WriteLine($"| --- | ---: |{string.Concat(trainers.Select(_ => " ---: |"))}");
            foreach (ComparedSet set in task)
            {
                Console.WriteLine($"| {set.Name} | {set.RowCount:N0} | {string.Join(" | ", trainers.Select(trainer => outcomes[(set.Name, trainer)]))} |");
            }
        }

        Console.WriteLine("\n| trainer | average rank, all | log-loss | error | longest training, s |\n| --- | ---: | ---: | ---: | ---: |");
        ComparedSet[] classified = [.. sets.Where(set => set.Task != ComparedTask.Regression)], regressed = [.. sets.Except(classified)];
        foreach (string trainer in trainers.OrderBy(trainer => sets.Average(set => Rank(set, trainer))))
        {
            string Average(ComparedSet[] of) => of.Length == 0 ? "" : $"{of.Average(set => Rank(set, trainer)):F2}";
            Console.WriteLine($"| {trainer} | {Average(sets)} | {Average(classified)} | {Average(regressed)} | {sets.Max(set => outcomes[(set.Name, trainer)].Longest):F1} |");
        }

        if (trainers.Contains(Ours) && trainers.Contains(Reference))
        {
            string behind = string.Join(", ", sets.Select(set => $"{set.Name} {Loss(set, Ours) / Loss(set, Reference) - 1:+0.0 %;-0.0 %}"));
            Console.WriteLine($"\n{Ours} against {Reference} (negative is better): {behind}");
        }
    }

    /// <summary>One training, or the mean of several.</summary>
    private sealed record Outcome(double Loss, double Second, double Seconds, double Longest)
    {
        public static Outcome Mean(Outcome[] outcomes) => new(
            outcomes.Select(outcome => outcome.Loss).Mean(),
            outcomes.Select(outcome => outcome.Second).Mean(),
            outcomes.Select(outcome => outcome.Seconds).Mean(),
            outcomes.Max(outcome => outcome.Longest));

        public override string ToString() => $"{Loss:F4} ({Second:F3})";
    }
}
