using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class PointLossKernelsTests
{
    [Fact]
    public void Cross_entropy_of_a_logit_is_stable_at_any_logit()
    {
        using KernelContext context = new();
        float[] logits = [1e30f, -1e30f, 100, -100, 1e30f, -1e30f, 0, 1e-20f];
        float[] labels = [1, 0, 1, 0, 0, 1, 1, 0];
        float[] gradient = new float[8];
        Assert.Equal(0, Evaluate(context, logits[..2], labels[..2], [], gradient.AsSpan(0, 2)).Loss);
        Assert.Equal(2 * Math.Exp(-100), Evaluate(context, logits[2..4], labels[2..4], [], gradient.AsSpan(2, 2)).Loss, 1e-44);
        Assert.Equal(2e30, Evaluate(context, logits[4..6], labels[4..6], [], gradient.AsSpan(4, 2)).Loss, 1e24);
        Assert.Equal(2 * Math.Log(2), Evaluate(context, logits[6..], labels[6..], [], gradient.AsSpan(6, 2)).Loss, 1e-7);
        Assert.Equal([0, 0, 0, 3.8e-44f, 1, -1, -0.5f, 0.5f], gradient);
    }

    [Fact]
    public void Cross_entropy_agrees_with_its_double_precision_run_and_that_with_the_formula()
    {
        using KernelContext context = new();
        float[] z = Array.ConvertAll(KernelCases.Numbers(new Random(1), 500), x => x * 20);
        float[] y = Array.ConvertAll(z, x => BitConverter.SingleToInt32Bits(x) % 3 == 0 ? 1f : 0f);
        foreach (double smoothing in new[] { 0, 0.1 })
        {
            BinaryCrossEntropy loss = new(smoothing);
            for (int i = 0; i < z.Length; i++)
            {
                double t = (y[i] * (1 - smoothing)) + (smoothing / 2);
                double p = 1 / (1 + Math.Exp(-(double)z[i]));
                double[] exactGradient = new double[1];
                float[] gradient = new float[1];
                double exact = PointLossKernels.Evaluate(loss, [(double)z[i]], [(double)y[i]], [], exactGradient, 1).Loss;
                double single = PointLossKernels.Evaluate(context, loss, z.AsSpan(i, 1), y.AsSpan(i, 1), [], gradient, 1).Loss;
                Assert.Equal(-(t * Math.Log(p)) - ((1 - t) * Math.Log(1 / (1 + Math.Exp(z[i])))), exact, 1e-12);
                Assert.Equal(p - t, exactGradient[0], 1e-14);
                Assert.Equal(exact, single, 3e-6);
                Assert.Equal(exactGradient[0], gradient[0], 2e-7);
            }
        }
    }

    [Fact]
    public void Weights_count_as_rows_do()
    {
        using KernelContext context = new();
        float[] z = [0.5f, -1, 2, 0.25f];
        float[] y = [1, 1, 0, 0];
        float[] weighted = new float[4];
        float[] repeated = new float[5];
        LossSum weightedSum = Evaluate(context, z, y, [2, 1, 0, 1], weighted, 0.25f);
        LossSum repeatedSum = Evaluate(context, [0.5f, 0.5f, -1, 0.25f], [1, 1, 1, 0], [], repeated.AsSpan(0, 4), 0.25f);
        Assert.Equal(repeatedSum.Loss, weightedSum.Loss, 1e-12);
        Assert.Equal(4, weightedSum.Weight);
        Assert.Equal(4, repeatedSum.Weight);
        Assert.Equal(2, weightedSum.Correct);
        Assert.Equal(2, repeatedSum.Correct);
        Assert.Equal([repeated[0] + repeated[1], repeated[2], 0, repeated[3]], weighted);
    }

    [Fact]
    public void Every_width_gives_the_same_bits_and_the_gradient_may_replace_the_predictions()
    {
        Random random = new(9);
        float[] z = Array.ConvertAll(KernelCases.Numbers(random, 777), x => x * 30);
        float[] y = Array.ConvertAll(z, x => BitConverter.SingleToInt32Bits(x) % 2 == 0 ? 1f : 0f);
        float[] w = Array.ConvertAll(KernelCases.Numbers(random, 777), Math.Abs);
        float[] expected = new float[777];
        using KernelContext scalar = new(1, VectorWidth.Scalar);
        LossSum expectedSum = Evaluate(scalar, z, y, w, expected, 0.1f);
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            using KernelContext context = new(1, width);
            float[] inPlace = (float[])z.Clone();
            Assert.Equal(expectedSum, Evaluate(context, inPlace, y, w, inPlace, 0.1f));
            KernelCases.AssertSameBits(expected, inPlace, width.ToString());
            Assert.Equal(expectedSum, Evaluate(context, z, y, w, [], 0.1f));
        }
    }

    // 600 rows are more than a chunk, and end amid a vector of every width.
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(600)]
    public void Rows_are_right_where_the_logit_is_on_the_side_of_the_label(int rows)
    {
        Random random = new(rows);
        float[] z = [.. Enumerable.Range(0, rows).Select(i => i % 7 == 0 ? 0f : i % 31 == 30 ? float.NaN : random.NextSingle() - 0.5f)];
        float[] y = [.. z.Select(_ => (float)random.Next(2))];
        float[] w = [.. z.Select(_ => random.Next(4) / 2f)];
        bool[] right = [.. z.Zip(y, (logit, label) => logit > 0 == label > 0.5f)];
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            using KernelContext context = new(1, width);
            Assert.Equal(right.Count(isRight => isRight), Evaluate(context, z, y, [], []).Correct);
            LossSum weighted = Evaluate(context, z, y, w, []);
            Assert.Equal(w.Zip(right, (weight, isRight) => isRight ? weight : 0).Sum(), weighted.Correct);
            Assert.Equal(w.Sum(), weighted.Weight);
        }

        double[] wide = Array.ConvertAll(z, x => (double)x);
        LossSum reference = PointLossKernels.Evaluate(new BinaryCrossEntropy(0), wide, Array.ConvertAll(y, x => (double)x), [], [], 1);
        Assert.Equal(right.Count(isRight => isRight), reference.Correct);
    }

    private static LossSum Evaluate(
        KernelContext context, ReadOnlySpan<float> z, ReadOnlySpan<float> y, ReadOnlySpan<float> w, Span<float> gradient, float scale = 1) =>
        PointLossKernels.Evaluate(context, new BinaryCrossEntropy(0), z, y, w, gradient, scale);
}
