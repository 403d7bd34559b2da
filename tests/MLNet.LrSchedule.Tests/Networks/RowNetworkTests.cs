using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Tests.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Networks;

/// <summary>Rows alone have the bits of batches, whatever is left out on the way.</summary>
public class RowNetworkTests
{
    private const int Rows = 6;

    private static readonly Activation[] _activations =
    [
        Activation.Identity, Activation.Relu, Activation.LeakyRelu(), Activation.Elu(), Activation.Selu, Activation.Gelu, Activation.GeluTanh,
        Activation.Silu, Activation.Mish, Activation.Softplus, Activation.Tanh, Activation.Sigmoid,
    ];

    public static TheoryData<int> Widths => KernelCases.Widths();

    [Theory]
    [MemberData(nameof(Widths))]
    public void Random_widths_and_all_activations_have_the_bits_of_batches(int width)
    {
        Random random = new(1);
        for (int i = 0; i < 240; i++)
        {
            int[] widths = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 71))];
            Activation activation = i % 3 == 0 ? Activation.Relu : _activations[i % _activations.Length];
            DenseDefinition[] hidden = [.. widths.Select(units => new DenseDefinition(units, activation, HasBias: random.Next(4) > 0))];
            MlpNetwork network = MakeNetwork(random, random.Next(1, 71), hidden, i % 4 == 0 ? 1 : random.Next(1, 71));

            AssertSame(network, (VectorWidth)width, Features(random, network.Inputs, zeros: i % 5 / 4.0));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_number_of_vectors_side_by_side_has_the_bits_of_batches(int width)
    {
        Random random = new(2);
        foreach (int units in new[] { 1, 15, 16, 17, 64, 96, 112, 127, 128, 144, 240, 256, 257, 272, 384, 400, 520 })
        {
            MlpNetwork network = MakeNetwork(random, 37, [new DenseDefinition(units, Activation.Relu), new DenseDefinition(units, Activation.Relu)], 7);

            AssertSame(network, (VectorWidth)width, Features(random, network.Inputs, zeros: 0.4));
        }
    }

    // A chain that starts at -0 becomes +0 by a term of +0, not by one that is left out.
    [Theory]
    [MemberData(nameof(Widths))]
    public void A_zero_has_the_sign_it_has_in_batches(int width)
    {
        foreach (int outputs in new[] { 1, 2, 16, 40 })
        {
            foreach (float sign in new[] { 1f, -1f })
            {
                MlpNetwork network = new(NetworkDefinition.Perceptron(20, [new DenseDefinition(20, Activation.Relu)], outputs));
                network.Parameters.Span.Fill(-0f);
                Span<float> second = network.Parameters.Span[network.Layers[1].ParameterOffset..];
                second[..(20 * outputs)].Fill(sign);
                float[] features = new float[Rows * 20];

                AssertSame(network, (VectorWidth)width, features);
                // The first layer alone gives the zeros to the second: of both signs.
                network.Parameters.Span[..400].Fill(1f);
                AssertSame(network, (VectorWidth)width, features);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Numbers_that_are_not_finite_give_what_they_give_in_batches(int width)
    {
        Random random = new(3);
        foreach (float number in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach (int outputs in new[] { 1, 3, 34 })
            {
                MlpNetwork network = MakeNetwork(random, 33, [new DenseDefinition(34, Activation.Relu)], outputs);
                float[] features = Features(random, network.Inputs, zeros: 0.6);
                features[5] = number;
                AssertSame(network, (VectorWidth)width, features);

                // A weight that is not finite makes NaN of an input that is zero.
                network.Parameters.Span[network.Layers[1].ParameterOffset + 2] = number;
                network.Parameters.Span[7] = number;
                AssertSame(network, (VectorWidth)width, features);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Numbers_that_are_not_zero_are_found_in_their_order(int width)
    {
        switch ((VectorWidth)width)
        {
            case VectorWidth.Bits512: AssertFound<Simd512>(); break;
            case VectorWidth.Bits256: AssertFound<Simd256>(); break;
            case VectorWidth.Bits128: AssertFound<Simd128>(); break;
            default: AssertFound<ScalarSingle>(); break;
        }
    }

    [Fact]
    public void Other_layers_and_large_copies_go_the_way_of_batches()
    {
        HiddenBlock block = new(8, Activation.Relu) { HasDropout = true };

        Assert.NotNull(RowNetwork.TryMake(new MlpNetwork(NetworkDefinition.Perceptron(4, [block], 2))));
        Assert.Null(RowNetwork.TryMake(new MlpNetwork(NetworkDefinition.Perceptron(4, [block with { Normalization = Normalization.Layer }], 2))));
        Assert.NotNull(RowNetwork.TryMake(new MlpNetwork(NetworkDefinition.Perceptron(65_500, Array.Empty<DenseDefinition>(), 2))));
        Assert.Null(RowNetwork.TryMake(new MlpNetwork(NetworkDefinition.Perceptron(65_600, Array.Empty<DenseDefinition>(), 2))));
    }

    [Fact]
    public void Spans_of_wrong_lengths_are_refused_and_calls_allocate_nothing()
    {
        RowNetwork network = RowNetwork.TryMake(MakeNetwork(new Random(4), 34, [new DenseDefinition(34, Activation.Relu)], 3))!;
        float[] features = Features(new Random(5), 34, zeros: 0.5)[..34], outputs = new float[3], scratch = new float[network.ScratchLength];
        Assert.Throws<ArgumentException>(() => network.Forward(new float[33], outputs, scratch));
        Assert.Throws<ArgumentException>(() => network.Forward(features, new float[2], scratch));
        Assert.Throws<ArgumentException>(() => network.Forward(features, outputs, new float[network.ScratchLength - 1]));
        network.Forward(features, outputs, scratch);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            network.Forward(features, outputs, scratch);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static unsafe void AssertFound<TSimd>()
    {
        Random random = new(6);
        for (int length = 0; length <= 70; length++)
        {
            float[] row = [.. KernelCases.Numbers(random, length).Select(number => random.Next(6) switch { 0 => 0f, 1 => -0f, 2 => float.NaN, 3 => float.Epsilon, _ => number })];
            float[] weights = KernelCases.Numbers(random, length);
            int[] places = [.. Enumerable.Range(0, length).Where(i => row[i] != 0)];
            float[] values = new float[length + NonZeros.Overrun], found = new float[length + NonZeros.Overrun];
            int[] offsets = new int[length + NonZeros.Overrun];
            fixed (float* x = row, w = weights, v = values, f = found)
            {
                fixed (int* o = offsets)
                {
                    Assert.Equal(places.Length, NonZeros.Count<TSimd>(x, length));
                    Assert.Equal(places.Length, NonZeros.Collect<TSimd>(x, length, 3, v, o));
                    KernelCases.AssertSameBits([.. places.Select(i => row[i])], values.AsSpan(0, places.Length), "values");
                    Assert.Equal(places.Select(i => 3 * i), offsets[..places.Length]);
                    Assert.Equal(places.Length, NonZeros.Collect<TSimd>(x, w, length, v, f));
                    KernelCases.AssertSameBits([.. places.Select(i => row[i])], values.AsSpan(0, places.Length), "values");
                    KernelCases.AssertSameBits([.. places.Select(i => weights[i])], found.AsSpan(0, places.Length), "weights");
                }
            }
        }
    }

    private static MlpNetwork MakeNetwork(Random random, int inputs, IEnumerable<DenseDefinition> hidden, int outputs)
    {
        MlpNetwork network = new(NetworkDefinition.Perceptron(inputs, hidden, outputs));
        KernelCases.Numbers(random, network.Parameters.Length).CopyTo(network.Parameters.Span);
        return network;
    }

    private static float[] Features(Random random, int inputs, double zeros) =>
        [.. KernelCases.Numbers(random, Rows * inputs).Select(number => random.NextDouble() < zeros ? MathF.CopySign(0, number) : number)];

    private static void AssertSame(MlpNetwork network, VectorWidth width, float[] features)
    {
        using KernelContext kernels = new(1, width);
        float[] expected = network.Forward(Workspace.ForEvaluation(network, kernels, Rows), features, Rows, isTraining: false).ToArray();
        RowNetwork rowNetwork = RowNetwork.TryMake(network, width)!;
        float[] outputs = new float[network.Outputs], scratch = new float[rowNetwork.ScratchLength];
        scratch.AsSpan().Fill(float.NaN);
        for (int row = 0; row < Rows; row++)
        {
            rowNetwork.Forward(features.AsSpan(row * network.Inputs, network.Inputs), outputs, scratch);
            KernelCases.AssertSameBits(expected.AsSpan(row * outputs.Length, outputs.Length), outputs, $"{network}, {width}, row {row}");
        }
    }
}
