using System;
using System.Globalization;
using System.Linq;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>The function that a layer applies to each of its sums.</summary>
/// <remarks>Values are compared by function and parameter, and print as the function's usual name.</remarks>
public sealed record Activation
{
    private Activation(ActivationKind kind, float parameter = 0f)
    {
        Kind = kind;
        Parameter = parameter;
    }

    /// <summary>f(x) = x.</summary>
    public static Activation Identity { get; } = new(ActivationKind.Identity);

    /// <summary>The rectifier, f(x) = max(0, x). Its derivative at 0 is taken as 0; NaN stays NaN.</summary>
    public static Activation Relu { get; } = new(ActivationKind.Relu);

    /// <summary>The self-normalising ELU, f(x) = s x above 0 and s a (exp(x) - 1) below, with s = 1.0507 and a = 1.6733. Klambauer et al., NIPS 2017.</summary>
    public static Activation Selu { get; } = new(ActivationKind.Selu);

    /// <summary>f(x) = x P(x), with the standard normal distribution function P. Hendrycks and Gimpel, arXiv:1606.08415, 2016.</summary>
    public static Activation Gelu { get; } = new(ActivationKind.Gelu);

    /// <summary>The approximation of <see cref="Gelu"/> by f(x) = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³))), faster and within 0.0005 of it.</summary>
    public static Activation GeluTanh { get; } = new(ActivationKind.GeluTanh);

    /// <summary>f(x) = x sigmoid(x), also called swish. Elfwing, Uchibe and Doya 2017; Ramachandran, Zoph and Le 2017.</summary>
    public static Activation Silu { get; } = new(ActivationKind.Silu);

    /// <summary>f(x) = x tanh(ln(1 + exp(x))). Misra, BMVC 2020.</summary>
    public static Activation Mish { get; } = new(ActivationKind.Mish);

    /// <summary>The smooth rectifier, f(x) = ln(1 + exp(x)).</summary>
    public static Activation Softplus { get; } = new(ActivationKind.Softplus);

    /// <summary>The hyperbolic tangent, with values between -1 and 1.</summary>
    public static Activation Tanh { get; } = new(ActivationKind.Tanh);

    /// <summary>The logistic function, f(x) = 1 / (1 + exp(-x)), with values between 0 and 1.</summary>
    public static Activation Sigmoid { get; } = new(ActivationKind.Sigmoid);

    internal ActivationKind Kind { get; }

    internal float Parameter { get; }

    /// <summary>f(x) = x above 0 and slope x below. Maas, Hannun and Ng, ICML 2013.</summary>
    /// <param name="slope">The slope below 0. Range: at least 0, finite. Default: 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is negative or not finite.</exception>
    public static Activation LeakyRelu(double slope = 0.01) => slope >= 0 && double.IsFinite((float)slope)
        ? new(ActivationKind.LeakyRelu, (float)slope)
        : throw new ArgumentOutOfRangeException(nameof(slope), slope, "The slope must be at least 0 and finite.");

    /// <summary>f(x) = x above 0 and alpha (exp(x) - 1) below. Clevert, Unterthiner and Hochreiter, ICLR 2016.</summary>
    /// <param name="alpha">Minus the limit for very negative x. Range: above 0, finite. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Alpha is not above 0 or not finite.</exception>
    public static Activation Elu(double alpha = 1) => (float)alpha > 0 && double.IsFinite((float)alpha)
        ? new(ActivationKind.Elu, (float)alpha)
        : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Alpha must be above 0 and finite.");

    /// <summary>The function's name, with its parameter where it has one.</summary>
    public override string ToString() => Name;

    /// <summary>The short text under which the function is saved, such as "relu" or "leaky relu(0.01)".</summary>
    internal string Name => HasParameter(Kind) ? string.Create(CultureInfo.InvariantCulture, $"{Word(Kind)}({Parameter:R})") : Word(Kind);

    /// <summary>Reads back what <see cref="Name"/> wrote.</summary>
    /// <exception cref="FormatException">The text names no activation.</exception>
    internal static Activation Parse(string text)
    {
        foreach (var kind in Enum.GetValues<ActivationKind>())
        {
            if (!HasParameter(kind) && Word(kind) == text)
                return new Activation(kind);
            if (HasParameter(kind) && text.StartsWith(Word(kind) + '(', StringComparison.Ordinal) && text.EndsWith(')')
                && float.TryParse(text.AsSpan(Word(kind).Length + 1).TrimEnd(')'), NumberStyles.Float, CultureInfo.InvariantCulture, out float parameter))
                return kind == ActivationKind.Elu ? Elu(parameter) : LeakyRelu(parameter);
        }

        var known = Enum.GetValues<ActivationKind>().Select(kind => HasParameter(kind) ? Word(kind) + "(x)" : Word(kind));
        throw new FormatException($"'{text}' names no activation; known are {string.Join(", ", known)}.");
    }

    private static bool HasParameter(ActivationKind kind) => kind is ActivationKind.LeakyRelu or ActivationKind.Elu;

    private static string Word(ActivationKind kind) => kind switch
    {
        ActivationKind.Identity => "identity",
        ActivationKind.Relu => "relu",
        ActivationKind.LeakyRelu => "leaky relu",
        ActivationKind.Elu => "elu",
        ActivationKind.Selu => "selu",
        ActivationKind.Gelu => "gelu",
        ActivationKind.GeluTanh => "gelu tanh",
        ActivationKind.Silu => "silu",
        ActivationKind.Mish => "mish",
        ActivationKind.Softplus => "softplus",
        ActivationKind.Tanh => "tanh",
        ActivationKind.Sigmoid => "sigmoid",
        _ => throw new InvalidOperationException($"The activation {kind} has no name."),
    };
}
