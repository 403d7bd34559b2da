using System;
using System.Linq;
using System.Text.Json.Nodes;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Tests.Golden;
using Xunit;

namespace MLNet.LrSchedule.Tests.Networks;

/// <summary>Training traces of PyTorch's autograd in double precision: 12 steps of SGD with Keras's momentum on small networks.</summary>
public sealed class GoldenNetworkTests
{
    private const double SingleTolerance = 1e-6;
    private const double DoubleTolerance = 1e-12;

    public static TheoryData<string> Networks => ["ionosphere-34-34-1", "softmax-16-24-12-5", "regression-10-16-1"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_trace_is_reproduced_in_single_precision(string id)
    {
        var golden = new GoldenTrace(id);
        var network = new MlpNetwork(golden.Definition);
        golden.Initial.Select(value => (float)value).ToArray().CopyTo(network.Parameters.Span);
        var optimizer = new SgdOptimizer(MomentumConvention.Velocity, nesterov: false, network.Parameters.Length);
        var groups = new[] { new ParameterGroup(0, network.Parameters.Length) };
        using var kernels = new KernelContext();
        var workspace = Workspace.ForTraining(network, kernels, golden.RowsPerBatch);

        for (int step = 0; step < golden.Losses.Length; step++)
        {
            var (inputs, targets) = golden.Batch(step);
            float[] rows = [.. inputs.SelectMany(row => row).Select(value => (float)value)];
            float[] labels = [.. targets.Select(value => (float)value)];
            var outputs = network.Forward(workspace, rows, labels.Length, isTraining: true);
            if (step == 0)
                Near(golden.FirstOutputs, outputs[..(5 * network.Outputs)].ToArray().Select(value => (double)value).ToArray(), SingleTolerance);
            var sums = golden.Loss.Gradient(kernels, outputs, labels, [], network.OutputGradient(workspace, labels.Length));
            Near([golden.Losses[step]], [sums.Loss / sums.Weight], SingleTolerance);
            network.Backward(workspace, rows, labels.Length);
            if (step == 0)
                golden.NearByTensor(golden.FirstGradient, ToDouble(workspace.ParameterGradients), SingleTolerance);
            optimizer.Step(kernels, network.Parameters.Span, workspace.ParameterGradients.Span, groups, golden.Values(step));
        }

        golden.NearByTensor(golden.Final, ToDouble(network.Parameters), SingleTolerance);
        golden.NearByTensor(golden.FinalVelocities, ToDouble(optimizer.Slots[0]), SingleTolerance);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_trace_is_reproduced_by_the_reference_network_in_double_precision(string id)
    {
        var golden = new GoldenTrace(id);
        var network = new ReferenceNetwork(golden.Definition, new ReferenceLoss(golden.Loss));
        golden.Initial.CopyTo(network.Parameters, 0);
        var velocity = new double[golden.Initial.Length];
        for (int step = 0; step < golden.Losses.Length; step++)
        {
            var (inputs, targets) = golden.Batch(step);
            Near([golden.Losses[step]], [network.Loss(inputs, targets)], DoubleTolerance);
            var gradient = network.Gradient(inputs, targets);
            if (step == 0)
                golden.NearByTensor(golden.FirstGradient, gradient, DoubleTolerance);
            for (int i = 0; i < velocity.Length; i++)
            {
                velocity[i] = 0.8 * velocity[i] - golden.Values(step).LearningRate * gradient[i];
                network.Parameters[i] += velocity[i];
            }
        }

        golden.NearByTensor(golden.Final, network.Parameters, DoubleTolerance);
        golden.NearByTensor(golden.FinalVelocities, velocity, DoubleTolerance);
        Near([golden.FinalLoss], [network.Loss(golden.Inputs, golden.Targets)], DoubleTolerance);
    }

    private static double[] ToDouble(FloatBuffer buffer) => [.. buffer.Span.ToArray().Select(value => (double)value)];

    /// <summary>The tolerance is a share of the largest absolute value of the expected tensor.</summary>
    internal static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double allowed = tolerance * expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"[{i}]: expected {expected[i]:R}, got {actual[i]:R}, allowed ±{allowed:E1}");
    }

    /// <summary>One network of the golden file. Its weights are [outputs x inputs]; ours are [inputs x outputs].</summary>
    private sealed class GoldenTrace
    {
        private readonly JsonNode _node;

        public GoldenTrace(string id)
        {
            _node = GoldenFile.Read("mlp.json")["networks"]!.AsArray().Single(network => (string)network!["id"]! == id)!;
            Inputs = _node["inputs"]!.Rows();
            Targets = _node["targets"]!.Doubles();
            Losses = _node["losses"]!.Doubles();
            var layers = _node["layers"]!.AsArray();
            Definition = new NetworkDefinition((int)layers[0]!["inputs"]!, [.. layers.Select(layer => new DenseDefinition(
                (int)layer!["outputs"]!,
                ((string)layer["activation"]!).Split(' ')[0] switch
                {
                    "sigmoid" or "softmax" or "linear" => Activation.Identity,     // the loss takes the logits
                    var name => Activation.Parse(name),
                }))]);
            Loss = layers[^1]!["activation"]!.ToString() switch
            {
                "sigmoid" => Loss.BinaryCrossEntropy,
                "softmax" => Loss.SoftmaxCrossEntropy,
                _ => Loss.Squared,
            };
        }

        public NetworkDefinition Definition { get; }

        public Loss Loss { get; }

        public double[][] Inputs { get; }

        public double[] Targets { get; }

        public double[] Losses { get; }

        public double FinalLoss => (double)_node["final_loss_all_rows"]!;

        public double[] FirstOutputs => [.. _node["outputs_step0_first_5_rows"]!.Rows().SelectMany(row => row)];

        public double[] Initial => Tensors("initial_weights");

        public double[] FirstGradient => Tensors("gradients_step0");

        public double[] Final => Tensors("final_weights");

        public double[] FinalVelocities => Tensors("final_velocities");

        public int RowsPerBatch => Batch(0).Targets.Length;

        public StepValues Values(int step) =>
            new() { Step = step, LearningRate = _node["learning_rates"]!.Doubles()[step], Momentum = (double)_node["optimizer"]!["momentum"]! };

        public (double[][] Inputs, double[] Targets) Batch(int step)
        {
            var range = _node["batch_rows"]!.AsArray()[step % 2]!.Doubles();
            int first = (int)range[0], end = (int)range[1] + 1;
            return (Inputs[first..end], Targets[first..end]);
        }

        public void NearByTensor(double[] expected, double[] actual, double tolerance)
        {
            foreach (var block in new MlpNetwork(Definition).Layers.SelectMany(layer => layer.Parameters))
                Near(expected[block.Offset..(block.Offset + block.Length)], actual[block.Offset..(block.Offset + block.Length)], tolerance);
        }

        private double[] Tensors(string name)
        {
            var all = new double[new MlpNetwork(Definition).Parameters.Length];
            int offset = 0;
            foreach (var layer in _node[name]!.AsArray())
            {
                var weights = layer!["W"]!.Rows();
                int outputs = weights.Length, inputs = weights[0].Length;
                for (int o = 0; o < outputs; o++)
                {
                    for (int i = 0; i < inputs; i++)
                        all[offset + i * outputs + o] = weights[o][i];
                }

                offset += inputs * outputs;
                layer["b"]!.Doubles().CopyTo(all, offset);
                offset += outputs;
            }

            return all;
        }
    }
}
