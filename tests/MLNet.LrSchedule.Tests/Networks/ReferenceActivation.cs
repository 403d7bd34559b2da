using System;
using MathNet.Numerics;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Tests.Networks;

/// <summary>Activations and their derivatives in double precision, from their definitions.</summary>
internal static class ReferenceActivation
{
    private const double SeluScale = 1.0507009873554805;
    private const double SeluAlpha = 1.6732632423543772;

    public static double Value(Activation activation, double x) => activation.Kind switch
    {
        ActivationKind.Identity => x,
        ActivationKind.Relu => x > 0 || double.IsNaN(x) ? x : 0,
        ActivationKind.LeakyRelu => x > 0 ? x : activation.Parameter * x,
        ActivationKind.Elu => x > 0 ? x : activation.Parameter * (Math.Exp(x) - 1),
        ActivationKind.Selu => SeluScale * (x > 0 ? x : SeluAlpha * (Math.Exp(x) - 1)),
        ActivationKind.Gelu => x * Normal(x),
        ActivationKind.GeluTanh => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        ActivationKind.Silu => x * Sigmoid(x),
        ActivationKind.Mish => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        ActivationKind.Softplus => Math.Log(1 + Math.Exp(x)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Sigmoid => Sigmoid(x),
        _ => throw new NotSupportedException($"No reference for {activation}."),
    };

    /// <summary>Exact where golden traces ask for it, else by central differences.</summary>
    public static double Derivative(Activation activation, double x) => activation.Kind switch
    {
        ActivationKind.Identity => 1,
        ActivationKind.Relu => x > 0 ? 1 : 0,
        ActivationKind.Tanh => 1 - Math.Pow(Math.Tanh(x), 2),
        ActivationKind.Sigmoid => Sigmoid(x) * (1 - Sigmoid(x)),
        ActivationKind.Silu => Sigmoid(x) * (1 + x * (1 - Sigmoid(x))),
        ActivationKind.Gelu => Normal(x) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI),
        _ => (Value(activation, x + 1e-6) - Value(activation, x - 1e-6)) / 2e-6,
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Normal(double x) => SpecialFunctions.Erfc(-x / Math.Sqrt(2)) / 2;
}
