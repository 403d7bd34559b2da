using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Tests.Networks;

/// <summary>
/// The network as its definition says, in double precision and plain loops: slow, and simple enough to be believed. Parameters lie as
/// in <see cref="MlpNetwork"/>. The loss's gradient comes by central differences for any layer, and by hand-written backpropagation for
/// chains of dense layers, which golden traces ask for.
/// </summary>
internal sealed class ReferenceNetwork(NetworkDefinition definition, ReferenceLoss loss)
{
    private readonly IReadOnlyList<Layer> _layers = new MlpNetwork(definition).Layers;

    public double[] Parameters { get; } = new double[new MlpNetwork(definition).Parameters.Length];

    /// <summary>Whether the element (row x width + column) of a layer's output is kept by dropout, and the rate of all.</summary>
    public Func<int, int, bool> IsKept { get; init; } = (_, _) => true;

    public double DropoutRate { get; init; }

    public double[] Outputs(double[] input) => Outputs([input], isTraining: false)[0];

    public double[][] Outputs(IReadOnlyList<double[]> rows, bool isTraining) => Forward(rows, isTraining)[^1];

    /// <summary>The mean loss of the rows as training sees them, weighted by the rows' weights.</summary>
    public double Loss(IReadOnlyList<double[]> rows, IReadOnlyList<double> labels, IReadOnlyList<double>? weights = null)
    {
        var outputs = Outputs(rows, isTraining: true);
        double sum = 0, total = 0;
        for (int r = 0; r < rows.Count; r++)
        {
            double weight = weights?[r] ?? 1;
            sum += weight * loss.Value(outputs[r], labels[r]);
            total += weight;
        }

        return sum / total;
    }

    /// <summary>The gradient of <see cref="Loss"/> by every parameter of a chain of dense layers.</summary>
    public double[] Gradient(IReadOnlyList<double[]> rows, IReadOnlyList<double> labels, IReadOnlyList<double>? weights = null)
    {
        double total = weights?.Sum() ?? rows.Count;
        var gradient = new double[Parameters.Length];
        var activations = Forward(rows, isTraining: true);
        for (int r = 0; r < rows.Count; r++)
        {
            double share = (weights?[r] ?? 1) / total;
            double[] delta = [.. loss.Gradient(activations[^1][r], labels[r]).Select(g => g * share)];
            for (int layer = _layers.Count - 1; layer >= 0; layer--)
                delta = Backward(layer, activations[layer][r], delta, gradient);
        }

        return gradient;
    }

    /// <summary>The gradient of <see cref="Loss"/> by every parameter, by central differences.</summary>
    public double[] NumericGradient(IReadOnlyList<double[]> rows, IReadOnlyList<double> labels, IReadOnlyList<double>? weights = null)
    {
        var gradient = new double[Parameters.Length];
        for (int p = 0; p < gradient.Length; p++)
        {
            double kept = Parameters[p], step = 1e-5 * Math.Max(1, Math.Abs(kept));
            Parameters[p] = kept + step;
            double above = Loss(rows, labels, weights);
            Parameters[p] = kept - step;
            double below = Loss(rows, labels, weights);
            Parameters[p] = kept;
            gradient[p] = (above - below) / (2 * step);
        }

        return gradient;
    }

    /// <summary>The input, then every layer's output, [layer][row][column].</summary>
    public double[][][] Forward(IReadOnlyList<double[]> rows, bool isTraining)
    {
        var values = new List<double[][]> { rows.ToArray() };
        for (int layer = 0; layer < _layers.Count; layer++)
        {
            var input = values[^1];
            values.Add(definition.Layers[layer] switch
            {
                DenseDefinition dense => [.. input.Select(row => Apply(dense.Activation, Sums(layer, row)))],
                ActivationDefinition { Activation: var activation } => [.. input.Select(row => Apply(activation, row))],
                BatchNormalizationDefinition => NormalizeBatch(layer, input, isTraining),
                LayerNormalizationDefinition => [.. input.Select(row => NormalizeRow(layer, row))],
                DropoutDefinition => isTraining ? Drop(layer, input) : input,
                EmbeddingDefinition embeddings => [.. input.Select((row, r) => Embed(layer, embeddings.Tables.ToArray(), row, r, isTraining))],
                ResidualDefinition { Source: var source } => [.. input.Zip(values[source + 1], (a, b) => a.Zip(b, (x, y) => x + y).ToArray())],
                var other => throw new NotSupportedException($"No reference for {other}."),
            });
        }

        return [.. values];
    }

    /// <summary>Running means and variances after a training pass over the rows, of the batch normalisation at the given layer.</summary>
    public (double[] Mean, double[] Variance) StatisticsAfter(int layer, IReadOnlyList<double[]> rows)
    {
        var input = Forward(rows, isTraining: true)[layer];
        double[] means = Part(layer, 2, 0), variances = Part(layer, 2, 1);
        for (int c = 0; c < means.Length; c++)
        {
            double mean = input.Average(row => row[c]);
            means[c] = 0.9 * means[c] + 0.1 * mean;
            variances[c] = 0.9 * variances[c] + 0.1 * input.Sum(row => Math.Pow(row[c] - mean, 2)) / (input.Length - 1);
        }

        return (means, variances);
    }

    private static double[] Apply(Activation activation, double[] sums) => [.. sums.Select(sum => ReferenceActivation.Value(activation, sum))];

    private double[][] NormalizeBatch(int layer, double[][] input, bool isTraining)
    {
        double[] scale = Part(layer, 0, 0), shift = Part(layer, 1, 0), means = Part(layer, 2, 0), variances = Part(layer, 2, 1);
        if (isTraining)
        {
            for (int c = 0; c < scale.Length; c++)
            {
                means[c] = input.Average(row => row[c]);
                variances[c] = input.Average(row => Math.Pow(row[c] - means[c], 2));
            }
        }

        return [.. input.Select(row => row.Select((x, c) => (x - means[c]) / Math.Sqrt(variances[c] + 1e-5) * scale[c] + shift[c]).ToArray())];
    }

    private double[] NormalizeRow(int layer, double[] row)
    {
        double[] scale = Part(layer, 0, 0), shift = Part(layer, 1, 0);
        double mean = row.Average(), variance = row.Average(x => (x - mean) * (x - mean));
        return [.. row.Select((x, c) => (x - mean) / Math.Sqrt(variance + 1e-5) * scale[c] + shift[c])];
    }

    private double[][] Drop(int layer, double[][] input) =>
        [.. input.Select((row, r) => row.Select((x, c) => IsKept(layer, r * row.Length + c) ? x / (1 - DropoutRate) : 0).ToArray())];

    private double[] Embed(int layer, EmbeddingTable[] tables, double[] row, int number, bool isTraining)
    {
        var output = row.Where((_, column) => !tables.Any(table => column >= table.First && column < table.End)).ToList();
        int offset = _layers[layer].ParameterOffset;
        for (int t = 0; t < tables.Length; t++)
        {
            bool isMasked = isTraining && !IsKept(layer, number * tables.Length + t);
            double[] values = [.. row[tables[t].First..tables[t].End].Select(value => isMasked ? 0 : value)];
            double[] factors = [.. values, values.All(value => value == 0) ? 1 : 0];
            for (int i = 0; i < tables[t].Dimension; i++)
                output.Add(factors.Select((factor, category) => factor * Parameters[offset + category * tables[t].Dimension + i]).Sum());
            offset += tables[t].Length;
        }

        return [.. output];
    }

    // The index-th run of the layer's width in a block of its parameters.
    private double[] Part(int layer, int block, int index)
    {
        int width = _layers[layer].Outputs;
        return [.. Parameters.AsSpan(_layers[layer].Parameters[block].Offset + index * width, width)];
    }

    private double[] Sums(int layer, double[] input)
    {
        var (weights, biases, outputs) = Places(layer);
        var sums = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            sums[o] = biases < 0 ? 0 : Parameters[biases + o];
            for (int i = 0; i < input.Length; i++)
                sums[o] += input[i] * Parameters[weights + i * outputs + o];
        }

        return sums;
    }

    private double[] Backward(int layer, double[] input, double[] outputGradient, double[] gradient)
    {
        var (weights, biases, outputs) = Places(layer);
        var activation = ((DenseDefinition)definition.Layers[layer]).Activation;
        var sums = Sums(layer, input);
        var inputGradient = new double[input.Length];
        for (int o = 0; o < outputs; o++)
        {
            double delta = outputGradient[o] * ReferenceActivation.Derivative(activation, sums[o]);
            gradient[biases + o] += delta;
            for (int i = 0; i < input.Length; i++)
            {
                gradient[weights + i * outputs + o] += input[i] * delta;
                inputGradient[i] += Parameters[weights + i * outputs + o] * delta;
            }
        }

        return inputGradient;
    }

    private (int Weights, int Biases, int Outputs) Places(int layer)
    {
        var blocks = _layers[layer].Parameters;
        return (blocks[0].Offset, blocks.Count > 1 ? blocks[1].Offset : -1, _layers[layer].Outputs);
    }
}
