using System;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class RegressionLossesTests
{
    [Fact]
    public void Losses_have_the_values_of_their_formulas()
    {
        Assert.Equal([4, 0, 2.25], Losses(new SquaredError(), [3, 1, -0.5], [1, 1, 1]));
        Assert.Equal([2, 0, 1.5], Losses(new AbsoluteError(), [3, 1, -0.5], [1, 1, 1]));
        Assert.Equal([0.5 * (2 - 0.25), 0, 0.5 * 0.4 * 0.4], Losses(new HuberError(0.5), [3, 1, 0.6], [1, 1, 1]), (x, y) => Math.Abs(x - y) < 1e-15);
        Assert.Equal([2 * (1 - 0.75), 0, 1.5 * 0.75], Losses(new PinballError(0.75), [3, 1, -0.5], [1, 1, 1]));
        Assert.Equal([Math.Exp(0.5) - (3 * 0.5)], Losses(new PoissonLikelihood(), [0.5], [3]), (x, y) => Math.Abs(x - y) < 1e-15);
    }

    [Fact]
    public void Slopes_are_the_derivatives()
    {
        AssertSlope(new SquaredError());
        AssertSlope(new AbsoluteError());
        AssertSlope(new HuberError(0.7));
        AssertSlope(new PinballError(0.9));
        AssertSlope(new PoissonLikelihood());
        AssertSlope(new BinaryCrossEntropy(0.1), 0, 1);
    }

    [Fact]
    public void Every_width_gives_the_same_bits_close_to_double_precision()
    {
        AssertWidths(new SquaredError());
        AssertWidths(new AbsoluteError());
        AssertWidths(new HuberError(0.7));
        AssertWidths(new PinballError(0.9));
        AssertWidths(new PoissonLikelihood());
        AssertWidths(new BinaryCrossEntropy(0.1));
    }

    [Fact]
    public void No_regression_prediction_counts_as_a_correct_class()
    {
        using KernelContext context = new();
        Assert.Equal(0, PointLossKernels.Evaluate(context, new SquaredError(), [1, 0], [1, 0], [], [], 1).Correct);
    }

    private static double[] Losses<TLoss>(in TLoss loss, double[] predictions, double[] targets)
        where TLoss : struct, IPointLoss
    {
        double[] losses = new double[predictions.Length];
        for (int i = 0; i < losses.Length; i++)
        {
            losses[i] = PointLossKernels.Evaluate(loss, predictions.AsSpan(i, 1), targets.AsSpan(i, 1), [], [], 1).Loss;
        }

        return losses;
    }

    private static void AssertSlope<TLoss>(in TLoss loss, params double[] targets)
        where TLoss : struct, IPointLoss
    {
        const double Step = 1e-5;
        foreach (double target in targets.Length > 0 ? targets : [0.3, 2])
        {
            for (double p = -3.05; p < 3; p += 0.1)
            {
                double[] slope = new double[1];
                PointLossKernels.Evaluate(loss, [p], [target], [], slope, 1);
                double difference = PointLossKernels.Evaluate(loss, [p + Step], [target], [], [], 1).Loss
                    - PointLossKernels.Evaluate(loss, [p - Step], [target], [], [], 1).Loss;
                Assert.Equal(difference / (2 * Step), slope[0], 1e-8);
            }
        }
    }

    private static void AssertWidths<TLoss>(in TLoss loss)
        where TLoss : struct, IPointLoss
    {
        Random random = new(2);
        float[] p = Array.ConvertAll(KernelCases.Numbers(random, 300), x => x * 4);
        float[] t = Array.ConvertAll(KernelCases.Numbers(random, 300), x => x > 0 ? 1f : 0f);
        float[] w = Array.ConvertAll(KernelCases.Numbers(random, 300), Math.Abs);
        using KernelContext scalar = new(1, VectorWidth.Scalar);
        float[] expected = new float[300];
        LossSum sum = PointLossKernels.Evaluate(scalar, loss, p, t, w, expected, 0.25f);
        double[] exact = new double[300];
        LossSum exactSum = PointLossKernels.Evaluate(loss, ToDouble(p), ToDouble(t), ToDouble(w), exact, 0.25);
        Assert.Equal(exactSum.Loss, sum.Loss, 1e-6 * Math.Abs(exactSum.Loss));
        Assert.Equal(exactSum.Weight, sum.Weight, 1e-12);
        for (int i = 0; i < exact.Length; i++)
        {
            Assert.Equal(exact[i], expected[i], 1e-6 * (1 + Math.Abs(exact[i])));
        }

        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            using KernelContext context = new(1, width);
            float[] actual = new float[300];
            Assert.Equal(sum, PointLossKernels.Evaluate(context, loss, p, t, w, actual, 0.25f));
            KernelCases.AssertSameBits(expected, actual, $"{typeof(TLoss).Name} at {width}");
        }
    }

    private static double[] ToDouble(float[] values) => Array.ConvertAll(values, x => (double)x);
}
