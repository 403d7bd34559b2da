using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using MathNet.Numerics.Distributions;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Benchmarks.Peers;

/// <summary>A network, its data and the length of a run, on which trainers are compared.</summary>
/// <param name="Name">W1 to W5.</param>
/// <param name="Widths">Features, hidden units, outputs. One output is a classifier of two classes.</param>
/// <param name="Batch">Rows of a step.</param>
/// <param name="Rows">Rows of the data.</param>
/// <param name="Epochs">Passes over them.</param>
/// <param name="Rate">The learning rate, at which the loss falls evenly.</param>
internal sealed record PeerWorkload(string Name, int[] Widths, int Batch, int Rows, int Epochs, double Rate)
{
    private const int Seed = 1;
    private const double Momentum = 0.9;

    public static IReadOnlyList<PeerWorkload> All { get; } =
    [
        new("W1", [34, 34, 1], 28, 235, 50, 0.02),
        new("W2", [108, 128, 64, 1], 256, 10_240, 10, 0.02),
        new("W3", [54, 256, 256, 7], 512, 8_192, 5, 0.02),
        new("W4", [784, 512, 256, 10], 128, 4_096, 2, 0.01),
        new("W5", [512, 2048, 2048, 10], 1024, 4_096, 1, 0.05),
    ];

    public Loss Loss => Outputs == 1 ? Loss.BinaryCrossEntropy : Loss.SoftmaxCrossEntropy;

    public int Outputs => Widths[^1];

    /// <summary>
    /// Floating-point operations of the matrix products, for a row: two for each weight forward, two for its gradient, and two for the gradient by the
    /// layer's input, which the first layer does not need.
    /// </summary>
    public double OperationsPerRow => Enumerable.Range(0, Widths.Length - 1).Sum(layer => (layer == 0 ? 4.0 : 6.0) * Widths[layer] * Widths[layer + 1]);

    public TrainingRecipe Recipe => new()
    {
        // The peers take features as they are.
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers = HiddenLayerList.Create([.. Widths[1..^1].Select(units => new HiddenLayer(units))]),
        BatchSize = Batch,
        NumberOfEpochs = Epochs,
        LearningRate = Rate,
        Momentum = Momentum,
        // The peers keep no best epoch.
        ReturnedWeights = ReturnedWeights.Last,
    };

    public TrainingControl Control(int threads) => new() { Seed = Seed, MaxThreads = threads };

    /// <summary>Normally distributed features, and as label the largest of random linear functions of them with some noise: a signal that can be learned.</summary>
    public TrainingData CreateData()
    {
        var random = new Random(Seed);
        int classes = Math.Max(2, Outputs);
        double[][] teacher = [.. Enumerable.Range(0, classes).Select(_ => Draw(Widths[0], 1 / Math.Sqrt(Widths[0])))];
        var builder = new TrainingDataBuilder(Widths[0], hasWeights: false, Rows);
        for (int row = 0; row < Rows; row++)
        {
            double[] features = Draw(Widths[0], 1);
            double[] scores = [.. teacher.Select(weights => weights.Zip(features, (w, x) => w * x).Sum() + Normal.Sample(random, 0, 0.3))];
            builder.Add([.. features.Select(x => (float)x)], Array.IndexOf(scores, scores.Max()), 1);
        }

        return builder.Build();

        double[] Draw(int count, double deviation)
        {
            var values = new double[count];
            Normal.Samples(random, values, 0, deviation);
            return values;
        }
    }

    /// <summary>Writes what the peers start from: data, the weights that a run here starts with, and the order in which it visits the rows.</summary>
    public void Write(string folder, TrainingData data)
    {
        using var file = File.Create(Path.Combine(folder, Name + ".bin"));
        for (int row = 0; row < Rows; row++)
            file.Write(MemoryMarshal.AsBytes(data.Features(row)));
        file.Write(MemoryMarshal.AsBytes(data.Labels));
        file.Write(MemoryMarshal.AsBytes((ReadOnlySpan<float>)RecipeNetwork.Create(Recipe, Widths[0], Outputs, Seed).Parameters.Span));
        int[] order = new int[Rows];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            for (int row = 0; row < Rows; row++)
                order[row] = row;
            RandomStream.Create(Seed, RandomPurpose.Shuffle, epoch).Shuffle(order);
            file.Write(MemoryMarshal.AsBytes(order));
        }
    }

    /// <summary>Writes the workloads' numbers, by the names that the peers' script knows.</summary>
    public static void WriteDescriptions(string folder, IEnumerable<PeerWorkload> workloads) => File.WriteAllText(
        Path.Combine(folder, "workloads.json"),
        JsonSerializer.Serialize(workloads.Select(workload => new
        {
            name = workload.Name,
            widths = workload.Widths,
            batch = workload.Batch,
            rows = workload.Rows,
            epochs = workload.Epochs,
            rate = workload.Rate,
            momentum = Momentum,
        })));
}
