using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class SparseKernelsTests
{
    public static TheoryData<int> Widths => KernelCases.Widths();

    [Theory]
    [MemberData(nameof(Widths))]
    public void Sparse_rows_give_the_bits_of_the_same_rows_made_dense(int width)
    {
        Random random = new(21);
        foreach (int threads in new[] { 1, 2 })
        {
            using KernelContext context = new(threads, (VectorWidth)width);
            foreach (int outputs in new[] { 1, 2, 15, 16, 17, 34, 64, 65, 100, 130 })
            {
                foreach (int rows in new[] { 0, 1, 9, 300 })
                {
                    AssertSameAsDense(context, random, rows, 70, outputs);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_gradient_has_the_bits_of_dense_rows_whatever_batches_and_threads_came_before(int width)
    {
        Random random = new(22);
        using KernelContext one = new(1, (VectorWidth)width);
        using KernelContext two = new(2, (VectorWidth)width) { AssumesFarThreads = false };
        using KernelContext three = new(3, (VectorWidth)width) { AssumesFarThreads = false };

        // Two threads divide 333 outputs of 200 inputs, three also 400 of 170.
        foreach ((int inputs, int outputs) in new[] { (70, 1), (70, 7), (70, 16), (70, 31), (70, 64), (70, 79), (70, 207), (200, 333), (170, 400) })
        {
            SparseGradient gradient = new(inputs);
            float[] actual = new float[inputs * outputs];
            int batch = 0;
            foreach (KernelContext context in new[] { one, three, two, one, three })
            {
                foreach (float[] dense in Batches(random, inputs))
                {
                    if (++batch % 5 == 0)
                    {
                        actual.AsSpan().Fill(7);
                        gradient.MarkWritten();
                    }
                    else if (batch % 3 == 0)
                    {
                        actual.AsSpan().Clear();
                        gradient.MarkClear();
                    }

                    AssertSameInTraining(context, gradient, actual, dense, random, inputs, outputs, $"Batch {batch}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Threads_that_divide_the_rows_and_columns_of_a_batch_give_the_bits_of_dense_rows(int width)
    {
        Random random = new(23);
        const int Inputs = 210;
        foreach (int outputs in new[] { 17, 79, 100 })
        {
            SparseGradient gradient = new(Inputs);
            float[] actual = new float[Inputs * outputs];
            foreach ((int threads, bool areFar) in new[] { (2, false), (3, false), (2, true), (5, false), (2, false) })
            {
                using KernelContext context = new(threads, (VectorWidth)width) { AssumesFarThreads = areFar };
                foreach (float[] dense in LargeBatches(random, Inputs))
                {
                    AssertSameInTraining(context, gradient, actual, dense, random, Inputs, outputs, areFar ? "Far" : "Near");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Far_threads_that_divide_the_outputs_give_the_bits_of_dense_rows(int width)
    {
        Random random = new(24);
        const int Inputs = 210;
        const int Outputs = 530;
        SparseGradient gradient = new(Inputs);
        float[] actual = new float[Inputs * Outputs];
        using KernelContext context = new(2, (VectorWidth)width) { AssumesFarThreads = true };
        foreach ((int rows, SparseDivision division) in new[] { (250, SparseDivision.Outputs), (100, SparseDivision.None), (230, SparseDivision.Outputs) })
        {
            AssertSameInTraining(context, gradient, actual, RandomRows(random, rows, Inputs), random, Inputs, Outputs, "Far");
            Assert.Equal(division, gradient.Division);
        }
    }

    [Theory]
    [InlineData(2, 64, 1 << 13, false, SparseDivision.Elements)]
    [InlineData(2, 64, (1 << 13) - 1, false, SparseDivision.None)]
    [InlineData(2, 64, 1 << 13, true, SparseDivision.None)]
    [InlineData(1, 512, 1 << 13, false, SparseDivision.None)]
    [InlineData(2, 256, 1, false, SparseDivision.Outputs)]
    [InlineData(2, 255, 1, false, SparseDivision.None)]
    [InlineData(3, 256, 1 << 13, false, SparseDivision.Elements)]
    [InlineData(2, 256, 1 << 14, true, SparseDivision.None)]
    [InlineData(2, 512, 1 << 13, true, SparseDivision.Outputs)]
    [InlineData(2, 512, (1 << 13) - 1, true, SparseDivision.None)]
    public void A_batch_is_divided_by_the_width_of_the_layer_its_size_and_the_distance_of_the_threads(
        int threads, int outputs, int elements, bool areFar, object division)
    {
        using KernelContext context = new(threads) { AssumesFarThreads = areFar };
        SparseRows rows = new([0, elements], new int[elements], new float[elements]);
        Assert.Equal(division, SparseKernels.Division(context, rows, 1000, outputs));
    }

    [Fact]
    public void A_gradient_is_cleared_unless_it_is_said_to_be_zero()
    {
        using KernelContext context = new();
        float[] weightGradient = [9, 9, 9, 9, 9, 9];
        SparseGradient gradient = new(3);
        SparseRows rows = new([0, 1], [1], [2f]);
        gradient.Set(context, rows, [3, 4], weightGradient, [], 2);
        Assert.Equal([0, 0, 6, 8, 0, 0], weightGradient);
        gradient.Set(context, rows, [3, 4], weightGradient, [], 2);
        Assert.Equal([0, 0, 6, 8, 0, 0], weightGradient);

        // What is said to be zero is not looked at, but added to.
        gradient.MarkClear();
        gradient.Set(context, rows, [3, 4], weightGradient, [], 2);
        Assert.Equal([0, 0, 12, 16, 0, 0], weightGradient);
    }

    [Fact]
    public void A_column_beyond_the_inputs_is_refused()
    {
        using KernelContext context = new();
        ArgumentException exception = Assert.Throws<ArgumentException>(() => SparseKernels.Forward(
            context, new SparseRows([0, 1], [3], [1f]), new float[6], [], new float[2], new float[2], 3, 2, ActivationKind.Identity, 0));
        Assert.Contains("column 3, but there are 3 columns", exception.Message, StringComparison.Ordinal);
    }

    // A full batch, one row, rows without elements, one column in every row, no row, and a smaller last batch.
    private static IEnumerable<float[]> Batches(Random random, int inputs)
    {
        yield return RandomRows(random, 120, inputs);
        yield return RandomRows(random, 1, inputs);
        yield return RandomRows(random, 120, inputs);
        yield return new float[9 * inputs];
        float[] single = new float[200 * inputs];
        for (int row = 0; row < 200; row++)
        {
            single[(row * inputs) + 41] = random.NextSingle() + 0.1f;
        }

        yield return single;
        yield return [];
        yield return RandomRows(random, 37, inputs);
    }

    // Batches that threads divide, one that they do not, rows whose elements all belong to the first thread, or to the last, and rows without any.
    private static IEnumerable<float[]> LargeBatches(Random random, int inputs)
    {
        yield return RandomRows(random, 600, inputs);
        yield return RandomRows(random, 20, inputs);
        float[] first = RandomRows(random, 1100, inputs);
        float[] last = RandomRows(random, 1300, inputs);
        for (int i = 0; i < first.Length; i++)
        {
            first[i] = i % inputs < 60 || i / inputs % 9 == 0 ? first[i] : 0;
        }

        for (int i = 0; i < last.Length; i++)
        {
            last[i] = i % inputs >= 192 || i / inputs % 5 == 0 ? last[i] : 0;
        }

        yield return first;
        yield return last;
        yield return RandomRows(random, 1200, inputs);
    }

    // The last columns occur in no row.
    private static float[] RandomRows(Random random, int rows, int inputs)
    {
        float[] dense = new float[rows * inputs];
        for (int i = 0; i < dense.Length; i++)
        {
            dense[i] = i % inputs < inputs - 5 && random.Next(4) == 0 ? random.NextSingle() + 0.1f : 0;
        }

        return dense;
    }

    private static SparseRows Sparse(float[] dense, int rows, int inputs)
    {
        List<int> offsets = [0];
        List<int> columns = [];
        List<float> values = [];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < inputs; column++)
            {
                if (dense[(row * inputs) + column] != 0)
                {
                    columns.Add(column);
                    values.Add(dense[(row * inputs) + column]);
                }
            }

            offsets.Add(columns.Count);
        }

        return new SparseRows(offsets.ToArray(), columns.ToArray(), values.ToArray());
    }

    // The way there and back of a batch, the gradient in the buffer of the batches before.
    private static void AssertSameInTraining(
        KernelContext context, SparseGradient gradient, float[] actualGradient, float[] dense, Random random, int inputs, int outputs, string what)
    {
        int rows = dense.Length / inputs;
        SparseRows sparse = Sparse(dense, rows, inputs);
        string shape = $"{what}, {rows} rows, {outputs} outputs, {context.MaxThreads} threads";
        float[] w = KernelCases.Numbers(random, inputs * outputs);
        float[] b = KernelCases.Numbers(random, outputs);
        float[] expected = new float[rows * outputs];
        float[] actual = new float[rows * outputs];
        DenseKernels.Forward(context, dense, w, b, expected, rows, inputs, outputs, ActivationKind.Relu, 0);
        SparseKernels.Forward(context, sparse, w, b, actual, actual, inputs, outputs, ActivationKind.Relu, 0, isTraining: true);
        KernelCases.AssertSameBits(expected, actual, $"Forward in training, {shape}");

        float[] g = KernelCases.Numbers(random, rows * outputs);
        float[] expectedGradient = new float[inputs * outputs];
        DenseKernels.WeightGradient(context, dense, g, expectedGradient, [], rows, inputs, outputs);
        gradient.Set(context, sparse, g, actualGradient, [], outputs);
        KernelCases.AssertSameBits(expectedGradient, actualGradient, $"Gradient, {shape}");
    }

    private static void AssertSameAsDense(KernelContext context, Random random, int rows, int inputs, int outputs)
    {
        float[] dense = new float[rows * inputs];
        for (int i = 0; i < dense.Length; i++)
        {
            dense[i] = random.Next(4) == 0 ? (float)(random.NextDouble() + 0.1) : 0;
        }

        SparseRows sparse = Sparse(dense, rows, inputs);
        float[] w = KernelCases.Numbers(random, inputs * outputs);
        float[] b = KernelCases.Numbers(random, outputs);
        float[] g = KernelCases.Numbers(random, rows * outputs);
        string shape = $"{rows} rows, {outputs} outputs, {context.MaxThreads} threads";

        float[] expected = new float[rows * outputs];
        float[] actual = new float[rows * outputs];
        DenseKernels.Forward(context, dense, w, b, expected, rows, inputs, outputs, ActivationKind.Relu, 0);
        SparseKernels.Forward(context, sparse, w, b, actual, actual, inputs, outputs, ActivationKind.Relu, 0);
        KernelCases.AssertSameBits(expected, actual, $"Forward, {shape}");

        float[] expectedGradient = new float[inputs * outputs];
        float[] expectedBias = new float[outputs];
        float[] actualBias = new float[outputs];
        DenseKernels.WeightGradient(context, dense, g, expectedGradient, expectedBias, rows, inputs, outputs);

        // A batch of one element first: what it wrote must be gone.
        SparseGradient gradient = new(inputs);
        float[] reused = new float[inputs * outputs];
        if (rows > 0)
        {
            gradient.Set(context, new SparseRows([0, 1], [3], [2f]), g.AsSpan(0, outputs), reused, [], outputs);
        }

        gradient.Set(context, sparse, g, reused, actualBias, outputs);
        KernelCases.AssertSameBits(expectedGradient, reused, $"Reused gradient, {shape}");
        KernelCases.AssertSameBits(expectedBias, actualBias, $"Bias gradient, {shape}");
        gradient.Set(context, new SparseRows([0], [], []), [], reused, [], outputs);
        Assert.All(reused, number => Assert.Equal(0, number));
        reused.AsSpan().Fill(7);
        gradient.MarkWritten();
        gradient.Set(context, sparse, g, reused, actualBias, outputs);
        KernelCases.AssertSameBits(expectedGradient, reused, $"Gradient after another's, {shape}");
    }
}
