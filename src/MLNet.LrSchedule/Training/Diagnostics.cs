using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>Looks at a trained network and its run for what usually goes wrong.</summary>
internal static class Diagnostics
{
    /// <summary>Rows that are looked at; enough to tell a dead unit from a rare one.</summary>
    private const int MaximumRows = 4096;

    /// <summary>A norm this many times the usual one is an explosion.</summary>
    private const double ExplosionFactor = 100;

    /// <summary>A sigmoid's output this close to 0 or 1 has a slope of almost nothing.</summary>
    private const float SaturationMargin = 1e-4f;

    public static IEnumerable<string> Of(TrainingSetup setup, TrainingTask task, IReadOnlyList<EpochRecord> epochs) =>
        [.. ConstantFeatures(task.Training), .. Units(setup), .. Norms(epochs)];

    private static IEnumerable<string> ConstantFeatures(TrainingRows data)
    {
        var constant = data.ConstantFeatures();
        if (constant.Count > 0 && data.All.Count > 1)
            yield return $"{Counted(constant.Count, "feature")} the same value in every row ({Listed(constant)}); nothing can be learnt from that.";
    }

    private static IEnumerable<string> Units(TrainingSetup setup)
    {
        var layers = setup.Evaluated.Layers;
        var alive = layers.Select(layer => new bool[layer.Outputs]).ToArray();
        var saturated = layers.Select(layer => Enumerable.Repeat(true, layer.Outputs).ToArray()).ToArray();
        int rows = 0;
        setup.Source.BeginEpoch(0);
        while (rows < MaximumRows && setup.Source.TryRead(setup.Batch))
        {
            rows += setup.Batch.Rows;
            setup.Evaluated.Forward(setup.Workspace, setup.Batch.Inputs, isTraining: false);
            for (int i = 0; i < layers.Count; i++)
            {
                if (layers[i].Function?.Kind is ActivationKind.Relu or ActivationKind.Sigmoid or ActivationKind.Tanh)
                    Look(layers[i].Function!.Kind, setup.Workspace.Output(i, setup.Batch.Rows * layers[i].Outputs), alive[i], saturated[i]);
            }
        }

        // Counted as the options count them: a dense layer and what follows it up to the next are one.
        int number = -1;
        for (int i = 0; i < layers.Count; i++)
        {
            number += layers[i] is DenseLayer ? 1 : 0;
            int dead = alive[i].Count(unit => !unit), stuck = saturated[i].Count(unit => unit);
            if (layers[i].Function?.Kind == ActivationKind.Relu && dead > 0)
                yield return $"Layer {number}: {dead} of {layers[i].Outputs} ReLU units are dead, 0 for all of {rows:N0} rows; a lower rate or another activation keeps them alive.";
            if (layers[i].Function?.Kind is ActivationKind.Sigmoid or ActivationKind.Tanh && stuck > 0)
                yield return $"Layer {number}: {stuck} of {layers[i].Outputs} {layers[i].Function} units are saturated for all of {rows:N0} rows; normalize the features or lower the rate.";
        }
    }

    private static void Look(ActivationKind function, ReadOnlySpan<float> outputs, bool[] alive, bool[] saturated)
    {
        float lowest = function == ActivationKind.Sigmoid ? 0 : -1;
        for (int i = 0; i < outputs.Length; i++)
        {
            int unit = i % alive.Length;
            alive[unit] |= outputs[i] != 0;
            saturated[unit] &= outputs[i] - lowest < SaturationMargin || 1 - outputs[i] < SaturationMargin;
        }
    }

    private static IEnumerable<string> Norms(IReadOnlyList<EpochRecord> epochs)
    {
        if (epochs.Count < 5)
            yield break;
        double[] sorted = [.. epochs.Select(epoch => epoch.GradientNorm).Order()];
        double median = sorted[sorted.Length / 2];
        int[] exploded = [.. epochs.Where(epoch => epoch.GradientNorm > ExplosionFactor * median).Select(epoch => epoch.Epoch)];
        if (exploded.Length > 0 && median > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"The gradient's norm was more than {ExplosionFactor} times its median ({median:G3}) in epoch {Listed(exploded)}; clip the gradient or lower the rate.");
        }
    }

    private static string Counted(int count, string noun) => count == 1 ? $"1 {noun} has" : $"{count:N0} {noun}s have";

    private static string Listed(IReadOnlyList<int> numbers) =>
        string.Join(", ", numbers.Take(10)) + (numbers.Count > 10 ? $" and {numbers.Count - 10} more" : "");
}
