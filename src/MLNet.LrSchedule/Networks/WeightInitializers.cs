using System;
using System.Globalization;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace MLNet.LrSchedule.Networks;

/// <summary>Which connections the variance of a <see cref="ScaledInitializer"/> is divided by.</summary>
internal enum FanMode
{
    Inputs,
    Average,
}

/// <summary>Draws with the variance scale / fan, normal or uniform.</summary>
internal sealed record ScaledInitializer(string Name, double Scale, FanMode Mode, bool IsUniform) : WeightInitializer
{
    internal override string Text => Name;

    internal override void Fill(RandomSource random, int inputs, int outputs, Span<float> weights)
    {
        double fan = Mode == FanMode.Inputs ? inputs : (inputs + outputs) / 2.0;
        double variance = Scale / fan;
        WeightInitializer drawn = IsUniform ? new UniformInitializer(Math.Sqrt(3 * variance)) : new NormalInitializer(Math.Sqrt(variance));
        drawn.Fill(random, inputs, outputs, weights);
    }
}

/// <summary>Draws from the normal distribution with mean 0.</summary>
internal sealed record NormalInitializer : WeightInitializer
{
    public NormalInitializer(double standardDeviation)
    {
        StandardDeviation = Positive(standardDeviation, nameof(standardDeviation), "standard deviation");
    }

    public double StandardDeviation { get; }

    internal override string Text => string.Create(CultureInfo.InvariantCulture, $"normal({StandardDeviation:R})");

    internal override void Fill(RandomSource random, int inputs, int outputs, Span<float> weights)
    {
        foreach (ref float weight in weights)
            weight = (float)MathNet.Numerics.Distributions.Normal.Sample(random, 0, StandardDeviation);
    }
}

/// <summary>Draws evenly between -limit and limit.</summary>
internal sealed record UniformInitializer : WeightInitializer
{
    public UniformInitializer(double limit)
    {
        Limit = Positive(limit, nameof(limit), "limit");
    }

    public double Limit { get; }

    internal override string Text => string.Create(CultureInfo.InvariantCulture, $"uniform({Limit:R})");

    internal override void Fill(RandomSource random, int inputs, int outputs, Span<float> weights)
    {
        foreach (ref float weight in weights)
            weight = (float)ContinuousUniform.Sample(random, -Limit, Limit);
    }
}

/// <summary>Sets all weights to one value.</summary>
internal sealed record ConstantInitializer(double Value) : WeightInitializer
{
    internal override string Text => Value == 0 ? "zeros" : string.Create(CultureInfo.InvariantCulture, $"constant({Value:R})");

    internal override void Fill(RandomSource random, int inputs, int outputs, Span<float> weights) => weights.Fill((float)Value);
}

/// <summary>Draws from the normal distribution with mean 0, again where a value is beyond two standard deviations.</summary>
internal sealed record TruncatedNormalInitializer : WeightInitializer
{
    public TruncatedNormalInitializer(double standardDeviation) =>
        StandardDeviation = Positive(standardDeviation, nameof(standardDeviation), "standard deviation");

    public double StandardDeviation { get; }

    internal override string Text => string.Create(CultureInfo.InvariantCulture, $"truncated normal({StandardDeviation:R})");

    internal override void Fill(RandomSource random, int inputs, int outputs, Span<float> weights)
    {
        foreach (ref float weight in weights)
        {
            double value;
            do
            {
                value = MathNet.Numerics.Distributions.Normal.Sample(random, 0, StandardDeviation);
            }
            while (Math.Abs(value) > 2 * StandardDeviation);
            weight = (float)value;
        }
    }
}
