using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class NormalizationKernelsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 17)]
    [InlineData(9, 33)]
    [InlineData(32, 100)]
    public void Batch_normalization_has_the_same_bits_on_every_width(int rows, int columns)
    {
        float[][] expected = RunBatch(VectorWidth.Scalar, rows, columns);
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            float[][] actual = RunBatch(width, rows, columns);
            for (int i = 0; i < expected.Length; i++)
            {
                KernelCases.AssertSameBits(expected[i], actual[i], $"Result {i} at {width}");
            }
        }
    }

    [Fact]
    public void A_batch_normalized_column_has_mean_zero_and_variance_one()
    {
        float[] normalized = RunBatch(KernelContext.AvailableWidths[^1], 50, 20)[1];
        for (int column = 0; column < 20; column++)
        {
            double[] values = [.. Enumerable.Range(0, 50).Select(row => (double)normalized[(row * 20) + column])];
            Assert.Equal(0, values.Average(), 1e-6);
            Assert.Equal(1, values.Average(value => value * value), 1e-3);
        }
    }

    [Fact]
    public void A_single_row_moves_no_running_statistics_and_gives_the_shift()
    {
        float[][] results = RunBatch(KernelContext.AvailableWidths[^1], 1, 20);
        Assert.Equal(Inputs(1, 20).Shift, results[0]);
        Assert.All(results[3], value => Assert.Equal(0.25f, value));
        Assert.All(results[4], value => Assert.Equal(2f, value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    [InlineData(100)]
    public void Layer_normalization_follows_its_formula_at_any_width(int columns)
    {
        (float[] input, float[] scale, float[] shift, float[] gradient) = Inputs(4, columns);
        float[] output = new float[input.Length];
        float[] normalized = new float[input.Length];
        float[] inverse = new float[4];
        LayerNormalizationKernels.Forward(input, output, normalized, inverse, scale, shift, 1e-5f);
        float[] again = new float[input.Length];
        LayerNormalizationKernels.Forward(input, again, [], [], scale, shift, 1e-5f);
        KernelCases.AssertSameBits(output, again, "Evaluation");

        float[] inputGradient = new float[input.Length];
        float[] scaleGradient = new float[columns];
        float[] shiftGradient = new float[columns];
        LayerNormalizationKernels.Backward(gradient, normalized, inverse, scale, scaleGradient, shiftGradient, inputGradient);
        double[] exactScale = new double[columns];
        for (int row = 0; row < 4; row++)
        {
            double[] x = [.. input.AsSpan(row * columns, columns).ToArray().Select(value => (double)value)];
            double[] h = [.. gradient.AsSpan(row * columns, columns).ToArray().Select((g, c) => (double)g * scale[c])];
            double mean = x.Average();
            double deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + 1e-5);
            double[] n = [.. x.Select(value => (value - mean) / deviation)];
            double slope = h.Zip(n, (a, b) => a * b).Average();
            for (int c = 0; c < columns; c++)
            {
                int place = (row * columns) + c;
                exactScale[c] += gradient[place] * n[c];
                Assert.Equal((n[c] * scale[c]) + shift[c], output[place], 3e-6);
                double expected = (h[c] - h.Average() - (n[c] * slope)) / deviation;
                Assert.Equal(expected, inputGradient[place], 1e-5 / deviation);
            }
        }

        for (int c = 0; c < columns; c++)
        {
            Assert.Equal(exactScale[c], scaleGradient[c], 1e-5);
            Assert.Equal(Enumerable.Range(0, 4).Sum(row => (double)gradient[(row * columns) + c]), shiftGradient[c], 1e-6);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Dropout_keeps_its_share_and_divides_by_it(double rate)
    {
        const ulong Key = 0x123456789ABCDEF0;
        float[] ones = new float[100_003];
        Array.Fill(ones, 1);
        float[] dropped = new float[ones.Length];
        DropoutKernels.Apply(ones, dropped, Key, rate);
        int kept = 0;
        for (int i = 0; i < ones.Length; i++)
        {
            bool isKept = DropoutKernels.IsKept(Key, i, rate);
            kept += isKept ? 1 : 0;
            Assert.Equal(isKept ? (float)(1 / (1 - rate)) : 0, dropped[i]);
        }

        // Within five standard deviations of the binomial count.
        Assert.InRange(kept, (ones.Length * (1 - rate)) - (5 * Math.Sqrt(ones.Length * rate * (1 - rate))), (ones.Length * (1 - rate)) + (5 * Math.Sqrt(ones.Length * rate * (1 - rate))));
    }

    [Fact]
    public void Masks_of_different_keys_are_unrelated_and_that_of_rate_zero_keeps_everything()
    {
        int agreeing = Enumerable.Range(0, 10_000).Count(i => DropoutKernels.IsKept(1, i, 0.5) == DropoutKernels.IsKept(2, i, 0.5));
        Assert.InRange(agreeing, 4750, 5250);
        Assert.All(Enumerable.Range(0, 100), i => Assert.True(DropoutKernels.IsKept(7, i, 0)));
        float[] values = [float.NaN, 1, -2];
        DropoutKernels.Apply(values, values, 7, 0);
        KernelCases.AssertSameBits([float.NaN, 1, -2], values, "Rate zero");
    }

    private static (float[] Input, float[] Scale, float[] Shift, float[] Gradient) Inputs(int rows, int columns)
    {
        Random random = new(3);
        return (KernelCases.Numbers(random, rows * columns), KernelCases.Numbers(random, columns), KernelCases.Numbers(random, columns), KernelCases.Numbers(random, rows * columns));
    }

    private static float[][] RunBatch(VectorWidth width, int rows, int columns)
    {
        using KernelContext context = new(1, width);
        (float[] input, float[] scale, float[] shift, float[] gradient) = Inputs(rows, columns);
        float[] output = new float[input.Length];
        float[] normalized = new float[input.Length];
        float[] inverse = new float[columns];
        float[] mean = new float[columns];
        float[] variance = new float[columns];
        Array.Fill(mean, 0.25f);
        Array.Fill(variance, 2);
        BatchNormalizationKernels.ForwardTraining(context, input, output, normalized, inverse, scale, shift, mean, variance, 1e-5, 0.9);
        float[] evaluated = new float[input.Length];
        BatchNormalizationKernels.ForwardEvaluation(context, input, evaluated, scale, shift, mean, variance, 1e-5);
        float[] scaleGradient = new float[columns];
        float[] shiftGradient = new float[columns];
        float[] inputGradient = new float[input.Length];
        BatchNormalizationKernels.Backward(context, gradient, normalized, inverse, scale, scaleGradient, shiftGradient, inputGradient);
        return [output, normalized, inverse, mean, variance, evaluated, scaleGradient, shiftGradient, inputGradient];
    }
}
