using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class SoftmaxCrossEntropyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void The_gradient_is_the_derivative_of_the_loss(double smoothing)
    {
        const int Classes = 5;
        const double Step = 1e-5;
        double[] z = Array.ConvertAll(KernelCases.Numbers(new Random(3), 3 * Classes), x => x * 3.0);
        double[] labels = [4, 0, 2];
        double[] weights = [1, 0.5, 2];
        double[] gradient = new double[z.Length];
        SoftmaxCrossEntropy.Evaluate(z, labels, weights, gradient, 1, Classes, smoothing);
        for (int i = 0; i < z.Length; i++)
        {
            double[] above = (double[])z.Clone();
            double[] below = (double[])z.Clone();
            above[i] += Step;
            below[i] -= Step;
            double slope = (SoftmaxCrossEntropy.Evaluate(above, labels, weights, [], 1, Classes, smoothing).Loss
                - SoftmaxCrossEntropy.Evaluate(below, labels, weights, [], 1, Classes, smoothing).Loss) / (2 * Step);
            Assert.Equal(slope, gradient[i], 1e-8);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void Every_width_gives_the_same_bits_close_to_double_precision(int classes)
    {
        const int Rows = 50;
        Random random = new(4);
        float[] z = Array.ConvertAll(KernelCases.Numbers(random, Rows * classes), x => x * 9);
        float[] labels = Labels(random, Rows, classes);

        float[] weights = Array.ConvertAll(KernelCases.Numbers(random, Rows), Math.Abs);
        foreach (double smoothing in new[] { 0, 0.2 })
        {
            using KernelContext scalar = new(1, VectorWidth.Scalar);
            float[] expected = new float[z.Length];
            LossSum sum = SoftmaxCrossEntropy.Evaluate(scalar, z, labels, weights, expected, 0.5f, classes, smoothing);
            double[] exact = new double[z.Length];
            LossSum exactSum = SoftmaxCrossEntropy.Evaluate(ToDouble(z), ToDouble(labels), ToDouble(weights), exact, 0.5, classes, smoothing);
            Assert.Equal(exactSum.Loss, sum.Loss, 1e-6 * exactSum.Loss);
            Assert.Equal(exactSum.Correct, sum.Correct);
            for (int i = 0; i < exact.Length; i++)
            {
                Assert.Equal(exact[i], expected[i], 3e-7);
            }

            foreach (VectorWidth width in KernelContext.AvailableWidths)
            {
                using KernelContext context = new(1, width);
                float[] inPlace = (float[])z.Clone();
                Assert.Equal(sum, SoftmaxCrossEntropy.Evaluate(context, inPlace, labels, weights, inPlace, 0.5f, classes, smoothing));
                KernelCases.AssertSameBits(expected, inPlace, $"{classes} classes at {width}");
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1500)]
    public void A_row_has_the_bits_it_has_alone(int classes)
    {
        const int Rows = 37;
        Random random = new(8);
        float[] z = Array.ConvertAll(KernelCases.Numbers(random, Rows * classes), x => x * 5);
        z[(3 * classes) + 1] = float.NaN;
        float[] labels = Labels(random, Rows, classes);

        using KernelContext context = new();
        float[] together = new float[z.Length];
        LossSum sum = SoftmaxCrossEntropy.Evaluate(context, z, labels, [], together, 0.25f, classes);
        Assert.True(double.IsNaN(sum.Loss));
        float[] alone = new float[z.Length];
        for (int row = 0; row < Rows; row++)
        {
            LossSum one = SoftmaxCrossEntropy.Evaluate(
                context, z.AsSpan(row * classes, classes), labels.AsSpan(row, 1), [], alone.AsSpan(row * classes, classes), 0.25f, classes);
            Assert.Equal(row == 3, double.IsNaN(one.Loss));
        }

        for (int i = 0; i < z.Length; i++)
        {
            bool isOfNaN = i / classes == 3;
            Assert.Equal(isOfNaN, float.IsNaN(together[i]));
            Assert.True(isOfNaN || BitConverter.SingleToInt32Bits(together[i]) == BitConverter.SingleToInt32Bits(alone[i]), $"element {i}");
        }
    }

    [Theory]
    [InlineData(2, 4001)]
    [InlineData(7, 512)]
    [InlineData(1500, 5)]
    public void Any_number_of_threads_gives_the_same_bits(int classes, int rows)
    {
        Random random = new(5);
        float[] z = Array.ConvertAll(KernelCases.Numbers(random, rows * classes), x => x * 5);
        float[] labels = Labels(random, rows, classes);

        float[] weights = Array.ConvertAll(KernelCases.Numbers(random, rows), Math.Abs);
        using KernelContext one = new();
        float[] expected = new float[z.Length];
        LossSum sum = SoftmaxCrossEntropy.Evaluate(one, z, labels, weights, expected, 0.5f, classes, 0.1);
        for (int threads = 2; threads <= 3; threads++)
        {
            using KernelContext context = new(threads);
            float[] inPlace = (float[])z.Clone();
            Assert.Equal(sum, SoftmaxCrossEntropy.Evaluate(context, inPlace, labels, weights, inPlace, 0.5f, classes, 0.1));
            KernelCases.AssertSameBits(expected, inPlace, $"{classes} classes on {threads} threads");
        }
    }

    [Fact]
    public void Of_equal_logits_the_first_class_is_predicted_and_none_beside_a_NaN()
    {
        using KernelContext context = new();
        float[] row = [1, 3, -0f, 3, 0f];
        float[] withNaN = [1, float.NaN, 5, 3, 0];
        for (int rows = 1; rows <= 40; rows += 39)
        {
            for (int label = 0; label < row.Length; label++)
            {
                float[] labels = new float[rows];
                Array.Fill(labels, label);
                Assert.Equal(label == 1 ? rows : 0, Evaluate(row).Correct);
                Assert.Equal(0, Evaluate(withNaN).Correct);

                LossSum Evaluate(float[] logits) =>
                    SoftmaxCrossEntropy.Evaluate(context, [.. Enumerable.Repeat(logits, rows).SelectMany(z => z)], labels, [], [], 1, row.Length);
            }
        }
    }

    [Fact]
    public void Large_logits_neither_overflow_nor_lose_the_loss()
    {
        using KernelContext context = new();
        float[] gradient = new float[6];
        LossSum sum = SoftmaxCrossEntropy.Evaluate(context, [1e30f, 0, -1e30f, 500, 490, -500], [0, 1], [], gradient, 1, 3);
        Assert.Equal(10 + Math.Log(1 + Math.Exp(-10)), sum.Loss, 1e-5);
        Assert.Equal(1, sum.Correct);
        Assert.Equal([0, 0, 0], gradient[..3]);
        Assert.Equal(0, gradient[3] + gradient[4], 1e-6);
    }

    [Fact]
    public void A_label_that_is_no_class_is_refused_by_row()
    {
        using KernelContext context = new();
        ArgumentException exception = Assert.Throws<ArgumentException>(() =>
            SoftmaxCrossEntropy.Evaluate(context, new float[6], [2, 3], [], [], 1, 3));
        Assert.Contains("Row 1 of the batch has the label 3", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Evaluate(context, new float[3], [float.NaN], [], [], 1, 3));
    }

    [Fact]
    public void Probabilities_sum_to_one()
    {
        using KernelContext context = new();
        float[] p = Array.ConvertAll(KernelCases.Numbers(new Random(8), 9 * 11), x => x * 20);
        SoftmaxCrossEntropy.Probabilities(context, p, p, 11);
        for (int row = 0; row < 9; row++)
        {
            double sum = 0;
            foreach (float value in p.AsSpan(row * 11, 11))
            {
                Assert.InRange(value, 0, 1);
                sum += value;
            }

            Assert.Equal(1, sum, 1e-6);
        }
    }

    private static float[] Labels(Random random, int rows, int classes) => [.. Enumerable.Range(0, rows).Select(_ => (float)random.Next(classes))];

    private static double[] ToDouble(float[] values) => Array.ConvertAll(values, x => (double)x);
}
