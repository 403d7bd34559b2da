using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Tests.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Networks;

public sealed class LayerTests
{
    private const int Rows = 11;
    private const int Features = 6;

    private static readonly HiddenBlock[] Blocks =
    [
        new HiddenBlock(19, Activation.Gelu) { Normalization = Normalization.Batch, HasDropout = true },
        new HiddenBlock(19, Activation.Silu) { Normalization = Normalization.Layer, HasDropout = true, IsResidual = true },
        new HiddenBlock(8, Activation.Tanh),
    ];

    [Fact]
    public void Evaluation_uses_the_running_statistics_that_training_moved()
    {
        using var kernels = new KernelContext();
        var network = NewNetwork();
        float[] features = Numbers(1, Rows * Features);
        var workspace = Workspace.ForTraining(network, kernels, Rows);
        var reference = new ReferenceNetwork(network.Definition, new ReferenceLoss(Loss.Squared));
        Copy(network, reference);
        double[][] rows = [.. features.Chunk(Features).Select(row => row.Select(value => (double)value).ToArray())];
        var (mean, variance) = reference.StatisticsAfter(1, rows);
        network.Forward(workspace, features, Rows, isTraining: true);
        var block = network.Layers[1].Parameters[2];
        Assert.Equal(ParameterKind.Statistic, block.Kind);
        GoldenNetworkTests.Near([.. mean, .. variance], Double(network.Parameters.Span.Slice(block.Offset, block.Length).ToArray()), 1e-6);

        Copy(network, reference);
        float[] outputs = network.Forward(workspace, features, Rows, isTraining: false).ToArray();
        GoldenNetworkTests.Near([.. reference.Outputs(rows, isTraining: false).SelectMany(row => row)], Double(outputs), 2e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Some_units_have_the_same_bits_alone_as_among_all(bool hasBias)
    {
        const int Units = 37;
        using var kernels = new KernelContext();
        var network = new MlpNetwork(new NetworkDefinition(Features, [new DenseDefinition(5, Activation.Relu), new DenseDefinition(Units, Activation.Tanh, hasBias)]));
        network.Initialize(WeightInitializer.HeNormal, seed: 4);
        Numbers(5, Units).CopyTo(network.Parameters.Span[^Units..]);
        float[] features = Numbers(6, Rows * Features);
        var workspace = Workspace.ForTraining(network, kernels, Rows);
        var outputs = network.Forward(workspace, features, Rows, isTraining: false);
        var layer = Assert.IsType<DenseLayer>(network.Layers[1]);
        int[][] choices = [[0], [36], [3, 4, 30], [.. Enumerable.Range(0, Units)]];
        foreach (int[] units in choices)
        {
            float[] expected = new float[Rows * units.Length];
            for (int i = 0; i < expected.Length; i++)
                expected[i] = outputs[i / units.Length * Units + units[i % units.Length]];
            KernelCases.AssertSameBits(expected, layer.OutputsOf(kernels, units, network.Parameters.Span, workspace.Output(0, Rows * 5)), $"{units.Length} units");
        }
    }

    [Fact]
    public void A_row_has_the_same_bits_in_a_batch_and_in_a_scorer_on_every_width()
    {
        var network = NewNetwork();
        float[] features = Numbers(2, Rows * Features);
        float[]? expected = null;
        foreach (var width in KernelContext.AvailableWidths)
        {
            using var kernels = new KernelContext(1, width);
            var workspace = Workspace.ForTraining(network.Clone(kernels), kernels, Rows);
            float[] batch = network.Forward(workspace, features, Rows, isTraining: false).ToArray();
            expected ??= batch;
            KernelCases.AssertSameBits(expected, batch, width.ToString());
        }

        var scorer = new NetworkScorer(network, maximumRows: 1);
        float[] score = new float[2];
        for (int row = 0; row < Rows; row++)
        {
            scorer.Score(features.AsSpan(row * Features, Features), score);
            KernelCases.AssertSameBits(expected.AsSpan(row * 2, 2), score, $"row {row}");
        }
    }

    [Fact]
    public void Dropout_draws_by_seed_layer_and_step_and_not_in_evaluation()
    {
        using var kernels = new KernelContext();
        var network = NewNetwork();
        float[] features = Numbers(3, Rows * Features);
        var workspace = Workspace.ForTraining(network, kernels, Rows);
        float[] Run(ulong seed, double rate, bool isTraining)
        {
            workspace.DropoutSeed = seed;
            for (int i = 0; i < network.Layers.Count; i++)
                workspace.DropoutRates[i] = rate;
            return network.Clone(kernels).Forward(workspace, features, Rows, isTraining).ToArray();
        }

        Assert.Equal(Run(1, 0.5, true), Run(1, 0.5, true));
        Assert.NotEqual(Run(1, 0.5, true), Run(2, 0.5, true));
        Assert.NotEqual(Run(1, 0.5, true), Run(1, 0, true));
        Assert.Equal(Run(1, 0.5, false), Run(2, 0, false));
        Assert.NotEqual(workspace.Dropout(0).Key, workspace.Dropout(1).Key);
        Assert.NotEqual(RandomStream.OfStep(1, 0), RandomStream.OfStep(1, 1));
    }

    [Fact]
    public void Adding_dropout_or_a_skip_leaves_the_first_weights_as_they_were()
    {
        var plain = new MlpNetwork(NetworkDefinition.Perceptron(Features, [new HiddenBlock(6, Activation.Relu), new HiddenBlock(6, Activation.Relu)], 1));
        var more = new MlpNetwork(NetworkDefinition.Perceptron(
            Features, [new HiddenBlock(6, Activation.Relu) { HasDropout = true }, new HiddenBlock(6, Activation.Relu) { IsResidual = true }], 1));
        plain.Initialize(WeightInitializer.GlorotUniform, 4);
        more.Initialize(WeightInitializer.GlorotUniform, 4);
        Assert.Equal(plain.Parameters.Span, more.Parameters.Span);
    }

    [Fact]
    public void A_new_network_has_unit_scales_and_variances()
    {
        var network = new MlpNetwork(NetworkDefinition.Perceptron(2, [new HiddenBlock(3, Activation.Relu) { Normalization = Normalization.Batch }], 1));
        Assert.Equal([1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1], network.Parameters.Span.Slice(6, 12).ToArray());
        Assert.Equal("2-3-1 (batch normalization, relu), 22 parameters", network.ToString());
    }

    [Fact]
    public void Skips_between_unequal_widths_or_from_later_layers_are_refused()
    {
        DenseDefinition dense = new(3, Activation.Relu);
        Assert.Throws<ArgumentException>(() => new NetworkDefinition(2, [dense, new ResidualDefinition(-1)]));
        Assert.Throws<ArgumentException>(() => new NetworkDefinition(3, [dense, new ResidualDefinition(1)]));
        Assert.Throws<ArgumentException>(() => new NetworkDefinition(3, [dense, new ResidualDefinition(-2)]));
        Assert.Equal(3, new MlpNetwork(new NetworkDefinition(3, [dense, new ResidualDefinition(-1)])).Outputs);
    }

    [Fact]
    public void A_step_allocates_nothing_after_the_first()
    {
        using var kernels = new KernelContext();
        var network = NewNetwork();
        var workspace = Workspace.ForTraining(network, kernels, Rows);
        Array.Fill(workspace.DropoutRates, 0.2);
        float[] features = Numbers(5, Rows * Features), labels = [.. Enumerable.Range(0, Rows).Select(row => (float)(row % 2))];
        int count = network.Parameters.Length;
        ParameterGroup[] groups = [new(0, count)];
        ParameterOptimizer[] optimizers =
        [
            new SgdOptimizer(MomentumConvention.Velocity, true, count), new AdamOptimizer(true, EpsilonPlacement.AfterBiasCorrection, count),
            new NAdamOptimizer(count), new RAdamOptimizer(count), new RmsPropOptimizer(MomentumConvention.Velocity, true, count),
            new ScheduleFreeAdamOptimizer(false, 0, 2, count), new LionOptimizer(count), new RPropOptimizer(count),
        ];
        var loss = Loss.SoftmaxCrossEntropy;
        void Step(long step)
        {
            workspace.DropoutSeed = RandomStream.OfStep(1, step);
            var outputs = network.Forward(workspace, features, Rows, isTraining: true);
            loss.Gradient(kernels, outputs, labels, [], network.OutputGradient(workspace, Rows));
            network.Backward(workspace, features, Rows);
            GradientClipping.ByGlobalNorm(kernels, workspace.ParameterGradients.Span, 0.01);
            var values = new StepValues { Step = step, LearningRate = 1e-3, Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-8, Momentum = 0.9, Increase = 1, Decrease = 1 };
            foreach (var optimizer in optimizers)
                optimizer.Step(kernels, network.Parameters.Span, workspace.ParameterGradients.Span, groups, values);
        }

        Step(0);
        Step(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 2; step < 20; step++)
            Step(step);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static MlpNetwork NewNetwork()
    {
        var network = new MlpNetwork(NetworkDefinition.Perceptron(Features, Blocks, 2));
        network.Initialize(WeightInitializer.HeNormal, seed: 9);
        var random = new Random(8);
        foreach (var block in network.Layers.SelectMany(layer => layer.Parameters).Where(block => block.Kind != ParameterKind.Weight))
        {
            foreach (ref float value in network.Parameters.Span.Slice(block.Offset, block.Length))
                value += (float)random.NextDouble() / 2;
        }

        return network;
    }

    private static void Copy(MlpNetwork network, ReferenceNetwork reference) => Double(network.Parameters.Span.ToArray()).CopyTo(reference.Parameters, 0);

    private static float[] Numbers(int seed, int count) => KernelCases.Numbers(new Random(seed), count);

    private static double[] Double(float[] values) => [.. values.Select(value => (double)value)];
}
