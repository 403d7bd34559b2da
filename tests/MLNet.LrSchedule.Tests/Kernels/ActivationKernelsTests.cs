using System;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class ActivationKernelsTests
{
    public static TheoryData<ActivationCase> Cases
    {
        get
        {
            TheoryData<ActivationCase> cases = [];
            foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
            {
                cases.Add(new ActivationCase(kind.ToString()));
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_slope_is_the_derivative_of_the_function(ActivationCase activation)
    {
        ActivationKind kind = activation.Kind;
        const float Parameter = 0.25f;
        const double Step = 1e-5;
        double[] x = new double[400];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (i - 200.5) / 30;
        }

        double[] stored = new double[x.Length];
        double[] above = Array.ConvertAll(x, value => value + Step);
        double[] below = Array.ConvertAll(x, value => value - Step);
        ActivationKernels.Forward(kind, Parameter, x, stored);
        ActivationKernels.Forward(kind, Parameter, above, above);
        ActivationKernels.Forward(kind, Parameter, below, below);
        double[] gradient = new double[x.Length];
        Array.Fill(gradient, 3);
        ActivationKernels.Backward(kind, Parameter, ActivationKernels.NeedsPreActivation(kind) ? x : stored, gradient);
        for (int i = 0; i < x.Length; i++)
        {
            double slope = 3 * (above[i] - below[i]) / (2 * Step);
            Assert.True(Math.Abs(slope - gradient[i]) < 1e-8, $"{kind} at {x[i]}: slope {slope}, gradient {gradient[i]}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_width_gives_the_bits_of_the_scalar_one(ActivationCase activation)
    {
        ActivationKind kind = activation.Kind;
        Random random = new(5);
        float[] x = Array.ConvertAll(KernelCases.Numbers(random, 517), value => value * 12);
        float[] g = KernelCases.Numbers(random, 517);
        (float[] expected, float[] expectedGradient) = Run(VectorWidth.Scalar, kind, x, g);
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            (float[] actual, float[] actualGradient) = Run(width, kind, x, g);
            KernelCases.AssertSameBits(expected, actual, $"{kind} at {width}");
            KernelCases.AssertSameBits(expectedGradient, actualGradient, $"Gradient of {kind} at {width}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Single_precision_agrees_with_double_precision(ActivationCase activation)
    {
        ActivationKind kind = activation.Kind;
        float[] x = Array.ConvertAll(KernelCases.Numbers(new Random(6), 1000), value => value * 8);
        float[] g = new float[x.Length];
        Array.Fill(g, 1);
        (float[] y, float[] slope) = Run(KernelContext.AvailableWidths[^1], kind, x, g);
        double[] exact = Array.ConvertAll(x, value => (double)value);
        double[] exactSlope = Array.ConvertAll(g, value => (double)value);
        double[] argument = (double[])exact.Clone();
        ActivationKernels.Forward(kind, 0.5f, exact, exact);
        ActivationKernels.Backward(kind, 0.5f, ActivationKernels.NeedsPreActivation(kind) ? argument : exact, exactSlope);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.True(Math.Abs(y[i] - exact[i]) <= 3e-7 * (1 + Math.Abs(exact[i])), $"{kind}({x[i]}) = {y[i]}, exact {exact[i]}");
            Assert.True(Math.Abs(slope[i] - exactSlope[i]) <= 2e-6, $"{kind}'({x[i]}) = {slope[i]}, exact {exactSlope[i]}");
        }
    }

    [Fact]
    public void A_slope_keeps_a_NaN()
    {
        using KernelContext context = new();
        float[] gradient = [float.NaN, 1];
        ActivationKernels.Backward(context, ActivationKind.Relu, 0, [2, float.NaN], gradient);
        Assert.True(float.IsNaN(gradient[0]));
        Assert.Equal(1, gradient[1]);
    }

    private static (float[] Output, float[] Gradient) Run(VectorWidth width, ActivationKind kind, float[] x, float[] g)
    {
        using KernelContext context = new(1, width);
        float[] y = new float[x.Length];
        float[] gradient = (float[])g.Clone();
        ActivationKernels.Forward(context, kind, 0.5f, x, y);
        ActivationKernels.Backward(context, kind, 0.5f, ActivationKernels.NeedsPreActivation(kind) ? x : y, gradient);
        return (y, gradient);
    }

    /// <summary>An activation by name: the enumeration itself is internal to the library.</summary>
    public sealed record ActivationCase(string Name)
    {
        internal ActivationKind Kind => Enum.Parse<ActivationKind>(Name);
    }
}
