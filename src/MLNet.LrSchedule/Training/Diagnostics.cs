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
    /// <summary>Rows that are looked at: so many at first; while there are suspects, at least and at most so many, enough to tell a dead unit from a rare one.</summary>
    private const int FewRows = 32, FirstRows = 256, MaximumRows = 4096;

    /// <summary>For each row that is looked at, so many were trained on, so that looking takes no more than a hundredth of a run, unless that is very short.</summary>
    private const int TrainedRowsPerRow = 64;

    /// <summary>One suspect in so many units, or fewer, are looked at without the others: to collect their weights takes no more lines of memory than there are.</summary>
    private const int UnitsPerUnit = 16;

    /// <summary>A norm this many times the usual one is an explosion.</summary>
    private const double ExplosionFactor = 100;

    /// <summary>A sigmoid's output this close to 0 or 1 has a slope of almost nothing.</summary>
    private const float SaturationMargin = 1e-4f;

    public static IEnumerable<string> Of(TrainingSetup setup, TrainingTask task, IReadOnlyList<EpochRecord> epochs) =>
        [.. ConstantFeatures(task.Training), .. Units(setup, epochs), .. Norms(epochs)];

    private static IEnumerable<string> ConstantFeatures(TrainingRows data)
    {
        var constant = data.ConstantFeatures();
        if (constant.Count > 0 && data.All.Count > 1)
            yield return $"{Counted(constant.Count, "feature")} the same value in every row ({Listed(constant)}); nothing can be learnt from that.";
    }

    private static IEnumerable<string> Units(TrainingSetup setup, IReadOnlyList<EpochRecord> epochs)
    {
        var layers = setup.Evaluated.Layers;
        var suspects = layers.Select(layer => Suspects(layer)).ToArray();
        // A look must cost next to nothing beside the training: after the first rows it goes on only while there are suspects, and not for long.
        long mostRows = Math.Clamp(epochs.Count * setup.Source.RowCount / TrainedRowsPerRow, FirstRows, MaximumRows);
        int rows = 0;
        setup.Source.BeginEpoch(0);
        while (rows < mostRows && suspects.Any(layer => layer.Contains(true)) && setup.Source.TryRead(setup.Batch))
        {
            int batchRows = (int)Math.Min(setup.Batch.Rows, mostRows - rows);
            // A few rows clear most units, a few more almost all: each look is at as many new rows as there were before.
            for (int first = 0, count; first < batchRows; first += count)
            {
                count = Math.Min(batchRows - first, Math.Max(FewRows, rows + first));
                LookAt(setup, first, count, suspects);
            }

            rows += batchRows;
        }

        // Counted as the options count them: a dense layer and what follows it up to the next are one.
        int number = -1;
        for (int i = 0; i < layers.Count; i++)
        {
            number += layers[i] is DenseLayer ? 1 : 0;
            int count = suspects[i].Count(unit => unit);
            if (count > 0)
            {
                yield return layers[i].Function!.Kind == ActivationKind.Relu
                    ? $"Layer {number}: {count} of {layers[i].Outputs} ReLU units are dead, 0 for all of {rows:N0} rows; a lower rate or another activation keeps them alive."
                    : $"Layer {number}: {count} of {layers[i].Outputs} {layers[i].Function} units are saturated for all of {rows:N0} rows; normalize the features or lower the rate.";
            }
        }
    }

    // Some rows of the batch, if there are suspects at all.
    private static void LookAt(TrainingSetup setup, int first, int rows, bool[][] suspects)
    {
        int last = Array.FindLastIndex(suspects, layer => layer.Contains(true));
        if (last < 0)
            return;
        var layers = setup.Evaluated.Layers;
        var inputs = setup.Batch.Inputs.Slice(first, rows);
        // What goes into the last of them is at hand: rows as they are, or the output of a dense layer, which lies in the workspace.
        bool isFew = layers[last] is DenseLayer
            && (last > 0 ? layers[last - 1] is DenseLayer : !inputs.IsSparse)
            && suspects[last].Count(unit => unit) <= suspects[last].Length / UnitsPerUnit;
        int whole = isFew ? last : last + 1;
        if (whole > 0)
            setup.Evaluated.Forward(setup.Workspace, inputs, isTraining: false, layers: whole);
        for (int i = 0; i < whole; i++)
        {
            if (suspects[i].Length > 0)
                Look(layers[i].Function!.Kind, setup.Workspace.Output(i, rows * layers[i].Outputs), suspects[i]);
        }

        if (isFew)
            LookAtUnits(setup, (DenseLayer)layers[last], last > 0 ? setup.Workspace.Output(last - 1, rows * layers[last].Inputs) : inputs.Dense, suspects[last]);
    }

    private static void LookAtUnits(TrainingSetup setup, DenseLayer layer, ReadOnlySpan<float> inputs, bool[] suspects)
    {
        int[] units = [.. Enumerable.Range(0, suspects.Length).Where(unit => suspects[unit])];
        bool[] looked = new bool[units.Length];
        Array.Fill(looked, true);
        Look(layer.Activation.Kind, layer.OutputsOf(setup.Kernels, units, setup.Evaluated.Parameters.Span, inputs), looked);
        for (int i = 0; i < units.Length; i++)
            suspects[units[i]] = looked[i];
    }

    // Every unit of a layer whose function can fail, until a row clears it.
    private static bool[] Suspects(Layer layer)
    {
        bool[] suspects = new bool[layer.Function?.Kind is ActivationKind.Relu or ActivationKind.Sigmoid or ActivationKind.Tanh ? layer.Outputs : 0];
        Array.Fill(suspects, true);
        return suspects;
    }

    private static void Look(ActivationKind function, ReadOnlySpan<float> outputs, bool[] suspects)
    {
        float lowest = function == ActivationKind.Sigmoid ? 0 : -1;
        for (int unit = 0; unit < suspects.Length; unit++)
        {
            for (int i = unit; suspects[unit] && i < outputs.Length; i += suspects.Length)
            {
                suspects[unit] = function == ActivationKind.Relu
                    ? outputs[i] == 0
                    : outputs[i] - lowest < SaturationMargin || 1 - outputs[i] < SaturationMargin;
            }
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
