using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

/// <summary>Weights that are updated by the product that makes their gradient.</summary>
public class WeightUpdateTests
{
    private const int Margin = 40;

    private static readonly MomentumRule Rule = new(0.9, -0.05, 0.7);

    // Whole and partial vectors, tiles of all heights, one step and many, gradients of which only one is packed and, the last, of which both are.
    private static readonly (int Rows, int Inputs, int Outputs)[] Shapes =
        [(1, 2, 13), (3, 40, 16), (5, 13, 48), (16, 100, 131), (33, 25, 29), (64, 70, 133), (70, 33, 200), (128, 97, 160), (130, 301, 270), (500, 61, 1100)];

    public static TheoryData<int> Widths => KernelCases.Widths();

    [Theory]
    [MemberData(nameof(Widths))]
    public void An_update_by_tiles_has_the_bits_of_a_gradient_and_an_update(int width)
    {
        foreach ((int threads, bool areFar) in new[] { (1, false), (2, false), (3, true), (16, false) })
        {
            using KernelContext context = new(threads, (VectorWidth)width) { AssumesFarThreads = areFar };
            foreach ((int rows, int inputs, int outputs) in Shapes)
            {
                Assert.True(AssertUpdate(context, new Layer(rows, inputs, outputs)));
            }
        }
    }

    // Steps that come in several blocks, between which a part of the gradient is in memory.
    [Theory]
    [MemberData(nameof(Widths))]
    public void So_it_has_when_steps_rows_and_columns_are_cut_into_blocks(int width)
    {
        GemmBlocking[] blockings = [new(16, 900, 600, 0, 0, 0), new(37, 100_000, 5_000, 0, 0, 0), new(80, 100_000, 5_000, 0, 0, int.MaxValue)];
        foreach (GemmBlocking blocking in blockings)
        {
            foreach (int threads in new[] { 1, 3 })
            {
                using KernelContext context = new(threads, (VectorWidth)width) { Blocking = blocking };
                Assert.True(AssertUpdate(context, new Layer(97, 101, 150)));
                Assert.True(AssertUpdate(context, new Layer(45, 70, 631)));
                Assert.True(AssertUpdate(context, new Layer(128, 300, 128)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void One_weight_that_is_no_finite_number_is_found_wherever_it_is(int width)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            using KernelContext context = new(threads, (VectorWidth)width);
            foreach ((int row, int column) in new[] { (0, 0), (0, 132), (12, 31), (69, 0), (69, 131), (40, 128) })
            {
                foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    Layer layer = new(64, 70, 133);
                    layer.Weights[Margin + (row * 133) + column] = value;
                    Assert.False(AssertUpdate(context, layer));
                }
            }

            Layer overflows = new(64, 70, 133);
            overflows.Slot[Margin + 1234] = float.MaxValue;
            overflows.Weights[Margin + 1234] = float.MaxValue;
            Assert.False(AssertUpdate(context, overflows));
        }
    }

    // Which a sum of weights would not be.
    [Fact]
    public void Weights_that_are_large_are_finite_numbers()
    {
        using KernelContext context = new();
        Layer layer = new(64, 70, 133);
        layer.Weights.AsSpan(Margin, 70 * 133).Fill(float.MaxValue);
        Assert.True(AssertUpdate(context, layer));
    }

    [Theory]
    [InlineData(0, 784, 512)]
    [InlineData(8, 1, 40_000)]
    [InlineData(8, 4_000, 12)]
    [InlineData(8, 2_000, 34)]
    public void Layers_that_no_single_product_of_tiles_can_update_are_refused(int rows, int inputs, int outputs)
    {
        using KernelContext context = new();
        Assert.False(DenseKernels.UpdatesWeights(context, rows, inputs, outputs));
        Layer layer = new(rows, inputs, outputs);
        Assert.Throws<ArgumentException>(() => layer.Update(context));
    }

    [Theory]
    [InlineData(128, 784, 512, true)]
    [InlineData(1, 784, 512, true)]
    [InlineData(512, 256, 256, true)]
    [InlineData(1024, 2048, 2048, false)]
    [InlineData(28, 34, 34, false)]
    [InlineData(128, 256, 10, false)]
    [InlineData(128, 20_000, 34, false)]
    public void Weights_are_updated_by_tiles_where_that_saves_time(int rows, int inputs, int outputs, bool expected)
    {
        using KernelContext context = new();
        Assert.Equal(expected, DenseKernels.UpdatesWeights(context, rows, inputs, outputs));
    }

    [Fact]
    public void A_wrong_length_is_refused()
    {
        using KernelContext context = new();
        ArgumentException exception = Assert.Throws<ArgumentException>(() => DenseKernels.UpdateWeights(
            context, new float[6], new float[32], new float[48], [], new float[48], new float[47], Rule, 2, 3, 16));
        Assert.Contains("slot must have 48 elements, but has 47", exception.Message, StringComparison.Ordinal);
    }

    // Updates the layer both ways and compares all that there is, the memory around the weights as well. Returns whether the weights are said to be finite.
    private static bool AssertUpdate(KernelContext context, Layer layer)
    {
        Layer expected = layer.Clone();
        using KernelContext plain = new(1, VectorWidth.Scalar);
        int weights = layer.Inputs * layer.Outputs;
        DenseKernels.WeightGradient(
            plain, layer.X, layer.OutputGradient, expected.Gradient, expected.BiasGradient, layer.Rows, layer.Inputs, layer.Outputs);
        bool isFinite = UpdateKernels.Apply(
            plain, Rule, expected.Weights.AsSpan(Margin, weights), expected.Gradient, expected.Slot.AsSpan(Margin, weights));

        bool actual = layer.Update(context);
        string what = $"{layer.Rows} rows, {layer.Inputs} inputs, {layer.Outputs} outputs, {context.VectorWidth}, {context.MaxThreads} threads";
        KernelCases.AssertSameBits(expected.Weights, layer.Weights, $"Weights, {what}");
        KernelCases.AssertSameBits(expected.Slot, layer.Slot, $"Slot, {what}");
        KernelCases.AssertSameBits(expected.BiasGradient, layer.BiasGradient, $"Biases, {what}");
        Assert.Equal(isFinite, actual);
        return actual;
    }

    private sealed class Layer
    {
        public Layer(int rows, int inputs, int outputs)
        {
            Random random = new(rows + inputs + outputs);
            (Rows, Inputs, Outputs) = (rows, inputs, outputs);
            X = KernelCases.Numbers(random, rows * inputs);
            OutputGradient = KernelCases.Numbers(random, rows * outputs);
            Weights = KernelCases.Numbers(random, (inputs * outputs) + (2 * Margin));
            Slot = KernelCases.Numbers(random, (inputs * outputs) + (2 * Margin));
            Gradient = [.. Enumerable.Repeat(float.NaN, inputs * outputs)];
            BiasGradient = [.. Enumerable.Repeat(float.NaN, outputs)];
        }

        public int Rows { get; }

        public int Inputs { get; }

        public int Outputs { get; }

        public float[] X { get; }

        public float[] OutputGradient { get; }

        public float[] Weights { get; private init; }

        public float[] Slot { get; private init; }

        public float[] Gradient { get; }

        public float[] BiasGradient { get; }

        public Layer Clone() => new(Rows, Inputs, Outputs) { Weights = [.. Weights], Slot = [.. Slot] };

        public bool Update(KernelContext context)
        {
            int weights = Inputs * Outputs;
            return DenseKernels.UpdateWeights(
                context, X, OutputGradient, Gradient, BiasGradient, Weights.AsSpan(Margin, weights), Slot.AsSpan(Margin, weights), Rule, Rows, Inputs, Outputs);
        }
    }
}
