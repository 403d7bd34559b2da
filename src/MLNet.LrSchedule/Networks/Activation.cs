using System;
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

    /// <summary>The hyperbolic tangent, with values between -1 and 1.</summary>
    public static Activation Tanh { get; } = new(ActivationKind.Tanh);

    /// <summary>The logistic function, f(x) = 1 / (1 + exp(-x)), with values between 0 and 1.</summary>
    public static Activation Sigmoid { get; } = new(ActivationKind.Sigmoid);

    internal ActivationKind Kind { get; }

    internal float Parameter { get; }

    /// <summary>The function's name, with its parameter where it has one.</summary>
    public override string ToString() => Name;

    /// <summary>The short name under which the function is saved.</summary>
    internal string Name => Kind switch
    {
        ActivationKind.Identity => "identity",
        ActivationKind.Relu => "relu",
        ActivationKind.Tanh => "tanh",
        ActivationKind.Sigmoid => "sigmoid",
        _ => throw new InvalidOperationException($"The activation {Kind} has no name."),
    };
}
