using System;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class ReductionKernelsTests
{
    [Fact]
    public void The_sum_of_squares_has_the_documented_tree()
    {
        Random random = new(4);
        foreach (int count in KernelCases.AwkwardSizes)
        {
            float[] values = KernelCases.Numbers(random, count);
            double[] chains = new double[16];
            for (int i = 0; i < count; i++)
            {
                chains[i % 16] = Math.FusedMultiplyAdd(values[i], values[i], chains[i % 16]);
            }

            for (int half = 8; half > 0; half /= 2)
            {
                for (int j = 0; j < half; j++)
                {
                    chains[j] += chains[j + half];
                }
            }

            Assert.Equal(chains[0], ReductionKernels.SumOfSquares(values));
        }
    }

    [Fact]
    public void One_number_that_is_not_finite_is_found_anywhere()
    {
        foreach (int count in KernelCases.AwkwardSizes)
        {
            float[] values = new float[count];
            Array.Fill(values, float.MaxValue);
            Assert.True(ReductionKernels.AllFinite(values));
            for (int i = 0; i < count; i++)
            {
                foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    values[i] = bad;
                    Assert.False(ReductionKernels.AllFinite(values), $"{bad} at {i} of {count}");
                }

                values[i] = 1;
            }
        }
    }

    [Fact]
    public void A_number_that_is_not_finite_is_found_at_both_ends_and_in_the_middle_of_a_long_span()
    {
        float[] values = new float[(1 << 17) + 5];
        Assert.True(ReductionKernels.AllFinite(values));
        foreach (int i in new[] { 0, values.Length / 2, (values.Length / 2) + 16, values.Length - 1 })
        {
            values[i] = float.NaN;
            Assert.False(ReductionKernels.AllFinite(values), $"at {i}");
            values[i] = 0;
        }
    }

    [Fact]
    public void Column_sums_have_the_same_bits_on_two_threads()
    {
        Random random = new(5);
        using KernelContext one = new(), two = new(maxThreads: 2);
        foreach (int columns in new[] { 1, 15, 17, 40, 257 })
        {
            int rows = (1 << 17) / columns;
            float[] matrix = KernelCases.Numbers(random, rows * columns), alone = new float[columns], together = new float[columns];
            ReductionKernels.ColumnSums(one, matrix, alone, rows, columns);
            ReductionKernels.ColumnSums(two, matrix, together, rows, columns);
            Assert.Equal(alone, together);
            float expected = 0;
            for (int row = 0; row < rows; row++)
            {
                expected += matrix[(row * columns) + columns - 1];
            }

            Assert.Equal(expected, together[^1]);
        }
    }

    [Fact]
    public unsafe void A_buffer_starts_at_a_cache_line_and_holds_zeros()
    {
        foreach (int length in KernelCases.AwkwardSizes)
        {
            FloatBuffer buffer = new(length);
            Assert.Equal(0u, (nuint)buffer.Pointer % 64);
            Assert.Equal(length, buffer.Span.Length);
            Assert.All(buffer.Span.ToArray(), value => Assert.Equal(0, value));
            buffer.Span.Fill(1);
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(1, buffer.Pointer[i]);
            }
        }
    }
}
