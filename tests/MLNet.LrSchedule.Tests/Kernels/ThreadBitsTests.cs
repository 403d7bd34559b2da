using System;
using System.Threading.Tasks;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

/// <summary>How many threads work, and for whom, decides no bit.</summary>
public class ThreadBitsTests
{
    [Fact]
    public void Products_have_the_same_bits_at_any_number_of_threads()
    {
        // Each is large enough to be divided. The columns of the last gradient can be divided evenly among two and three threads at any vector width, though there are more rows.
        foreach ((int rows, int inputs, int outputs) in new[] { (130, 97, 401), (401, 130, 97), (6000, 70, 10), (64, 700, 130), (500, 192, 30) })
        {
            Random random = new(rows);
            float[] x = KernelCases.Numbers(random, rows * inputs);
            float[] w = KernelCases.Numbers(random, inputs * outputs);
            float[] g = KernelCases.Numbers(random, rows * outputs);
            float[][] expected = Products(1, areFar: false, x, w, g, rows, inputs, outputs);
            foreach ((int threads, bool areFar) in new[] { (2, false), (3, false), (5, false), (2, true) })
            {
                float[][] actual = Products(threads, areFar, x, w, g, rows, inputs, outputs);
                for (int i = 0; i < expected.Length; i++)
                {
                    KernelCases.AssertSameBits(expected[i], actual[i], $"Product {i} of {rows} x {inputs} x {outputs} on {threads} threads");
                }
            }
        }
    }

    [Fact]
    public void Element_work_has_the_same_bits_at_any_number_of_threads()
    {
        const int Count = 200_003;
        Random random = new(31);
        float[] x = KernelCases.Numbers(random, Count);
        float[] expected = new float[Count];
        using KernelContext alone = new(1);
        ActivationKernels.Forward(alone, ActivationKind.Tanh, 0, x, expected);
        ActivationKernels.Backward(alone, ActivationKind.Tanh, 0, x, expected);
        foreach (int threads in new[] { 2, 3 })
        {
            using KernelContext context = new(threads);
            float[] actual = new float[Count];
            ActivationKernels.Forward(context, ActivationKind.Tanh, 0, x, actual);
            ActivationKernels.Backward(context, ActivationKind.Tanh, 0, x, actual);
            KernelCases.AssertSameBits(expected, actual, $"tanh on {threads} threads");
        }
    }

    [Fact]
    public void Contexts_used_at_the_same_time_do_not_disturb_each_other()
    {
        // Enough work that the products are divided.
        const int Rows = 260;
        const int Width = 130;
        float[] x = KernelCases.Numbers(new Random(1), Rows * Width);
        float[] w = KernelCases.Numbers(new Random(2), Width * Width);
        float[] expected = new float[Rows * Width];
        ReferenceKernels.Forward(x, w, [], expected, Rows, Width, Width);
        Parallel.For(0, 8, _ =>
        {
            using KernelContext context = new(2);
            float[] y = new float[Rows * Width];
            for (int i = 0; i < 50; i++)
            {
                Array.Fill(y, float.NaN);
                DenseKernels.Forward(context, x, w, [], y, Rows, Width, Width, ActivationKind.Identity, 0);
                KernelCases.AssertSameBits(expected, y, "Forward");
            }
        });
    }

    private static float[][] Products(int threads, bool areFar, float[] x, float[] w, float[] g, int rows, int inputs, int outputs)
    {
        using KernelContext context = new(threads) { AssumesFarThreads = areFar };
        float[] y = new float[rows * outputs];
        float[] dw = new float[inputs * outputs];
        float[] db = new float[outputs];
        float[] dx = new float[rows * inputs];
        float[] rectified = new float[rows * outputs];
        float[] slopes = new float[rows * inputs];
        float[] sums = new float[inputs];
        DenseKernels.Forward(context, x, w, [], y, rows, inputs, outputs, ActivationKind.Tanh, 0);
        DenseKernels.Forward(context, x, w, [], rectified, rectified, rows, inputs, outputs, ActivationKind.Relu, 0, hasSharedRows: areFar);
        DenseKernels.WeightGradient(context, x, g, dw, db, rows, inputs, outputs, hasSharedRows: areFar);
        DenseKernels.InputGradient(context, g, w, dx, rows, inputs, outputs);
        DenseKernels.InputGradient(context, g, w, slopes, rows, inputs, outputs, ActivationKind.Relu, 0, x, sums, hasSharedRows: areFar);
        return [y, rectified, dw, db, dx, slopes, sums];
    }
}
