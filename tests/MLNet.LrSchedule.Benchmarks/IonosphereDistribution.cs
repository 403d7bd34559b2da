using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using MathNet.Numerics.Statistics;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// The tutorial's experiments over many seeds, beside the distribution that a PyTorch implementation of the same experiments gave over
/// 300 seeds, with the difference in standard errors.
/// </summary>
internal static class IonosphereDistribution
{
    private static readonly TrainingRecipe Tutorial = new()
    {
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers = [34],
        Activation = Activation.Relu,
        WeightInitializer = WeightInitializer.Normal(0.05),
        BatchSize = 28,
        NumberOfEpochs = 50,
        ValidationSetFraction = 0.33,
        ValidationSelection = ValidationSelection.Tail,
    };

    private static readonly (string Name, TrainingRecipe Recipe, Reference Torch)[] Experiments =
    [
        ("baseline, no momentum", Tutorial with { LearningRate = 0.1, Momentum = 0.0 }, new(0.1638, 0.0296, MeanAccuracy: 0.9587)),
        ("time-based per step", Tutorial with { LearningRate = Schedule.TimeBased(0.1, 0.002, per: Steps(1)), Momentum = 0.8 }, new(0.0726, 0.0076, Share: 0.72)),
        ("time-based compounding", Tutorial with { LearningRate = Schedule.TimeBasedCompounding(0.1, 0.002), Momentum = 0.8 }, new(0.0820, 0.0047, Share: 0.70)),
        ("drop-based", Tutorial with { LearningRate = Schedule.StepDecay(0.1, 0.5, every: Epochs(10), offset: Epochs(1)), Momentum = 0.9 }, new(0.0697, 0.0055, Share: 0.82)),
        ("constant, momentum 0.9", Tutorial with { LearningRate = 0.1, Momentum = 0.9 }, new(0.0683, 0.0191, Share: 0.44)),
    ];

    public static int Run(string[] arguments)
    {
        int seeds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 300;
        var data = Load();
        Console.WriteLine("experiment               median   mean     share   (torch)  mean loss (sd)       (torch)          errors  ms/run");
        foreach (var (name, recipe, torch) in Experiments)
        {
            var last = new List<EpochRecord>();
            var times = new List<double>();
            foreach (int seed in Enumerable.Range(1, seeds))
            {
                var clock = Stopwatch.StartNew();
                var trained = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, data), new TrainingControl { Seed = seed });
                times.Add(clock.Elapsed.TotalMilliseconds);
                last.Add(trained.History.Epochs[^1]);
            }

            double[] accuracies = [.. last.Select(epoch => epoch.ValidationAccuracy!.Value)], losses = [.. last.Select(epoch => epoch.ValidationLoss!.Value)];
            double share = accuracies.Count(accuracy => accuracy > 114.5 / 116) / (double)seeds;
            double error = Math.Sqrt((Math.Pow(torch.LossDeviation, 2) / 300) + (losses.Variance() / seeds));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-24} {accuracies.Median():P2}  {accuracies.Mean():P2}  {share:F3}   {(torch.Share is { } s ? $"{s:F2}" : "-"),4}     " +
                $"{losses.Mean():F4} ({losses.StandardDeviation():F4})     {torch.Loss:F4} ({torch.LossDeviation:F4})  {(losses.Mean() - torch.Loss) / error,5:F2}   {times.Median():F2}"));
        }

        return 0;
    }

    private static TrainingData Load()
    {
        var builder = new TrainingDataBuilder(34, hasWeights: false);
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "ionosphere.csv")))
        {
            string[] fields = line.Split(',');
            float[] features = [.. fields[..34].Select(field => float.Parse(field, CultureInfo.InvariantCulture))];
            builder.Add(features, fields[34] == "g" ? 1f : 0f, 1f);
        }

        return builder.Build();
    }

    private sealed record Reference(double Loss, double LossDeviation, double? Share = null, double? MeanAccuracy = null);
}
