using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class DenseKernelsTests
{
    public static TheoryData<int> Widths => KernelCases.Widths();

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_equal_the_reference_bit_for_bit_at_awkward_sizes(int width)
    {
        using KernelContext context = new(1, (VectorWidth)width);
        Random random = new(1);
        foreach ((int rows, int inputs, int outputs) in AwkwardShapes(random))
        {
            AssertProducts(context, random, rows, inputs, outputs);
        }
    }

    // Blocks so small that every product is packed and cut along steps, rows and groups of panels, with edges everywhere.
    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_equal_the_reference_bit_for_bit_when_packed_and_blocked(int width)
    {
        Random random = new(2);
        GemmBlocking[] blockings =
        [
            new(16, 900, 600, 0, 0, 0), new(37, 100_000, 5_000, 0, 0, 0), new(80, 100_000, 5_000, 0, 0, 0),
            new(37, 100_000, 5_000, 0, 0, int.MaxValue), new(80, 100_000, 5_000, 0, 0, int.MaxValue), new(1000, 500, 1, int.MaxValue, int.MaxValue, 0),
        ];
        foreach (GemmBlocking blocking in blockings)
        {
            using KernelContext context = new(1, (VectorWidth)width) { Blocking = blocking };
            foreach ((int rows, int inputs, int outputs) in new[] { (97, 101, 130), (130, 97, 301), (301, 130, 97), (45, 70, 631), (128, 128, 128), (9, 101, 130), (24, 130, 101) })
            {
                AssertProducts(context, random, rows, inputs, outputs);
            }
        }
    }

    // The blocks that training uses, at a size that they cut.
    [Fact]
    public void Products_equal_the_reference_bit_for_bit_at_the_default_blocks()
    {
        using KernelContext context = new();
        AssertProducts(context, new Random(5), 61, 1037, 530);
        AssertProducts(context, new Random(6), 61, 1024, 10);
        AssertProducts(context, new Random(7), 9, 1037, 2100);
    }

    // A batch of 16 or 128 rows through 784 x 512 weights, few steps in all, and weights that no cache holds.
    [Theory]
    [InlineData(16, 784, 512, true)]
    [InlineData(128, 784, 512, false)]
    [InlineData(32, 256, 256, true)]
    [InlineData(512, 256, 256, false)]
    [InlineData(16, 2048, 2048, false)]
    public void Far_threads_leave_products_with_few_steps_for_each_number_to_one_of_them(int rows, int inputs, int outputs, bool expected)
    {
        Assert.Equal(expected, Products.StaysWithOneFarThread(rows, outputs, inputs));
        Assert.Equal(expected, Products.StaysWithOneFarThread(inputs, outputs, rows));
        foreach (bool areFar in new[] { false, true })
        {
            using KernelContext context = new(2) { AssumesFarThreads = areFar };
            AssertDivides(!(areFar && expected), context, rows, inputs, outputs, hasSharedRows: false);
            AssertProducts(context, new Random(8), Math.Min(rows, 33), inputs / 4, outputs / 4);
        }
    }

    [Fact]
    public void Far_threads_divide_small_products_of_rows_that_each_has_some_of()
    {
        // The network's first two layers are large enough for any threads, the last one for near threads alone.
        NetworkDefinition definition = NetworkDefinition.Perceptron(54, [new DenseDefinition(256, Activation.Relu), new DenseDefinition(256, Activation.Relu)], 7);
        using KernelContext near = new(2) { AssumesFarThreads = false };
        using KernelContext far = new(2) { AssumesFarThreads = true };
        Workspace workspace = Workspace.ForEvaluation(new MlpNetwork(definition), far, 512);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(workspace.SharesRows));
        AssertDivides(true, near, 512, 256, 7, hasSharedRows: false);
        AssertDivides(false, far, 512, 256, 7, hasSharedRows: false);
        AssertDivides(true, far, 512, 256, 7, hasSharedRows: true);

        // Few rows are divided by columns.
        Workspace small = Workspace.ForEvaluation(new MlpNetwork(definition), far, 128);
        Assert.DoesNotContain(true, Enumerable.Range(0, 3).Select(small.SharesRows));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_row_alone_has_the_bits_it_has_in_a_batch(int width)
    {
        using KernelContext context = new(1, (VectorWidth)width);
        Random random = new(3);
        foreach (int outputs in new[] { 1, 2, 16, 34, 100, 150, 300 })
        {
            const int Rows = 29;
            const int Inputs = 70;
            float[] x = KernelCases.Numbers(random, Rows * Inputs);
            float[] w = KernelCases.Numbers(random, Inputs * outputs);
            float[] b = KernelCases.Numbers(random, outputs);
            float[] batch = new float[Rows * outputs];
            DenseKernels.Forward(context, x, w, b, batch, Rows, Inputs, outputs, ActivationKind.Tanh, 0);
            float[] single = new float[outputs];
            for (int row = 0; row < Rows; row++)
            {
                DenseKernels.Forward(context, x.AsSpan(row * Inputs, Inputs), w, b, single, 1, Inputs, outputs, ActivationKind.Tanh, 0);
                KernelCases.AssertSameBits(batch.AsSpan(row * outputs, outputs), single, $"{outputs} outputs, row {row}");
            }
        }
    }

    [Fact]
    public void A_wrong_length_is_refused()
    {
        using KernelContext context = new();
        ArgumentException exception = Assert.Throws<ArgumentException>(() => DenseKernels.Forward(
            context, new float[6], new float[11], new float[4], new float[8], 2, 3, 4, ActivationKind.Identity, 0));
        Assert.Contains("[inputs x outputs] must have 12 elements, but has 11", exception.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(int Rows, int Inputs, int Outputs)> AwkwardShapes(Random random)
    {
        // Every pair of sizes appears in every pair of places; the third size varies.
        int[] sizes = KernelCases.AwkwardSizes;
        foreach (int first in sizes)
        {
            foreach (int second in sizes)
            {
                int third = sizes[random.Next(sizes.Length)];
                yield return (first, second, third);
                yield return (first, third, second);
                yield return (third, first, second);
            }
        }
    }

    private static void AssertProducts(KernelContext context, Random random, int rows, int inputs, int outputs)
    {
        string shape = $"{rows} rows, {inputs} inputs, {outputs} outputs";
        float[] x = KernelCases.Numbers(random, rows * inputs);
        float[] w = KernelCases.Numbers(random, inputs * outputs);
        float[] b = KernelCases.Numbers(random, outputs);
        float[] g = KernelCases.Numbers(random, rows * outputs);

        float[] expected = new float[rows * outputs];
        float[] actual = Garbage(rows * outputs);
        ReferenceKernels.Forward(x, w, b, expected, rows, inputs, outputs);
        DenseKernels.Forward(context, x, w, b, actual, rows, inputs, outputs, ActivationKind.Identity, 0);
        KernelCases.AssertSameBits(expected, actual, $"Forward, {shape}");

        ReferenceKernels.Forward(x, w, [], expected, rows, inputs, outputs);
        DenseKernels.Forward(context, x, w, [], actual, rows, inputs, outputs, ActivationKind.Identity, 0);
        KernelCases.AssertSameBits(expected, actual, $"Forward without biases, {shape}");

        expected = new float[inputs * outputs];
        actual = Garbage(inputs * outputs);
        float[] expectedBias = new float[outputs];
        float[] actualBias = Garbage(outputs);
        ReferenceKernels.WeightGradient(x, g, expected, expectedBias, rows, inputs, outputs);
        DenseKernels.WeightGradient(context, x, g, actual, actualBias, rows, inputs, outputs);
        KernelCases.AssertSameBits(expected, actual, $"WeightGradient, {shape}");
        KernelCases.AssertSameBits(expectedBias, actualBias, $"Bias gradient, {shape}");

        expected = new float[rows * inputs];
        actual = Garbage(rows * inputs);
        ReferenceKernels.InputGradient(g, w, expected, rows, inputs, outputs);
        DenseKernels.InputGradient(context, g, w, actual, rows, inputs, outputs);
        KernelCases.AssertSameBits(expected, actual, $"InputGradient, {shape}");

        // With a function: the product first, then the function over all of it, then the sums of its columns, which the kernels do block by block or tile by tile.
        foreach (ActivationKind kind in new[] { ActivationKind.Identity, ActivationKind.Relu, ActivationKind.Tanh, ActivationKind.Gelu })
        {
            float[] stored = KernelCases.Numbers(random, rows * inputs);
            float[] columnSums = Garbage(inputs);
            ActivationKernels.Backward(context, kind, 0, stored, expected);
            DenseKernels.InputGradient(context, g, w, actual, rows, inputs, outputs, kind, 0, stored, columnSums);
            KernelCases.AssertSameBits(expected, actual, $"InputGradient times slope of {kind}, {shape}");
            KernelCases.AssertSameBits(SumsOfColumns(expected, rows, inputs), columnSums, $"sums of InputGradient times slope of {kind}, {shape}");
            ReferenceKernels.InputGradient(g, w, expected, rows, inputs, outputs);
        }

        expected = new float[rows * outputs];
        actual = Garbage(rows * outputs);
        ReferenceKernels.Forward(x, w, b, expected, rows, inputs, outputs);
        ActivationKernels.Forward(context, ActivationKind.Relu, 0, expected, expected);
        DenseKernels.Forward(context, x, w, b, actual, rows, inputs, outputs, ActivationKind.Relu, 0);
        KernelCases.AssertSameBits(expected, actual, $"Forward, rectified, {shape}");

        float[] sums = Garbage(rows * outputs);
        expected = new float[rows * outputs];
        float[] expectedOutputs = new float[rows * outputs];
        actual = Garbage(rows * outputs);
        ReferenceKernels.Forward(x, w, b, expected, rows, inputs, outputs);
        ActivationKernels.Forward(context, ActivationKind.Gelu, 0, expected, expectedOutputs);
        DenseKernels.Forward(context, x, w, b, sums, actual, rows, inputs, outputs, ActivationKind.Gelu, 0);
        KernelCases.AssertSameBits(expected, sums, $"Forward, arguments, {shape}");
        KernelCases.AssertSameBits(expectedOutputs, actual, $"Forward, values, {shape}");
    }

    private static void AssertDivides(bool expected, KernelContext context, int rows, int inputs, int outputs, bool hasSharedRows)
    {
        float[] x = new float[rows * inputs], weights = new float[inputs * outputs], y = new float[rows * outputs];
        void Multiply() => DenseKernels.Forward(context, x, weights, [], y, y, rows, inputs, outputs, ActivationKind.Identity, 0, hasSharedRows);
        Multiply();

        // While other tests keep the processors busy, one thread does all there is.
        for (int attempt = 0; expected && !context.HasWorkers && attempt < 2_000; attempt++)
        {
            Thread.Sleep(5);
            Multiply();
        }

        Assert.Equal(expected, context.HasWorkers);
    }

    private static float[] SumsOfColumns(float[] matrix, int rows, int columns)
    {
        float[] sums = new float[columns];
        for (int i = 0; i < rows * columns; i++)
        {
            sums[i % columns] += matrix[i];
        }

        return sums;
    }

    // What is not written stays NaN and is seen.
    private static float[] Garbage(int count)
    {
        float[] garbage = new float[count];
        Array.Fill(garbage, float.NaN);
        return garbage;
    }
}
