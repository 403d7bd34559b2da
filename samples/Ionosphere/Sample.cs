using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML;
using MLNet.LrSchedule.Charts;
using MLNet.LrSchedule.Training;
using Spectre.Console;

namespace MLNet.LrSchedule.Samples.Ionosphere;

/// <summary>What the command line asks for.</summary>
internal sealed record SampleSettings(string DataPath, string OutputFolder, int Seeds, bool Verbose);

/// <summary>A prediction as ML.NET's prediction engine fills it.</summary>
internal sealed class SignalPrediction
{
    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }
}

/// <summary>The whole sample, in the order in which it prints.</summary>
internal static class Sample
{
    public static void Run(SampleSettings settings)
    {
        int rows = IonosphereData.Check(settings.DataPath);
        var ml = new MLContext(seed: 7);
        var data = IonosphereData.Load(ml, settings.DataPath);
        var runner = new ExperimentRunner(ml, data);
        Console.WriteLine($"{rows} rows from {settings.DataPath}; the last third validates.");

        var first = Experiment.All.Select(experiment => (experiment, Run: RunOnce(runner, experiment, settings.Verbose))).ToArray();
        var results = RunSeeds(runner, settings.Seeds);
        AnsiConsole.Write(ResultTable.Build(results));

        Directory.CreateDirectory(settings.OutputFolder);
        string chart = Path.Combine(settings.OutputFolder, "training.svg");
        TrainingChart.Save(chart, [.. first.Select(item => new TrainingRunHistory(item.experiment.Name, item.Run.History))]);
        Console.WriteLine($"Learning rate, loss and accuracy by epoch: {chart}");

        var best = results.SelectMany(result => result.Runs).MaxBy(run => (run.ValidationAccuracy, -run.ValidationLoss))!;
        SaveAndPredict(ml, data, best, Path.Combine(settings.OutputFolder, "ionosphere.zip"));
    }

    private static RunResult RunOnce(ExperimentRunner runner, Experiment experiment, bool verbose)
    {
        var result = AnsiConsole.Console.Profile.Capabilities.Interactive && !verbose
            ? AnsiConsole.Progress().AutoClear(true).Start(context =>
            {
                var task = context.AddTask(experiment.Name, maxValue: experiment.Options.NumberOfEpochs!.Value);
                return runner.Run(experiment, seed: 7, new LineProgress(epoch =>
                {
                    task.Description = $"{experiment.Name}: {Describe(epoch)}";
                    task.Value = epoch.Epoch + 1;
                }));
            })
            : runner.Run(experiment, seed: 7, verbose ? new LineProgress(epoch => Console.WriteLine($"{experiment.Name}: {Describe(epoch)}")) : null);
        Console.WriteLine($"{experiment.Name}: {Describe(result.History.Epochs[^1])}");
        return result;
    }

    private static List<(Experiment Experiment, IReadOnlyList<RunResult> Runs)> RunSeeds(ExperimentRunner runner, int seeds)
    {
        var results = new List<(Experiment, IReadOnlyList<RunResult>)>();
        AnsiConsole.Progress().AutoClear(true).Start(context =>
        {
            foreach (var experiment in Experiment.All)
            {
                var task = context.AddTask($"{experiment.Name}, {seeds} seeds", maxValue: seeds);
                results.Add((experiment, runner.RunSeeds(experiment, seeds, () => task.Increment(1))));
            }
        });
        return results;
    }

    private static void SaveAndPredict(MLContext ml, IDataView data, RunResult best, string path)
    {
        ml.Model.Save(best.Model, data.Schema, path);
        var loaded = ml.Model.Load(path, out _);
        using var engine = ml.Model.CreatePredictionEngine<Signal, SignalPrediction>(loaded);
        var signal = ml.Data.CreateEnumerable<Signal>(data, reuseRowObject: false).First();
        var prediction = engine.Predict(signal);
        Console.WriteLine($"The best model, saved and loaded again: {path}");
        Console.WriteLine(
            $"Its prediction for the first row (really {(signal.Class == "g" ? "good" : "bad")}): " +
            $"{(prediction.PredictedLabel ? "good" : "bad")} with probability {prediction.Probability:F3} of good.");
    }

    private static string Describe(EpochRecord epoch) =>
        $"epoch {epoch.Epoch + 1}, learning rate {epoch.LearningRate:G5}, loss {epoch.TrainingLoss:F4}, accuracy {ResultTable.Percent(epoch.TrainingAccuracy!.Value)}, " +
        $"validation loss {epoch.ValidationLoss:F4}, validation accuracy {ResultTable.Percent(epoch.ValidationAccuracy!.Value)}";

    /// <summary>Reports at once and in order; <see cref="Progress{T}"/> would post to another thread.</summary>
    private sealed class LineProgress(Action<EpochRecord> report) : IProgress<EpochRecord>
    {
        public void Report(EpochRecord value) => report(value);
    }
}
