using System;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public unsafe class VectorMathTests
{
    private delegate void Kernel(VectorWidth width, float[] source, float[] destination);

    [Fact]
    public void Exp_is_within_its_stated_error() => AssertAccuracy(Run<ExpFunction>, Math.Exp, -103.9f, 88.72f, 1, 1.5);

    [Fact]
    public void ExpM1_is_within_its_stated_error() => AssertAccuracy(Run<ExpM1Function>, ReferenceMath.ExpM1, -30, 87.9f, 2, 2);

    [Fact]
    public void Log_is_within_its_stated_error() => AssertAccuracy(Run<LogFunction>, Math.Log, 1e-45f, float.MaxValue, 1, 1);

    [Fact]
    public void Log1P_of_the_unit_interval_is_within_its_stated_error() => AssertAccuracy(Run<Log1PUnitFunction>, ReferenceMath.Log1P, 0, 1, 2, 2);

    [Fact]
    public void Softplus_is_within_its_stated_error() =>
        AssertAccuracy(Run<Softplus>, x => Math.Max(x, 0) + ReferenceMath.Log1P(Math.Exp(-Math.Abs(x))), -103, 200, 2.5, 2.5);

    [Fact]
    public void Sigmoid_is_within_its_stated_error() =>
        AssertAccuracy(Run<Sigmoid>, x => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)), -103, 50, 2.5, 2.5);

    [Fact]
    public void Tanh_is_within_its_stated_error() => AssertAccuracy(Run<Tanh>, Math.Tanh, -20, 20, 2.5, 2.5);

    [Fact]
    public void The_normal_distribution_function_is_within_its_stated_error() =>
        AssertAccuracy(Run<NormalFunction>, ReferenceMath.Normal, -13, 9, 5.5, 5.5);

    [Fact]
    public void Special_arguments_have_the_values_of_the_definition()
    {
        AssertValues<ExpFunction>(
            (float.NaN, float.NaN), (float.PositiveInfinity, float.PositiveInfinity), (float.NegativeInfinity, 0), (0, 1), (-0f, 1),
            (88.73f, float.PositiveInfinity), (1000, float.PositiveInfinity), (-104.5f, 0), (float.MaxValue, float.PositiveInfinity));
        AssertValues<ExpM1Function>((float.NaN, float.NaN), (float.NegativeInfinity, -1), (0, 0), (-1000, -1));
        AssertValues<LogFunction>(
            (float.NaN, float.NaN), (float.PositiveInfinity, float.PositiveInfinity), (0, float.NegativeInfinity),
            (-0f, float.NegativeInfinity), (-1, float.NaN), (float.NegativeInfinity, float.NaN), (1, 0));
        AssertValues<Sigmoid>((float.NaN, float.NaN), (float.PositiveInfinity, 1), (float.NegativeInfinity, 0), (0, 0.5f), (1000, 1), (-1000, 0));
        AssertValues<Tanh>((float.NaN, float.NaN), (float.PositiveInfinity, 1), (float.NegativeInfinity, -1), (0, 0), (-0f, -0f), (1e-30f, 1e-30f));
        AssertValues<Softplus>((float.NaN, float.NaN), (float.PositiveInfinity, float.PositiveInfinity), (float.NegativeInfinity, 0), (1000, 1000));
        AssertValues<NormalFunction>((float.NaN, float.NaN), (float.PositiveInfinity, 1), (float.NegativeInfinity, 0), (0, 0.5f));
        AssertValues<Relu>((float.NaN, float.NaN), (float.PositiveInfinity, float.PositiveInfinity), (float.NegativeInfinity, 0), (-1, 0), (2, 2));
    }

    [Fact]
    public void An_element_has_the_same_bits_on_every_width_and_at_every_place()
    {
        AssertPlaces<ExpFunction>();
        AssertPlaces<ExpM1Function>();
        AssertPlaces<LogFunction>();
        AssertPlaces<Log1PUnitFunction>();
        AssertPlaces<Softplus>();
        AssertPlaces<Sigmoid>();
        AssertPlaces<Tanh>();
        AssertPlaces<NormalFunction>();
    }

    // A dense sweep: every exponent and sign of the range, with mantissas a fixed stride apart.
    private static void AssertAccuracy(Kernel kernel, Func<double, double> exact, float low, float high, double ulps, double subnormalUlps)
    {
        const int Stride = 4001;
        float[] arguments = new float[(int)(uint.MaxValue / Stride)];
        int count = 0;
        for (uint bits = 0; count < arguments.Length; bits += Stride)
        {
            float x = BitConverter.UInt32BitsToSingle(bits);
            if (x >= low && x <= high)
            {
                arguments[count++] = x;
            }

            if (bits > uint.MaxValue - Stride)
            {
                break;
            }
        }

        Array.Resize(ref arguments, count);
        float[] results = new float[count];
        kernel(KernelContext.AvailableWidths[^1], arguments, results);
        double worst = 0;
        for (int i = 0; i < count; i++)
        {
            double expected = exact(arguments[i]);
            double magnitude = Math.Abs(expected);
            bool subnormal = magnitude < 1.17549435e-38;
            double ulp = Math.ScaleB(1, Math.Max(subnormal ? -126 : Math.ILogB(magnitude), -126) - 23);
            double error = Math.Abs(results[i] - expected) / ulp;
            worst = Math.Max(worst, subnormal ? error / subnormalUlps * ulps : error);
            Assert.True(error <= (subnormal ? subnormalUlps : ulps), $"f({arguments[i]:R}) = {results[i]:R}, {error:F2} ulp from {expected:R}");
        }

        Assert.True(count > 10_000 && worst > 0.4, $"The sweep proves little: {count} arguments, worst error {worst}.");
    }

    private static void AssertValues<TFunction>(params (float X, float Y)[] cases)
        where TFunction : struct, IElementFunction
    {
        float[] x = Array.ConvertAll(cases, c => c.X);
        float[] expected = Array.ConvertAll(cases, c => c.Y);
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            float[] y = new float[x.Length];
            Run<TFunction>(width, x, y);
            KernelCases.AssertSameBits(expected, y, $"{typeof(TFunction).Name} at {width}");
        }
    }

    private static void AssertPlaces<TFunction>()
        where TFunction : struct, IElementFunction
    {
        Random random = new(7);
        float[] x = KernelCases.Numbers(random, 1003);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] *= MathF.ScaleB(1, random.Next(-30, 8));
        }

        float[] expected = new float[x.Length];
        Run<TFunction>(VectorWidth.Scalar, x, expected);
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            for (int first = 0; first < 17; first++)
            {
                float[] y = new float[x.Length - first];
                Run<TFunction>(width, x[first..], y);
                KernelCases.AssertSameBits(expected.AsSpan(first), y, $"{typeof(TFunction).Name} at {width} from {first}");
            }
        }
    }

    private static void Run<TFunction>(VectorWidth width, float[] source, float[] destination)
        where TFunction : struct, IElementFunction
    {
        fixed (float* x = source, y = destination)
        {
            ElementLoop.Map(width, default(TFunction), x, y, source.Length);
        }
    }

    private readonly struct ExpFunction : IElementFunction
    {
        public TVector Apply<TSimd, TVector, TElement>(TVector x)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged => VectorMath.Exp<TSimd, TVector, TElement>(x);
    }

    private readonly struct ExpM1Function : IElementFunction
    {
        public TVector Apply<TSimd, TVector, TElement>(TVector x)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged => VectorMath.ExpM1<TSimd, TVector, TElement>(x);
    }

    private readonly struct LogFunction : IElementFunction
    {
        public TVector Apply<TSimd, TVector, TElement>(TVector x)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged => VectorMath.Log<TSimd, TVector, TElement>(x);
    }

    private readonly struct NormalFunction : IElementFunction
    {
        public TVector Apply<TSimd, TVector, TElement>(TVector x)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged => NormalDistribution.Cumulative<TSimd, TVector, TElement>(x);
    }

    private readonly struct Log1PUnitFunction : IElementFunction
    {
        public TVector Apply<TSimd, TVector, TElement>(TVector x)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged => VectorMath.Log1PUnit<TSimd, TVector, TElement>(x);
    }
}
