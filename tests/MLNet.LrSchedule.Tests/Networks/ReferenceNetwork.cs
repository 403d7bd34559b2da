using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Tests.Networks;

/// <summary>
/// The network as its definition says, in double precision and plain loops: slow, and simple enough to be believed. Parameters lie as
/// in <see cref="MlpNetwork"/>. Gradients come by hand-written backpropagation; a test holds them against central differences.
/// </summary>
internal sealed class ReferenceNetwork(NetworkDefinition definition, ReferenceLoss loss)
{
    public double[] Parameters { get; } = new double[new MlpNetwork(definition).Parameters.Length];

    public double[] Outputs(double[] input) => Activations(input)[^1];

    /// <summary>The mean loss of the rows, weighted by the rows' weights.</summary>
    public double Loss(IReadOnlyList<double[]> rows, IReadOnlyList<double> labels, IReadOnlyList<double>? weights = null)
    {
        double sum = 0, total = 0;
        for (int r = 0; r < rows.Count; r++)
        {
            double weight = weights?[r] ?? 1;
            sum += weight * loss.Value(Outputs(rows[r]), labels[r]);
            total += weight;
        }

        return sum / total;
    }

    /// <summary>The gradient of <see cref="Loss"/> by every parameter.</summary>
    public double[] Gradient(IReadOnlyList<double[]> rows, IReadOnlyList<double> labels, IReadOnlyList<double>? weights = null)
    {
        double total = weights?.Sum() ?? rows.Count;
        var gradient = new double[Parameters.Length];
        for (int r = 0; r < rows.Count; r++)
        {
            double share = (weights?[r] ?? 1) / total;
            var activations = Activations(rows[r]);
            double[] delta = [.. loss.Gradient(activations[^1], labels[r]).Select(g => g * share)];
            for (int layer = definition.Layers.Count - 1; layer >= 0; layer--)
                delta = Backward(layer, activations[layer], delta, gradient);
        }

        return gradient;
    }

    /// <summary>The gradient of <see cref="Loss"/> by every parameter, by central differences.</summary>
    public double[] NumericGradient(IReadOnlyList<double[]> rows, IReadOnlyList<double> labels, IReadOnlyList<double>? weights = null)
    {
        var gradient = new double[Parameters.Length];
        for (int p = 0; p < gradient.Length; p++)
        {
            double kept = Parameters[p], step = 1e-5 * Math.Max(1, Math.Abs(kept));
            Parameters[p] = kept + step;
            double above = Loss(rows, labels, weights);
            Parameters[p] = kept - step;
            double below = Loss(rows, labels, weights);
            Parameters[p] = kept;
            gradient[p] = (above - below) / (2 * step);
        }

        return gradient;
    }

    private double[][] Activations(double[] input)
    {
        var values = new List<double[]> { input };
        for (int layer = 0; layer < definition.Layers.Count; layer++)
        {
            var dense = (DenseDefinition)definition.Layers[layer];
            values.Add([.. Sums(layer, values[^1]).Select(sum => ReferenceActivation.Value(dense.Activation, sum))]);
        }

        return [.. values];
    }

    private double[] Sums(int layer, double[] input)
    {
        var (weights, biases, outputs) = Places(layer);
        var sums = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            sums[o] = Parameters[biases + o];
            for (int i = 0; i < input.Length; i++)
                sums[o] += input[i] * Parameters[weights + i * outputs + o];
        }

        return sums;
    }

    private double[] Backward(int layer, double[] input, double[] outputGradient, double[] gradient)
    {
        var (weights, biases, outputs) = Places(layer);
        var activation = ((DenseDefinition)definition.Layers[layer]).Activation;
        var sums = Sums(layer, input);
        var inputGradient = new double[input.Length];
        for (int o = 0; o < outputs; o++)
        {
            double delta = outputGradient[o] * ReferenceActivation.Derivative(activation, sums[o]);
            gradient[biases + o] += delta;
            for (int i = 0; i < input.Length; i++)
            {
                gradient[weights + i * outputs + o] += input[i] * delta;
                inputGradient[i] += Parameters[weights + i * outputs + o] * delta;
            }
        }

        return inputGradient;
    }

    private (int Weights, int Biases, int Outputs) Places(int layer)
    {
        int offset = 0, width = definition.Inputs;
        for (int i = 0; ; i++)
        {
            int outputs = ((DenseDefinition)definition.Layers[i]).Outputs;
            if (i == layer)
                return (offset, offset + width * outputs, outputs);
            offset += width * outputs + outputs;
            width = outputs;
        }
    }
}

/// <summary>Activations and their derivatives in double precision, from their definitions.</summary>
internal static class ReferenceActivation
{
    public static double Value(Activation activation, double x) => activation.Kind switch
    {
        ActivationKind.Identity => x,
        ActivationKind.Relu => x > 0 || double.IsNaN(x) ? x : 0,
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        _ => throw new NotSupportedException($"No reference for {activation}."),
    };

    public static double Derivative(Activation activation, double x) => activation.Kind switch
    {
        ActivationKind.Identity => 1,
        ActivationKind.Relu => x > 0 ? 1 : 0,
        ActivationKind.Tanh => 1 - Math.Pow(Math.Tanh(x), 2),
        ActivationKind.Sigmoid => Value(activation, x) * (1 - Value(activation, x)),
        _ => throw new NotSupportedException($"No reference for {activation}."),
    };
}

/// <summary>A loss of one row in double precision, and its gradient by the network's outputs.</summary>
internal abstract class ReferenceLoss
{
    public abstract double Value(double[] outputs, double label);

    public abstract double[] Gradient(double[] outputs, double label);
}

/// <summary>Binary cross-entropy of a logit.</summary>
internal sealed class ReferenceBinaryCrossEntropy : ReferenceLoss
{
    public override double Value(double[] outputs, double label) =>
        Math.Max(outputs[0], 0) - outputs[0] * label + Math.Log(1 + Math.Exp(-Math.Abs(outputs[0])));

    public override double[] Gradient(double[] outputs, double label) => [1 / (1 + Math.Exp(-outputs[0])) - label];
}
