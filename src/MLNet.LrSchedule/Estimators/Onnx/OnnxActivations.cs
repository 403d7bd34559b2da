using System;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>The functions of <see cref="Activation"/> as operators of ONNX; those that came to ONNX later are composed of older ones.</summary>
internal static class OnnxActivations
{
    private const float GeluTanhCubic = 0.044715f;

    // Twice the root of 2 / pi: x / 2 (1 + tanh(u)) is x sigmoid(2 u).
    private const float GeluTanhScale = 1.5957691216057308f;

    /// <summary>f(x).</summary>
    /// <exception cref="NotSupportedException">The function has no form here.</exception>
    public static string Write(OnnxGraph graph, Activation activation, string x) => activation.Kind switch
    {
        ActivationKind.Identity => x,
        ActivationKind.Relu => graph.Apply("Relu", x),
        ActivationKind.LeakyRelu => graph.Apply("LeakyRelu", [x], new OnnxAttribute("alpha", activation.Parameter)),
        ActivationKind.Elu => graph.Apply("Elu", [x], new OnnxAttribute("alpha", activation.Parameter)),
        ActivationKind.Selu => graph.Apply(
            "Selu",
            [x],
            new OnnxAttribute("alpha", (float)(SeluConstants.ScaleTimesAlpha / SeluConstants.Scale)),
            new OnnxAttribute("gamma", (float)SeluConstants.Scale)),
        ActivationKind.Gelu => Gelu(graph, x),
        ActivationKind.GeluTanh => GeluTanh(graph, x),
        ActivationKind.Silu => graph.Apply("Mul", x, graph.Apply("Sigmoid", x)),
        ActivationKind.Mish => graph.Apply("Mul", x, graph.Apply("Tanh", graph.Apply("Softplus", x))),
        ActivationKind.Softplus => graph.Apply("Softplus", x),
        ActivationKind.Tanh => graph.Apply("Tanh", x),
        ActivationKind.Sigmoid => graph.Apply("Sigmoid", x),
        _ => throw new NotSupportedException($"The activation {activation} cannot be written as ONNX."),
    };

    // x Phi(x) = x / 2 (1 + erf(x / sqrt(2))).
    private static string Gelu(OnnxGraph graph, string x)
    {
        string erf = graph.Apply("Erf", graph.Apply("Mul", x, graph.Number((float)(1 / Math.Sqrt(2)))));
        return graph.Apply("Mul", graph.Apply("Mul", x, graph.Number(0.5f)), graph.Apply("Add", erf, graph.Number(1)));
    }

    private static string GeluTanh(OnnxGraph graph, string x)
    {
        string cubic = graph.Apply("Add", graph.Apply("Mul", graph.Apply("Mul", x, x), graph.Number(GeluTanhCubic)), graph.Number(1));
        string twice = graph.Apply("Mul", graph.Apply("Mul", x, cubic), graph.Number(GeluTanhScale));
        return graph.Apply("Mul", x, graph.Apply("Sigmoid", twice));
    }
}
