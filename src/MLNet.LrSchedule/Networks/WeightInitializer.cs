using System;
using System.Globalization;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace MLNet.LrSchedule.Networks;

/// <summary>How the weights of a dense layer are drawn before training. Biases start at zero.</summary>
/// <remarks>
/// n_in and n_out are the layer's numbers of inputs and outputs. Weights are drawn in double precision by MathNet.Numerics from a
/// stream of their own per layer, and rounded once to single precision.
/// </remarks>
public abstract record WeightInitializer
{
    private protected WeightInitializer()
    {
    }

    /// <summary>Normal with mean 0 and variance 2 / (n_in + n_out). Glorot and Bengio, AISTATS 2010, eq. 12.</summary>
    public static WeightInitializer GlorotNormal { get; } = new ScaledInitializer("glorot normal", 1.0, FanMode.Average, false);

    /// <summary>Uniform in ±sqrt(6 / (n_in + n_out)). Glorot and Bengio, AISTATS 2010, eq. 16.</summary>
    public static WeightInitializer GlorotUniform { get; } = new ScaledInitializer("glorot uniform", 1.0, FanMode.Average, true);

    /// <summary>Normal with mean 0 and variance 2 / n_in. He et al., ICCV 2015, eq. 10.</summary>
    public static WeightInitializer HeNormal { get; } = new ScaledInitializer("he normal", 2.0, FanMode.Inputs, false);

    /// <summary>Uniform in ±sqrt(6 / n_in), the uniform distribution of <see cref="HeNormal"/>'s variance.</summary>
    public static WeightInitializer HeUniform { get; } = new ScaledInitializer("he uniform", 2.0, FanMode.Inputs, true);

    /// <summary>Normal with mean 0.</summary>
    /// <param name="standardDeviation">The standard deviation. Range: above 0, finite. Default: 0.05, as in Keras.</param>
    /// <exception cref="ArgumentOutOfRangeException">The standard deviation is not above 0 or not finite.</exception>
    public static WeightInitializer Normal(double standardDeviation = 0.05) => new NormalInitializer(standardDeviation);

    /// <summary>Uniform between -limit and limit.</summary>
    /// <param name="limit">The largest absolute value. Range: above 0, finite. Default: 0.05, as in Keras.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not above 0 or not finite.</exception>
    public static WeightInitializer Uniform(double limit = 0.05) => new UniformInitializer(limit);

    /// <summary>The initialiser's name with its parameter.</summary>
    public sealed override string ToString() => Text;

    /// <summary>The text form under which the initialiser is saved and printed.</summary>
    internal abstract string Text { get; }

    /// <summary>Fills a layer's weights, [inputs x outputs], row-major.</summary>
    internal abstract void Fill(RandomSource random, int inputs, int outputs, Span<float> weights);

    /// <summary>Reads back what <see cref="Text"/> wrote.</summary>
    /// <exception cref="FormatException">The text names no initialiser.</exception>
    internal static WeightInitializer Parse(string text)
    {
        foreach (var known in new[] { GlorotNormal, GlorotUniform, HeNormal, HeUniform })
        {
            if (known.Text == text)
                return known;
        }

        int open = text.IndexOf('(');
        if (open > 0 && text.EndsWith(')') &&
            double.TryParse(text.AsSpan(open + 1, text.Length - open - 2), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            switch (text[..open])
            {
                case "normal": return Normal(value);
                case "uniform": return Uniform(value);
            }
        }

        throw new FormatException($"'{text}' names no weight initialiser; known are {GlorotNormal}, {GlorotUniform}, {HeNormal}, {HeUniform}, normal(x), uniform(x).");
    }
}

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
        if (!(standardDeviation > 0) || !double.IsFinite(standardDeviation))
            throw new ArgumentOutOfRangeException(nameof(standardDeviation), standardDeviation, "The standard deviation must be above 0 and finite.");
        StandardDeviation = standardDeviation;
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
        if (!(limit > 0) || !double.IsFinite(limit))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit must be above 0 and finite.");
        Limit = limit;
    }

    public double Limit { get; }

    internal override string Text => string.Create(CultureInfo.InvariantCulture, $"uniform({Limit:R})");

    internal override void Fill(RandomSource random, int inputs, int outputs, Span<float> weights)
    {
        foreach (ref float weight in weights)
            weight = (float)ContinuousUniform.Sample(random, -Limit, Limit);
    }
}
