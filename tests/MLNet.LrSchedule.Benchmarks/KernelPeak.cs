using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.LrSchedule.Benchmarks.Peers;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// The matrix products against the processor's own limit: GFLOP/s of every product of a network's step beside the rate of a loop of nothing but fused
/// multiply-adds, measured in turns. The share of the peak is that of the medians and, in brackets, that of the best rounds, which a busy machine disturbs
/// less. Run by <c>-- kernels [threads] [name of a workload]</c>.
/// </summary>
internal static class KernelPeak
{
    private const int Rounds = 25;
    private const double SecondsPerMeasurement = 0.002;

    public static void Run(string[] arguments)
    {
        int threads = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1;
        using KernelContext context = new(threads);
        Console.WriteLine($"{(int)context.VectorWidth}-bit vectors, {threads} thread(s)");
        foreach (PeerWorkload workload in PeerWorkload.All.Where(w => arguments.Length < 2 || w.Name == arguments[1]))
        {
            Measure(context, workload);
        }
    }

    private static void Measure(KernelContext context, PeerWorkload workload)
    {
        List<Product> products = Products(context, workload);
        int[] repetitions = [.. products.Select(product => Repetitions(product.Run))];
        List<double> peaks = [];
        List<double>[] times = [.. products.Select(_ => new List<double>())];
        for (int round = 0; round < Rounds; round++)
        {
            peaks.Add(PeakPerSecond());
            for (int i = 0; i < products.Count; i++)
            {
                times[i].Add(Time(products[i].Run, repetitions[i]));
            }
        }

        double peak = Median(peaks) * context.MaxThreads;
        Console.WriteLine($"{workload.Name} {string.Join('-', workload.Widths)}, batch {workload.Batch}: peak {peak / 1e9:F1} GFLOP/s");
        double bestPeak = peaks.Max() * context.MaxThreads;
        double total = 0;
        double bestTotal = 0;
        double operations = 0;
        for (int i = 0; i < products.Count; i++)
        {
            double time = Median(times[i]);
            double best = times[i].Min();
            total += time;
            bestTotal += best;
            operations += products[i].Operations;
            Report(products[i].Name, time, products[i].Operations / time / peak, products[i].Operations / best / bestPeak);
        }

        Report("all products", total, operations / total / peak, operations / bestTotal / bestPeak);
    }

    private static void Report(string name, double seconds, double share, double bestShare) =>
        Console.WriteLine($"  {name,-24} {seconds * 1e6,10:F2} us {100 * share,6:F1} % ({100 * bestShare:F1} %)");

    private static List<Product> Products(KernelContext context, PeerWorkload workload)
    {
        Random random = new(1);
        List<Product> products = [];
        int batch = workload.Batch;
        for (int layer = 0; layer + 1 < workload.Widths.Length; layer++)
        {
            int inputs = workload.Widths[layer];
            int outputs = workload.Widths[layer + 1];
            FloatBuffer x = Numbers(random, batch * inputs);
            FloatBuffer w = Numbers(random, inputs * outputs);
            FloatBuffer b = Numbers(random, outputs);
            FloatBuffer y = Numbers(random, batch * outputs);
            FloatBuffer dw = Numbers(random, inputs * outputs);
            FloatBuffer db = Numbers(random, outputs);
            FloatBuffer dx = Numbers(random, batch * inputs);
            double operations = 2.0 * batch * inputs * outputs;
            string shape = $"{batch} x {inputs} x {outputs}";
            products.Add(new($"Y  {shape}", operations, () =>
                DenseKernels.Forward(context, x.Span, w.Span, b.Span, y.Span, batch, inputs, outputs, ActivationKind.Identity, 0)));
            products.Add(new($"dW {shape}", operations, () =>
                DenseKernels.WeightGradient(context, x.Span, y.Span, dw.Span, db.Span, batch, inputs, outputs)));
            if (layer > 0)
            {
                products.Add(new($"dX {shape}", operations, () =>
                    DenseKernels.InputGradient(context, y.Span, w.Span, dx.Span, batch, inputs, outputs)));
            }
        }

        return products;
    }

    private static FloatBuffer Numbers(Random random, int length)
    {
        FloatBuffer buffer = new(length);
        foreach (ref float value in buffer.Span)
        {
            value = (float)((random.NextDouble() * 2) - 1) * 0.01f;
        }

        return buffer;
    }

    private static int Repetitions(Action action)
    {
        int repetitions = 1;
        for (int warmup = 0; warmup < 3; warmup++)
        {
            double time = Time(action, repetitions);
            repetitions = Math.Clamp((int)(SecondsPerMeasurement / time), 1, 1 << 20);
        }

        return repetitions;
    }

    private static double Time(Action action, int repetitions)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repetitions; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / repetitions;
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Floating-point operations per second of one core that does nothing but fused multiply-adds.</summary>
    public static double PeakPerSecond()
    {
        const int Steps = 200_000;
        long start = Stopwatch.GetTimestamp();
        return Steps * Multiply(Steps) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Nothing but fused multiply-adds. Returns the floating-point operations of one step.</summary>
    internal static double Multiply(int steps) => KernelContext.AvailableWidths[^1] switch
    {
        VectorWidth.Bits512 => Peak<Simd512, Vector512<float>>(steps),
        VectorWidth.Bits256 => Peak<Simd256, Vector256<float>>(steps),
        VectorWidth.Bits128 => Peak<Simd128, Vector128<float>>(steps),
        _ => Peak<ScalarSingle, float>(steps),
    };

    // Twelve chains: more than two pipelines of latency five need.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe double Peak<TSimd, TVector>(int steps)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        TVector a = TSimd.Constant(0.999999);
        TVector x0 = a, x1 = a, x2 = a, x3 = a, x4 = a, x5 = a, x6 = a, x7 = a, x8 = a, x9 = a, x10 = a, x11 = a;
        for (int i = 0; i < steps; i++)
        {
            x0 = TSimd.FusedMultiplyAdd(x0, a, a);
            x1 = TSimd.FusedMultiplyAdd(x1, a, a);
            x2 = TSimd.FusedMultiplyAdd(x2, a, a);
            x3 = TSimd.FusedMultiplyAdd(x3, a, a);
            x4 = TSimd.FusedMultiplyAdd(x4, a, a);
            x5 = TSimd.FusedMultiplyAdd(x5, a, a);
            x6 = TSimd.FusedMultiplyAdd(x6, a, a);
            x7 = TSimd.FusedMultiplyAdd(x7, a, a);
            x8 = TSimd.FusedMultiplyAdd(x8, a, a);
            x9 = TSimd.FusedMultiplyAdd(x9, a, a);
            x10 = TSimd.FusedMultiplyAdd(x10, a, a);
            x11 = TSimd.FusedMultiplyAdd(x11, a, a);
        }

        TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(x0, x1), TSimd.Add(x2, x3)), TSimd.Add(TSimd.Add(x4, x5), TSimd.Add(x6, x7)));
        sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(x8, x9), TSimd.Add(x10, x11)));
        float* sink = stackalloc float[16];
        TSimd.Store(sink, sum);
        return 12 * 2 * TSimd.Width;
    }

    private sealed record Product(string Name, double Operations, Action Run);
}
