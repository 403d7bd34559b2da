using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using Xunit;

namespace MLNet.LrSchedule.Tests.Networks;

/// <summary>Every layer, activation and loss against the reference network in double precision, whose gradient comes by central differences.</summary>
public sealed class LayerGradientTests
{
    private const int Features = 5;
    private const int Rows = 7;
    private const double DropoutRate = 0.3;
    private const ulong DropoutSeed = 12345;

    private static readonly Dictionary<string, HiddenBlock[]> Blocks = new()
    {
        ["linear"] = [],
        ["batch normalization"] = [new HiddenBlock(18, Activation.Tanh) { Normalization = Normalization.Batch }, new HiddenBlock(3, Activation.Relu)],
        ["layer normalization"] = [new HiddenBlock(21, Activation.Silu) { Normalization = Normalization.Layer }, new HiddenBlock(3, Activation.Tanh)],
        ["dropout"] = [new HiddenBlock(20, Activation.Tanh) { HasDropout = true }, new HiddenBlock(9, Activation.Gelu) { HasDropout = true }],
        ["residual"] = [new HiddenBlock(6, Activation.Tanh), new HiddenBlock(6, Activation.Relu) { IsResidual = true }],
        ["residual from the input"] = [new HiddenBlock(5, Activation.Mish) { IsResidual = true }],
        ["everything"] =
        [
            new HiddenBlock(17, Activation.Gelu) { Normalization = Normalization.Batch, HasDropout = true },
            new HiddenBlock(17, Activation.Silu) { Normalization = Normalization.Layer, HasDropout = true, IsResidual = true },
            new HiddenBlock(17, Activation.Elu()) { Normalization = Normalization.Batch, IsResidual = true },
            new HiddenBlock(4, Activation.Softplus),
        ],
    };

    private static readonly Activation[] Activations =
    [
        Activation.Identity, Activation.Relu, Activation.LeakyRelu(0.1), Activation.Elu(0.7), Activation.Selu, Activation.Gelu, Activation.GeluTanh,
        Activation.Silu, Activation.Mish, Activation.Softplus, Activation.Tanh, Activation.Sigmoid,
    ];

    private static readonly Loss[] Losses =
    [
        Loss.BinaryCrossEntropy, Loss.BinaryCrossEntropy with { LabelSmoothing = 0.2 }, Loss.SoftmaxCrossEntropy,
        Loss.SoftmaxCrossEntropy with { LabelSmoothing = 0.1 }, Loss.Squared, Loss.Absolute, Loss.Huber(0.5), Loss.Quantile(0.9), Loss.Poisson,
    ];

    public static TheoryData<string> BlockNames => [.. Blocks.Keys];

    public static TheoryData<string> ActivationNames => [.. Activations.Select(activation => activation.Name)];

    public static TheoryData<string> LossNames => [.. Losses.Select(loss => loss.Text)];

    [Theory]
    [MemberData(nameof(BlockNames))]
    public void Layers_have_the_outputs_and_the_gradient_of_the_reference(string name) => Check(Blocks[name], Loss.BinaryCrossEntropy);

    [Theory]
    [MemberData(nameof(ActivationNames))]
    public void Activations_have_the_outputs_and_the_gradient_of_the_reference(string name) =>
        Check([new HiddenBlock(19, Activation.Parse(name)), new HiddenBlock(4, Activation.Parse(name))], Loss.Squared);

    [Theory]
    [MemberData(nameof(LossNames))]
    public void Losses_have_the_values_and_the_gradient_of_the_reference(string name) => Check([new HiddenBlock(8, Activation.Tanh)], Loss.Parse(name));

    private static void Check(HiddenBlock[] blocks, Loss loss)
    {
        var random = new Random(17);
        int outputs = loss is SoftmaxCrossEntropyLoss ? 3 : 1;
        var network = new MlpNetwork(NetworkDefinition.Perceptron(Features, blocks, outputs));
        network.Initialize(WeightInitializer.HeNormal, seed: 5);
        foreach (var block in network.Layers.SelectMany(layer => layer.Parameters).Where(block => block.Kind is ParameterKind.Bias or ParameterKind.Scale))
        {
            foreach (ref float value in network.Parameters.Span.Slice(block.Offset, block.Length))
                value += (float)(random.NextDouble() - 0.5);
        }

        float[] features = [.. Enumerable.Range(0, Rows * Features).Select(_ => (float)(random.NextDouble() * 2 - 1))];
        float[] weights = [.. Enumerable.Range(0, Rows).Select(_ => (float)(random.NextDouble() + 0.5))];
        float[] labels = [.. Enumerable.Range(0, Rows).Select(_ => (float)random.Next(outputs == 3 ? 3 : 2))];
        using var kernels = new KernelContext();
        var workspace = Workspace.ForTraining(network, kernels, Rows);
        workspace.DropoutSeed = DropoutSeed;
        for (int i = 0; i < network.Layers.Count; i++)
            workspace.DropoutRates[i] = network.Layers[i] is DropoutLayer ? DropoutRate : 0;

        var reference = new ReferenceNetwork(network.Definition, new ReferenceLoss(loss))
        {
            DropoutRate = DropoutRate,
            IsKept = (layer, element) => DropoutKernels.IsKept(workspace.Dropout(layer).Key, element, DropoutRate),
        };
        network.Parameters.Span.ToArray().Select(value => (double)value).ToArray().CopyTo(reference.Parameters, 0);
        double[][] rows = [.. features.Chunk(Features).Select(ToDouble)];

        // The forward pass moves the running statistics, which the reference must not see: it is compared as it was.
        float[] actual = network.Forward(workspace, features, Rows, isTraining: true).ToArray();
        GoldenNetworkTests.Near([.. reference.Outputs(rows, isTraining: true).SelectMany(row => row)], ToDouble(actual), 2e-6);
        var sum = loss.Gradient(kernels, actual, labels, weights, network.OutputGradient(workspace, Rows));
        GoldenNetworkTests.Near([reference.Loss(rows, ToDouble(labels), ToDouble(weights))], [sum.Loss / sum.Weight], 1e-6);
        network.Backward(workspace, features, Rows);
        double[] expected = reference.NumericGradient(rows, ToDouble(labels), ToDouble(weights));
        Assert.Contains(expected, value => Math.Abs(value) > 1e-3);
        GoldenNetworkTests.Near(expected, ToDouble(workspace.ParameterGradients.Span.ToArray()), 3e-6);
    }

    private static double[] ToDouble(float[] values) => [.. values.Select(value => (double)value)];
}
