using System;
using System.Linq;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Tests.Networks;

/// <summary>A loss of one row in double precision, from its definition, and its gradient by the network's outputs.</summary>
internal sealed class ReferenceLoss(Loss loss)
{
    public double Value(double[] z, double label) => loss switch
    {
        BinaryCrossEntropyLoss { LabelSmoothing: var s } => Math.Max(z[0], 0) + Math.Log(1 + Math.Exp(-Math.Abs(z[0]))) - z[0] * (label * (1 - s) + s / 2),
        SoftmaxCrossEntropyLoss { LabelSmoothing: var s } => -LogProbabilities(z).Select((p, c) => p * (s / z.Length + (c == (int)label ? 1 - s : 0))).Sum(),
        PointLoss { Name: "squared" } => Math.Pow(z[0] - label, 2),
        PointLoss { Name: "absolute" } => Math.Abs(z[0] - label),
        PointLoss { Name: "huber", Parameter: var delta } => Math.Abs(z[0] - label) <= delta
            ? Math.Pow(z[0] - label, 2) / 2
            : delta * (Math.Abs(z[0] - label) - delta / 2),
        PointLoss { Name: "quantile", Parameter: var level } => z[0] < label ? level * (label - z[0]) : (1 - level) * (z[0] - label),
        PointLoss { Name: "poisson" } => Math.Exp(z[0]) - label * z[0],
        _ => throw new NotSupportedException($"No reference for {loss}."),
    };

    /// <summary>Exact where golden traces ask for it.</summary>
    public double[] Gradient(double[] z, double label) => loss switch
    {
        BinaryCrossEntropyLoss { LabelSmoothing: 0 } => [1 / (1 + Math.Exp(-z[0])) - label],
        SoftmaxCrossEntropyLoss { LabelSmoothing: 0 } => [.. LogProbabilities(z).Select((p, c) => Math.Exp(p) - (c == (int)label ? 1 : 0))],
        PointLoss { Name: "squared" } => [2 * (z[0] - label)],
        _ => throw new NotSupportedException($"No gradient for {loss}; take central differences."),
    };

    private static double[] LogProbabilities(double[] z)
    {
        double largest = z.Max(), sum = Math.Log(z.Sum(value => Math.Exp(value - largest)));
        return [.. z.Select(value => value - largest - sum)];
    }
}
