using System.Linq;
using System.Text.Json.Nodes;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Tests.Golden;
using MLNet.LrSchedule.Tests.Networks;
using Xunit;

namespace MLNet.LrSchedule.Tests.Optimizers;

/// <summary>Twelve steps with a changing rate, as PyTorch, Keras and scikit-learn take them.</summary>
public sealed class GoldenSgdTests
{
    private static readonly JsonNode Golden = GoldenFile.Read("optimizers.json");

    public static TheoryData<string> Cases =>
        [.. Golden["cases"]!.AsArray().Select(node => (string)node!["id"]!).Where(id => id.Contains("-sgd") && !id.StartsWith("schedule-free"))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_trace_is_reproduced_in_double_precision(string id)
    {
        var trace = new Trace(id);
        double[] weights = Golden["initial"]!.Doubles(), slot = new double[weights.Length];
        for (int step = 0; step < trace.Length; step++)
        {
            double[] gradient = trace.Gradient(step);
            if (trace.Convention == MomentumConvention.Velocity)
                UpdateKernels.Apply(new VelocityRule(trace.Values(step), isDecayed: true, trace.Nesterov), weights, gradient, slot);
            else
                UpdateKernels.Apply(new GradientBufferRule(trace.Values(step), isDecayed: true, trace.Nesterov), weights, gradient, slot);
            GoldenNetworkTests.Near(trace.Expected(step), weights, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_trace_is_reproduced_in_single_precision(string id)
    {
        var trace = new Trace(id);
        using var kernels = new KernelContext();
        float[] weights = [.. Golden["initial"]!.Doubles().Select(value => (float)value)];
        var optimizer = new SgdOptimizer(trace.Convention, trace.Nesterov, weights.Length);
        for (int step = 0; step < trace.Length; step++)
        {
            float[] gradient = [.. trace.Gradient(step).Select(value => (float)value)];
            optimizer.Step(kernels, weights, gradient, [new ParameterGroup(0, 2), new ParameterGroup(2, weights.Length - 2)], trace.Values(step));
            GoldenNetworkTests.Near(trace.Expected(step), [.. weights.Select(value => (double)value)], 1e-6);
        }
    }

    private sealed class Trace(string id)
    {
        private readonly JsonNode _node = Golden["cases"]!.AsArray().Single(node => (string)node!["id"]! == id)!;

        public int Length => _node["values"]!.AsArray().Count;

        public MomentumConvention Convention => id.StartsWith("torch") ? MomentumConvention.GradientBuffer : MomentumConvention.Velocity;

        public bool Nesterov => (bool?)_node["parameters"]!["nesterov"] ?? false;

        public double[] Gradient(int step) => Golden["gradients"]!.Rows()[step];

        public double[] Expected(int step) => _node["values"]!.Rows()[step];

        // PyTorch's weight_decay of SGD is the L2 penalty; Keras's is decoupled.
        public StepValues Values(int step) => new()
        {
            Step = step,
            LearningRate = Golden[(string)_node["rates"]!]!.Doubles()[step],
            Momentum = Number("momentum"),
            Dampening = Number("dampening"),
            L2Regularization = Convention == MomentumConvention.GradientBuffer ? Number("weight_decay") : 0,
            WeightDecay = Convention == MomentumConvention.Velocity ? Number("weight_decay") : 0,
        };

        private double Number(string name) => (double?)_node["parameters"]![name] ?? 0;
    }
}
