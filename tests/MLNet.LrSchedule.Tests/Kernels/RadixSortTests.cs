using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class RadixSortTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(5_000)]
    [InlineData(70_001)]
    public void Numbers_of_every_size_and_sign_come_out_ascending(int count)
    {
        var random = new Random(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            // Any bits but those of a NaN.
            do
            {
                values[i] = BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));
            }
            while (float.IsNaN(values[i]));
        }

        float[] expected = [.. values.Order()];
        new RadixSort().Sort(values);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void A_sort_serves_runs_of_different_lengths_and_few_values()
    {
        var sort = new RadixSort();
        var random = new Random(3);
        foreach (int count in new[] { 3_000, 1_500, 9_000, 2_000 })
        {
            float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-2, 3))];
            float[] expected = [.. values.Order()];
            sort.Sort(values);
            Assert.Equal(expected, values);

            float[] same = [.. Enumerable.Repeat(-1.5f, count)];
            sort.Sort(same);
            Assert.All(same, value => Assert.Equal(-1.5f, value));
        }
    }

    [Fact]
    public void Negative_zeros_come_before_zeros()
    {
        float[] values = [.. Enumerable.Range(0, 4_000).Select(i => i % 2 == 0 ? 0f : -0f)];
        new RadixSort().Sort(values);
        Assert.All(values.Take(2_000), value => Assert.True(float.IsNegative(value)));
        Assert.All(values.Skip(2_000), value => Assert.False(float.IsNegative(value)));
    }
}
