using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using MLNet.LrSchedule.Benchmarks.Peers;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// What staying sparse is worth: epochs over rows that are stored sparse beside epochs over the same rows made dense, in turns, into 64 hidden units.
/// Run by <c>-- sparse [rounds]</c> for rows like one-hot columns, by <c>-- sparse density [rounds]</c> for where the two forms meet, and by
/// <c>-- sparse threads [rounds]</c> for what two threads are worth.
/// </summary>
internal static class SparseRowsBenchmark
{
    public static int Run(string[] arguments)
    {
        bool byDensity = arguments is ["density", ..], byThreads = arguments is ["threads", ..];
        int rounds = arguments.Length > (byDensity || byThreads ? 1 : 0) ? int.Parse(arguments[^1], CultureInfo.InvariantCulture) : 5;
        if (byThreads)
        {
            Console.WriteLine("columns units batch optimizer  one thread ms  two ms  ratio (medians of the second epochs of turns)");
            foreach (int columns in new[] { 2_000, 20_000 })
            {
                foreach (int units in new[] { 64, 256 })
                {
                    foreach (int batchSize in new[] { 32, 256, 1024 })
                    {
                        CompareThreads(columns, units, batchSize, new Sgd(), rounds);
                        CompareThreads(columns, units, batchSize, new AdamW(), rounds);
                    }
                }
            }

            return 0;
        }

        Console.WriteLine("  rows columns non-zeros batch  dense ms  sparse ms  ratio (medians of the second epochs of turns)");
        if (!byDensity)
        {
            foreach (int batchSize in new[] { 32, 256, 1024, 4096 })
                Compare(20_000, 2_000, 40, batchSize, rounds);
            return 0;
        }

        foreach (int columns in new[] { 32, 64, 128, 512, 2_000 })
        {
            foreach (int share in new[] { 32, 16, 8, 4, 2 })
                Compare(Math.Min(20_000, 10_000_000 / columns), columns, Math.Max(1, columns / share), 256, rounds);
        }

        return 0;
    }

    private static void Compare(int rows, int columns, int nonZeros, int batchSize, int rounds)
    {
        var recipe = Recipe(64, batchSize, new Sgd());
        using var dense = Setup(recipe, new DenseFeaturesBuilder(columns, rows), rows, nonZeros);
        using var sparse = Setup(recipe, new SparseFeaturesBuilder(columns), rows, nonZeros);
        var (denseTime, sparseTime) = InTurns(dense, sparse, rounds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rows,6} {columns,7} {nonZeros,9} {batchSize,5} {denseTime,9:F1} {sparseTime,10:F1} {denseTime / sparseTime,6:F1}"));
    }

    private static void CompareThreads(int columns, int units, int batchSize, Optimizer optimizer, int rounds)
    {
        var recipe = Recipe(units, batchSize, optimizer);
        using var one = Setup(recipe, new SparseFeaturesBuilder(columns), 20_000, 40);
        using var two = Setup(recipe, new SparseFeaturesBuilder(columns), 20_000, 40, threads: 2);
        var (oneTime, twoTime) = InTurns(one, two, rounds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{columns,7} {units,5} {batchSize,5} {optimizer.GetType().Name,9} {oneTime,14:F1} {twoTime,7:F1} {oneTime / twoTime,6:F2}"));
    }

    // Medians of an epoch. The first turn of each is the compiler's.
    private static (double First, double Second) InTurns(TrainingSetup first, TrainingSetup second, int rounds)
    {
        List<double> firstTimes = [], secondTimes = [];
        for (int round = 0; round <= rounds; round++)
        {
            firstTimes.Add(SecondEpoch(first, 2 * round));
            secondTimes.Add(SecondEpoch(second, 2 * round));
        }

        return first.Network.Parameters.Span.SequenceEqual(second.Network.Parameters.Span)
            ? (Medians.Of(firstTimes.Skip(1)), Medians.Of(secondTimes.Skip(1)))
            : throw new InvalidOperationException("The two trained to different weights.");
    }

    private static TrainingRecipe Recipe(int units, int batchSize, Optimizer optimizer) => new()
    {
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers = [units],
        BatchSize = batchSize,
        NumberOfEpochs = 1,
        LearningRate = 0.01,
        Optimizer = optimizer,
    };

    private static TrainingSetup Setup(TrainingRecipe recipe, FeatureStoreBuilder features, int rows, int nonZeros, int threads = 1)
    {
        var random = new Random(5);
        var builder = new TrainingDataBuilder(features, hasWeights: false, rows);
        int columns = features.FeatureCount;
        int[] places = new int[nonZeros];
        float[] values = new float[nonZeros];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < nonZeros; i++)
            {
                places[i] = (int)((long)i * columns / nonZeros) + random.Next(columns / nonZeros);
                values[i] = (float)random.NextDouble() + 0.1f;
            }

            builder.Add(places, values, values[0] > 0.5f ? 1 : 0, 1);
        }

        return new TrainingSetup(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, builder.Build()), new TrainingControl { Seed = 1, MaxThreads = threads });
    }

    // As in a fit, where an epoch follows another: the first brings rows and weights near again and wakes the threads.
    private static double SecondEpoch(TrainingSetup setup, int first)
    {
        Epoch(setup, first);
        return Epoch(setup, first + 1);
    }

    private static double Epoch(TrainingSetup setup, int epoch)
    {
        long start = Stopwatch.GetTimestamp();
        setup.Source.BeginEpoch(epoch);
        while (setup.Source.TryRead(setup.Batch))
        {
            if (!setup.IsFinite(setup.Step(setup.Schedules.At(0))))
                throw new InvalidOperationException("The run diverged.");
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
