using System;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

/// <summary>Widths, awkward sizes and reproducible numbers for the kernels' tests.</summary>
internal static class KernelCases
{
    public static readonly int[] AwkwardSizes = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 34, 63, 65, 100];

    /// <summary>Every width of this process, as test data.</summary>
    public static TheoryData<int> Widths()
    {
        TheoryData<int> widths = [];
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            widths.Add((int)width);
        }

        return widths;
    }

    public static float[] Numbers(Random random, int count)
    {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = (float)((random.NextDouble() * 2) - 1);
        }

        return numbers;
    }

    /// <summary>Equal bits; all NaNs are one.</summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                || (float.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            Assert.True(same, $"{what}, element {i}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }
}
