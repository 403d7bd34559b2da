using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using Xunit;

namespace MLNet.LrSchedule.Tests.Networks;

/// <summary>The layer of embeddings in a network, against the reference in double precision.</summary>
public sealed class EmbeddingLayerTests
{
    private const int Inputs = 12;
    private const int Rows = 40;
    private const double MaskRate = 0.3;

    private static readonly EmbeddingDefinition _embeddings = new(new EmbeddingTable(1, 3, 2), new EmbeddingTable(4, 5, 3), new EmbeddingTable(10, 1, 1));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Outputs_and_gradient_are_those_of_the_reference(bool isSparse, bool isResidual)
    {
        HiddenBlock[] blocks = [new HiddenBlock(9, Activation.Tanh) { HasDropout = true, IsResidual = isResidual }, new HiddenBlock(4, Activation.Silu)];
        MlpNetwork network = new(NetworkDefinition.Perceptron(Inputs, blocks, 1, _embeddings));
        network.Initialize(WeightInitializer.HeNormal, seed: 5);
        Random random = new(3);
        // Rows of zeros in the tables' last rows would hide a wrong look-up.
        foreach (ref float number in network.Parameters.Span[..network.Layers[0].ParameterCount])
            number += (float)(random.NextDouble() - 0.5);
        float[] features = Features(random);
        float[] labels = [.. Enumerable.Range(0, Rows).Select(_ => (float)random.Next(2))];
        float[] weights = [.. Enumerable.Range(0, Rows).Select(_ => (float)(random.NextDouble() + 0.5))];
        using KernelContext kernels = new();
        Workspace workspace = Workspace.ForTraining(network, kernels, Rows);
        workspace.DropoutSeed = 12345;
        for (int i = 0; i < network.Layers.Count; i++)
            workspace.DropoutRates[i] = network.Layers[i] is DropoutLayer or EmbeddingLayer ? MaskRate : 0;
        ReferenceNetwork reference = new(network.Definition, new ReferenceLoss(Loss.BinaryCrossEntropy))
        {
            DropoutRate = MaskRate,
            IsKept = (layer, element) => DropoutKernels.IsKept(workspace.Dropout(layer).Key, element, MaskRate),
        };
        network.Parameters.Span.ToArray().Select(value => (double)value).ToArray().CopyTo(reference.Parameters, 0);
        double[][] rows = [.. features.Chunk(Inputs).Select(ToDouble)];
        int[] offsets = new int[Rows + 1], columns = [.. Enumerable.Range(0, features.Length).Where(i => features[i] != 0).Select(i => i % Inputs)];
        for (int row = 0; row < Rows; row++)
            offsets[row + 1] = offsets[row] + rows[row].Count(value => value != 0);
        InputRows input = isSparse ? new InputRows(new SparseRows(offsets, columns, [.. features.Where(value => value != 0)])) : new InputRows(features, Rows);

        float[] actual = network.Forward(workspace, input, isTraining: true).ToArray();
        GoldenNetworkTests.Near([.. reference.Outputs(rows, isTraining: true).SelectMany(row => row)], ToDouble(actual), 2e-6);
        Loss.BinaryCrossEntropy.Gradient(kernels, actual, labels, weights, network.OutputGradient(workspace, Rows));
        network.Backward(workspace, input);
        double[] expected = reference.NumericGradient(rows, ToDouble(labels), ToDouble(weights));
        Assert.All(expected[..network.Layers[0].ParameterCount], value => Assert.True(Math.Abs(value) > 1e-6));
        GoldenNetworkTests.Near(expected, ToDouble(workspace.ParameterGradients.Span.ToArray()), 3e-6);

        float[] scored = network.Forward(workspace, input, isTraining: false).ToArray();
        GoldenNetworkTests.Near([.. reference.Outputs(rows, isTraining: false).SelectMany(row => row)], ToDouble(scored), 2e-6);
        Assert.NotEqual(actual, scored);
    }

    [Fact]
    public void Rows_start_about_as_long_as_one_hot_rows_and_the_last_at_zero()
    {
        MlpNetwork network = new(NetworkDefinition.Perceptron(2000, [], 1, new EmbeddingDefinition(new EmbeddingTable(0, 1000, 16), new EmbeddingTable(1000, 1000, 4))));

        network.Initialize(WeightInitializer.GlorotUniform, seed: 9);

        float[] all = network.Parameters.Span.ToArray();
        double[] lengths = [.. all[..16_000].Chunk(16).Select(row => Math.Sqrt(row.Sum(x => (double)x * x)))];
        Assert.InRange(lengths.Average(), 0.8, 1);
        Assert.All(all[..16_000], x => Assert.InRange(x, -0.5f, 0.5f));
        Assert.Equal(new float[16], all[16_000..16_016]);
        Assert.All(all[16_016..20_016], x => Assert.InRange(x, -1f, 1f));
        Assert.Equal(new float[4], all[20_016..20_020]);
        Assert.NotEqual(all[..4], all[16_016..16_020]);
    }

    [Fact]
    public void The_weights_of_other_layers_are_drawn_from_their_own_streams()
    {
        MlpNetwork one = new(NetworkDefinition.Perceptron(Inputs, [new HiddenBlock(3, Activation.Relu)], 1, _embeddings));
        MlpNetwork other = new(NetworkDefinition.Perceptron(
            Inputs + 1, [new HiddenBlock(3, Activation.Relu)], 1, new EmbeddingDefinition(new EmbeddingTable(1, 3, 2), new EmbeddingTable(4, 6, 3), new EmbeddingTable(11, 1, 1))));
        one.Initialize(WeightInitializer.HeNormal, seed: 5);
        other.Initialize(WeightInitializer.HeNormal, seed: 5);

        // One category more in the second table: the first table and the layers behind are as they were.
        Assert.Equal(one.Parameters.Span[..8], other.Parameters.Span[..8]);
        Assert.Equal(one.Parameters.Span[^31..], other.Parameters.Span[^31..]);
    }

    [Fact]
    public void Definitions_are_compared_by_their_tables_and_say_what_they_are()
    {
        EmbeddingDefinition same = new(_embeddings.Tables.ToArray());
        Assert.Equal(_embeddings, same);
        Assert.Equal(_embeddings.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(_embeddings, new EmbeddingDefinition(new EmbeddingTable(1, 3, 2)));
        Assert.Equal("12-8-1 (embeddings 3x2 5x3 1x1, relu)", NetworkDefinition.Perceptron(Inputs, [new HiddenBlock(8, Activation.Relu)], 1, _embeddings).ToString());
        EmbeddingDefinition many = new(Enumerable.Range(0, 6).Select(i => new EmbeddingTable(2 * i, 2, 1)));
        Assert.Equal("embeddings 2x1 2x1 2x1 2x1 and 2 more", many.Name);
        Assert.Equal(9, _embeddings.OutputsFor(Inputs));
    }

    [Fact]
    public void Tables_that_overlap_or_leave_the_inputs_or_are_empty_and_layers_in_the_middle_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new EmbeddingDefinition());
        Assert.Throws<ArgumentException>(() => new EmbeddingDefinition(new EmbeddingTable(0, 3, 1), new EmbeddingTable(2, 2, 1)));
        Assert.Throws<ArgumentException>(() => new EmbeddingDefinition(new EmbeddingTable(-1, 3, 1)));
        Assert.Throws<ArgumentException>(() => new EmbeddingDefinition(new EmbeddingTable(0, 0, 1)));
        Assert.Throws<ArgumentException>(() => new EmbeddingDefinition(new EmbeddingTable(0, 1, 0)));
        Assert.Throws<ArgumentException>(() => new EmbeddingDefinition(new EmbeddingTable(int.MaxValue, 1, 1)));
        Assert.Throws<ArgumentException>(() => NetworkDefinition.Perceptron(Inputs - 2, [], 1, _embeddings));
        Assert.Throws<ArgumentException>(() => new NetworkDefinition(Inputs, [new DropoutDefinition(), _embeddings]));
    }

    // One-hot rows, rows of zeros, bags and shares.
    private static float[] Features(Random random)
    {
        float[] features = new float[Rows * Inputs];
        for (int row = 0; row < Rows; row++)
        {
            Span<float> values = features.AsSpan(row * Inputs, Inputs);
            values[0] = (float)random.NextDouble();
            values[9] = (float)random.NextDouble();
            values[11] = row % 3 == 0 ? 0 : (float)random.NextDouble();
            values[10] = row % 2;
            foreach ((int first, int count) in new[] { (1, 3), (4, 5) })
            {
                if (row % 5 != 0)
                    values[first + random.Next(count)] = 1;
                if (row % 7 == 0)
                    values[first + random.Next(count)] += 0.5f;
            }
        }

        return features;
    }

    private static double[] ToDouble(float[] values) => [.. values.Select(value => (double)value)];
}
