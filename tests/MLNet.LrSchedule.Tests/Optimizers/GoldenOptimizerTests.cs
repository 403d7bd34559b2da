using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Tests.Networks;
using Xunit;

namespace MLNet.LrSchedule.Tests.Optimizers;

/// <summary>Twelve steps with a changing rate, as PyTorch, Keras, scikit-learn and the authors of schedule-free take them.</summary>
public sealed class GoldenOptimizerTests
{
    /// <summary>PyTorch 1.13's default path of NAdam has a slip that neither its other path nor later releases have.</summary>
    private const string Defect = "torch-nadam-1.13";

    public static TheoryData<string> Cases => [.. GoldenTrace.Ids.Where(id => id != Defect)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_trace_is_reproduced_in_double_precision(string id)
    {
        var trace = new GoldenTrace(id);
        double[] weights = GoldenTrace.Initial;
        var optimizer = trace.Optimizer(weights.Length);
        double[][] slots = [.. optimizer.Slots.Select(_ => new double[weights.Length])];
        for (int step = 0; step < trace.Length; step++)
        {
            optimizer.Step(weights, trace.Gradient(step), slots, [new ParameterGroup(0, weights.Length)], trace.Values(step));
            GoldenNetworkTests.Near(trace.Expected(step), weights, 1e-12);
            if (!optimizer.EvaluatesOtherWeights)
                continue;
            GoldenNetworkTests.Near(trace.Expected(step, "z"), slots[0], 1e-12);
            GoldenNetworkTests.Near(trace.Expected(step, "x"), slots[1], 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_trace_is_reproduced_in_single_precision_on_every_width_and_in_groups(string id)
    {
        var trace = new GoldenTrace(id);
        foreach (var width in KernelContext.AvailableWidths)
        {
            using var kernels = new KernelContext(1, width);
            float[] weights = Single(GoldenTrace.Initial), evaluated = new float[weights.Length];
            ParameterGroup[] groups = [new(0, 2), new(2, weights.Length - 2)];
            var optimizer = trace.Optimizer(weights.Length);
            for (int step = 0; step < trace.Length; step++)
            {
                optimizer.Step(kernels, weights, Single(trace.Gradient(step)), groups, trace.Values(step));
                GoldenNetworkTests.Near(trace.Expected(step), Double(weights), 1e-6);
                optimizer.WriteEvaluationWeights(weights, groups, evaluated);
                GoldenNetworkTests.Near(trace.Expected(step, optimizer.EvaluatesOtherWeights ? "x" : "values"), Double(evaluated), 1e-6);
            }
        }
    }

    [Fact]
    public void The_slip_of_PyTorch_1_13_in_NAdam_is_not_imitated()
    {
        var trace = new GoldenTrace(Defect);
        double[] weights = GoldenTrace.Initial, first = trace.Expected(0);
        var optimizer = trace.Optimizer(weights.Length);
        double[][] slots = [new double[weights.Length], new double[weights.Length]];
        optimizer.Step(weights, trace.Gradient(0), slots, [new ParameterGroup(0, weights.Length)], trace.Values(0));
        Assert.True(Math.Abs(weights[0] - first[0]) > 5e-4);
        GoldenNetworkTests.Near(new GoldenTrace("torch-nadam-foreach").Expected(0), weights, 1e-12);
    }

    private static float[] Single(double[] values) => [.. values.Select(value => (float)value)];

    private static double[] Double(float[] values) => [.. values.Select(value => (double)value)];
}
