using System;
using System.Globalization;
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

    /// <summary>Normal with mean 0 and variance 1 / n_in. LeCun et al., Efficient BackProp, 1998; what <see cref="Activation.Selu"/> asks for.</summary>
    public static WeightInitializer LeCunNormal { get; } = new ScaledInitializer("lecun normal", 1.0, FanMode.Inputs, false);

    /// <summary>Uniform in ±sqrt(3 / n_in), the uniform distribution of <see cref="LeCunNormal"/>'s variance.</summary>
    public static WeightInitializer LeCunUniform { get; } = new ScaledInitializer("lecun uniform", 1.0, FanMode.Inputs, true);

    /// <summary>All weights zero. Units of a layer then stay alike, so it is for output layers and linear models.</summary>
    public static WeightInitializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>All weights equal.</summary>
    /// <param name="value">The value of every weight; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static WeightInitializer Constant(double value) => double.IsFinite(value)
        ? value == 0 ? Zeros : new ConstantInitializer(value)
        : throw new ArgumentOutOfRangeException(nameof(value), value, "The value must be finite.");

    /// <summary>Normal with mean 0, where values beyond two standard deviations are drawn again, as in Keras.</summary>
    /// <param name="standardDeviation">The standard deviation before the cut. Range: above 0, finite. Default: 0.05.</param>
    /// <exception cref="ArgumentOutOfRangeException">The standard deviation is not above 0 or not finite.</exception>
    public static WeightInitializer TruncatedNormal(double standardDeviation = 0.05) => new TruncatedNormalInitializer(standardDeviation);

    /// <summary>
    /// A random matrix with orthonormal columns (or rows, where those are fewer), times a gain. Saxe, McClelland and Ganguli, ICLR 2014.
    /// </summary>
    /// <param name="gain">The length of every column. Range: above 0, finite. Default: 1.</param>
    /// <remarks>The orthogonal factor of a matrix of normal numbers, by the QR decomposition of MathNet.Numerics; n_in x n_out x the smaller of both operations.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not above 0 or not finite.</exception>
    public static WeightInitializer Orthogonal(double gain = 1) => new OrthogonalInitializer(gain);

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
        WeightInitializer[] plain = [GlorotNormal, GlorotUniform, HeNormal, HeUniform, LeCunNormal, LeCunUniform, Zeros];
        foreach (var known in plain)
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
                case "constant": return Constant(value);
                case "normal": return Normal(value);
                case "truncated normal": return TruncatedNormal(value);
                case "uniform": return Uniform(value);
                case "orthogonal": return Orthogonal(value);
            }
        }

        throw new FormatException(
            $"'{text}' names no weight initialiser; known are {string.Join(", ", (object[])plain)}, " +
            "constant(x), normal(x), truncated normal(x), uniform(x), orthogonal(x).");
    }

    private protected static double Positive(double value, string name, string words) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"The {words} must be above 0 and finite.");
}
