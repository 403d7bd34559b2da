using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class EmbeddingKernelsTests
{
    // Columns: number, two categories in two numbers, number, three categories in one number, number.
    private static readonly EmbeddingTable[] _tables = [new(1, 2, 2), new(4, 3, 1)];

    private static readonly float[] _numbers =
    [
        1, 2,
        3, 4,
        5, 6,
        10, 20, 30, 40,
    ];

    public static TheoryData<int> Widths => KernelCases.Widths();

    [Fact]
    public void Rows_are_looked_up_by_hand_and_the_other_columns_come_first()
    {
        float[] outputs = Forward(
            [
                7, 1, 0, 8, 0, 0, 1, 9,
                7, 0, 1, 8, 1, 0, 0, 9,
            ]);

        Assert.Equal([7, 8, 9, 1, 2, 30, 7, 8, 9, 3, 4, 10], outputs);
    }

    [Fact]
    public void A_row_of_zeros_has_the_last_row_of_its_table() =>
        Assert.Equal([7, 8, 9, 5, 6, 40], Forward([7, 0, float.NegativeZero, 8, 0, 0, 0, 9]));

    [Fact]
    public void Several_columns_and_other_values_than_one_add_up() =>
        Assert.Equal([0, 0, 0, 2 * 1 - 3, 2 * 2 - 4, 0.5f * 10 + 30], Forward([0, 2, -1, 0, 0.5f, 0, 1, 0]));

    [Fact]
    public void A_column_that_is_NaN_makes_the_numbers_of_its_own_table_NaN() =>
        Assert.Equal([7, 8, 9, float.NaN, float.NaN, 20], Forward([7, float.NaN, 0, 8, 0, 1, 0, 9]));

    [Fact]
    public void The_gradient_is_added_up_by_hand()
    {
        using KernelContext context = new();
        float[] inputs =
        [
            7, 1, 0, 8, 0, 0, 1, 9,
            7, 1, 0, 8, 0, 0, 0, 9,
            7, 0, 2, 8, 1, 0, 1, 9,
        ];
        float[] outputGradient =
        [
            0, 0, 0, 0.5f, 1, 2,
            0, 0, 0, 4, 8, 16,
            0, 0, 0, 32, 64, 128,
        ];
        float[] gradient = [.. Enumerable.Repeat(float.NaN, _numbers.Length)];

        EmbeddingKernels.Backward(context, _tables, gradient, inputs, outputGradient, 3, 8, EmbeddingMask.None);

        Assert.Equal([4.5f, 9, 64, 128, 0, 0, 128, 0, 2 + 128, 16], gradient);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Sparse_rows_and_any_width_give_the_bits_of_dense_rows_looked_up_one_by_one(int width)
    {
        Random random = new(5);
        using KernelContext context = new(2, (VectorWidth)width), plain = new(1, VectorWidth.Scalar);
        EmbeddingTable[] tables = [new(0, 1, 1), new(3, 40, 17), new(43, 9, 8), new(60, 5, 33)];
        const int Inputs = 70, Outputs = 15 + 1 + 17 + 8 + 33;
        float[] numbers = KernelCases.Numbers(random, tables.Sum(table => table.Length));
        foreach (int rows in new[] { 0, 1, 9, 100 })
        {
            foreach (EmbeddingMask mask in new[] { EmbeddingMask.None, new EmbeddingMask(77, 0.4) })
            {
                float[] dense = [.. KernelCases.Numbers(random, rows * Inputs).Select(x => random.Next(6) == 0 ? x : 0)];
                float[] outputGradient = KernelCases.Numbers(random, rows * Outputs);
                (int[] offsets, int[] columns, float[] values) = ToSparse(dense, rows, Inputs);
                float[] expected = new float[rows * Outputs], expectedGradient = new float[numbers.Length];
                float[] actual = new float[rows * Outputs], gradient = new float[numbers.Length];

                EmbeddingKernels.Forward(plain, tables, numbers, dense, expected, rows, Inputs, mask);
                EmbeddingKernels.Backward(plain, tables, expectedGradient, dense, outputGradient, rows, Inputs, mask);

                EmbeddingKernels.Forward(context, tables, numbers, dense, actual, rows, Inputs, mask);
                KernelCases.AssertSameBits(expected, actual, $"dense, {rows} rows");
                EmbeddingKernels.Forward(context, tables, numbers, new SparseRows(offsets, columns, values), actual, Inputs, mask);
                KernelCases.AssertSameBits(expected, actual, $"sparse, {rows} rows");
                EmbeddingKernels.Backward(context, tables, gradient, dense, outputGradient, rows, Inputs, mask);
                KernelCases.AssertSameBits(expectedGradient, gradient, $"dense gradient, {rows} rows");
                EmbeddingKernels.Backward(context, tables, gradient, new SparseRows(offsets, columns, values), outputGradient, Inputs, mask);
                KernelCases.AssertSameBits(expectedGradient, gradient, $"sparse gradient, {rows} rows");
            }
        }
    }

    [Fact]
    public void The_tables_alone_give_the_numbers_of_whole_rows()
    {
        using KernelContext context = new();
        float[] inputs = [7, 1, 0, 8, 0, 0, 1, 9, 7, 0, 0, 8, 1, 0, 0, 9], outputs = new float[6], gradient = new float[_numbers.Length];

        EmbeddingKernels.Forward(context, _tables, _numbers, inputs, outputs, 2, 8, EmbeddingMask.None);
        EmbeddingKernels.Backward(context, _tables, gradient, new SparseRows([0, 5], [0, 1, 3, 6, 7], [7, 1, 8, 1, 9]), [2, 3, 4], 8, EmbeddingMask.None);

        Assert.Equal([1, 2, 30, 5, 6, 10], outputs);
        Assert.Equal([2, 3, 0, 0, 0, 0, 0, 0, 4, 0], gradient);
    }

    [Fact]
    public void Stored_zeros_of_a_sparse_row_are_zeros()
    {
        using KernelContext context = new();
        float[] outputs = new float[6];

        EmbeddingKernels.Forward(context, _tables, _numbers, new SparseRows([0, 3], [1, 4, 5], [0, 0, 1]), outputs, 8, EmbeddingMask.None);

        Assert.Equal([0, 0, 0, 5, 6, 20], outputs);
    }

    [Fact]
    public void Masked_tables_have_their_last_row_in_the_share_of_the_rate_and_each_for_itself()
    {
        using KernelContext context = new();
        const int Rows = 20_000;
        float[] inputs = [.. Enumerable.Range(0, Rows).SelectMany(_ => new float[] { 7, 1, 0, 8, 0, 0, 1, 9 })];
        float[] outputs = new float[Rows * 6];

        EmbeddingKernels.Forward(context, _tables, _numbers, inputs, outputs, Rows, 8, new EmbeddingMask(123456789, 0.1));

        (bool First, bool Second)[] masked = [.. outputs.Chunk(6).Select(row => (row[3] == 5 && row[4] == 6, row[5] == 40))];
        Assert.All(outputs.Chunk(6), row => Assert.True(row[3] is 1 or 5 && row[5] is 30 or 40));
        Assert.InRange(masked.Count(row => row.First), 0.09 * Rows, 0.11 * Rows);
        Assert.InRange(masked.Count(row => row.Second), 0.09 * Rows, 0.11 * Rows);
        Assert.InRange(masked.Count(row => row is { First: true, Second: true }), 0.007 * Rows, 0.013 * Rows);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using KernelContext context = new();
        float[] outputs = new float[6];
        Assert.Throws<ArgumentException>(() => EmbeddingKernels.Forward(context, _tables, _numbers, new float[7], outputs, 1, 8, default));
        Assert.Throws<ArgumentException>(() => EmbeddingKernels.Forward(context, _tables, new float[9], new float[8], outputs, 1, 8, default));
        Assert.Throws<ArgumentException>(() => EmbeddingKernels.Forward(context, _tables, _numbers, new float[8], new float[5], 1, 8, default));
        Assert.Throws<ArgumentException>(() => EmbeddingKernels.Forward(context, _tables, _numbers, new float[8], new float[4], 1, 8, default));
        Assert.Throws<ArgumentException>(() => EmbeddingKernels.Forward(context, _tables, _numbers, new float[6], new float[4], 1, 6, default));
        EmbeddingTable[] twice = [_tables[1], _tables[0]];
        Assert.Throws<ArgumentException>(() => EmbeddingKernels.Forward(context, twice, _numbers, new float[8], outputs, 1, 8, default));
        foreach (int[] columns in new int[][] { [2, 1], [1, 1], [1, 8], [-1, 1] })
        {
            Assert.Throws<ArgumentException>(() =>
                EmbeddingKernels.Forward(context, _tables, _numbers, new SparseRows([0, 2], columns, [1, 1]), outputs, 8, default));
        }
    }

    private static float[] Forward(float[] inputs)
    {
        using KernelContext context = new();
        int rows = inputs.Length / 8;
        float[] outputs = new float[6 * rows];
        EmbeddingKernels.Forward(context, _tables, _numbers, inputs, outputs, rows, 8, EmbeddingMask.None);
        return outputs;
    }

    private static (int[] Offsets, int[] Columns, float[] Values) ToSparse(float[] dense, int rows, int inputs)
    {
        List<int> offsets = [0], columns = [];
        List<float> values = [];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < inputs; column++)
            {
                if (dense[(row * inputs) + column] is not 0 and float value)
                {
                    columns.Add(column);
                    values.Add(value);
                }
            }

            offsets.Add(columns.Count);
        }

        return ([.. offsets], [.. columns], [.. values]);
    }
}
