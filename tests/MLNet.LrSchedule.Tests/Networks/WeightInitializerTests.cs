using System;
using System.Linq;
using MLNet.LrSchedule.Networks;
using Xunit;

namespace MLNet.LrSchedule.Tests.Networks;

public sealed class WeightInitializerTests
{
    private const int Inputs = 120;
    private const int Outputs = 80;

    private static readonly WeightInitializer[] All =
    [
        WeightInitializer.GlorotNormal, WeightInitializer.GlorotUniform, WeightInitializer.HeNormal, WeightInitializer.HeUniform,
        WeightInitializer.LeCunNormal, WeightInitializer.LeCunUniform, WeightInitializer.Zeros, WeightInitializer.Constant(0.25),
        WeightInitializer.Normal(0.1), WeightInitializer.TruncatedNormal(0.1), WeightInitializer.Uniform(0.3), WeightInitializer.Orthogonal(1.5),
    ];

    [Theory]
    [InlineData("glorot normal", 2.0 / (Inputs + Outputs), double.PositiveInfinity)]
    [InlineData("glorot uniform", 2.0 / (Inputs + Outputs), 0.17320508)]
    [InlineData("he normal", 2.0 / Inputs, double.PositiveInfinity)]
    [InlineData("he uniform", 2.0 / Inputs, 0.2236068)]
    [InlineData("lecun normal", 1.0 / Inputs, double.PositiveInfinity)]
    [InlineData("lecun uniform", 1.0 / Inputs, 0.15811388)]
    [InlineData("normal(0.1)", 0.01, double.PositiveInfinity)]
    [InlineData("truncated normal(0.1)", 0.0077374, 0.2)]     // the variance of a normal cut at two deviations is 0.77374 of the whole
    [InlineData("uniform(0.3)", 0.03, 0.3)]
    public void Weights_have_the_variance_and_the_limit_that_the_name_promises(string text, double variance, double limit)
    {
        float[] weights = Draw(WeightInitializer.Parse(text), Inputs, Outputs);
        Assert.Equal(0, weights.Average(weight => (double)weight), 5 * Math.Sqrt(variance / weights.Length));
        Assert.Equal(1, weights.Average(weight => (double)weight * weight) / variance, 0.08);
        Assert.All(weights, weight => Assert.True(Math.Abs(weight) <= limit * (1 + 1e-6)));
        Assert.True(weights.Max(Math.Abs) > Math.Min(limit * 0.98, 3 * Math.Sqrt(variance)));
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(9, 4)]
    [InlineData(3, 8)]
    [InlineData(5, 1)]
    public void Orthogonal_weights_have_orthonormal_columns_or_rows(int inputs, int outputs)
    {
        float[] weights = Draw(WeightInitializer.Orthogonal(2), inputs, outputs);
        int count = Math.Min(inputs, outputs);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                double product = inputs < outputs
                    ? Enumerable.Range(0, outputs).Sum(o => (double)weights[a * outputs + o] * weights[b * outputs + o])
                    : Enumerable.Range(0, inputs).Sum(i => (double)weights[i * outputs + a] * weights[i * outputs + b]);
                Assert.Equal(a == b ? 4 : 0, product, 1e-5);
            }
        }
    }

    [Fact]
    public void Constants_are_constant()
    {
        Assert.All(Draw(WeightInitializer.Zeros, 3, 4), weight => Assert.Equal(0, weight));
        Assert.All(Draw(WeightInitializer.Constant(0.25), 3, 4), weight => Assert.Equal(0.25f, weight));
        Assert.Same(WeightInitializer.Zeros, WeightInitializer.Constant(0));
    }

    [Fact]
    public void Texts_are_read_back_to_equal_initialisers()
    {
        Assert.All(All, initializer => Assert.Equal(initializer, WeightInitializer.Parse(initializer.Text)));
        Assert.Equal(All.Length, All.Select(initializer => initializer.Text).Distinct().Count());
        foreach (string text in new[] { "", "he", "normal", "normal(", "normal(x)", "zeros(1)", "orthogonal(1" })
            Assert.Throws<FormatException>(() => WeightInitializer.Parse(text));
    }

    [Fact]
    public void Parameters_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightInitializer.Normal(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightInitializer.TruncatedNormal(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightInitializer.Uniform(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightInitializer.Orthogonal(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightInitializer.Constant(double.NaN));
    }

    private static float[] Draw(WeightInitializer initializer, int inputs, int outputs)
    {
        float[] weights = new float[inputs * outputs];
        initializer.Fill(RandomStream.Create(3, RandomPurpose.InitialWeights, 0), inputs, outputs, weights);
        return weights;
    }
}
