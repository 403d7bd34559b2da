using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The losses of some rows, their hits and their derivatives, by blocks of rows, class by class, so that vectors are full and no chain waits for itself however
/// few classes there are.
/// </summary>
internal unsafe struct SoftmaxCrossEntropyWork : IRangeWork
{
    private const int BlockElements = 1024;
    private const int MinBlockRows = 16;

    /// <summary>[rows x classes].</summary>
    public float* Logits;

    /// <summary>One per row: the index of its class, which has been checked.</summary>
    public float* Labels;

    /// <summary>One per row; null: all 1.</summary>
    public float* Weights;

    /// <summary>[rows x classes], receives (p - q) * (weight * scale), and may be the memory of the logits; null is left out.</summary>
    public float* Gradient;

    public float GradientScale;
    public int Classes;
    public double LabelSmoothing;

    /// <summary>One per row. Receives its loss.</summary>
    public double* Losses;

    /// <summary>One per row. Receives 1 where the label is the first of the classes with the largest logit, and 0 elsewhere.</summary>
    public double* Correct;

    /// <summary>Room for [rows x classes], of which each range uses the first part of its own.</summary>
    public float* Exponentials;

    // The targets of the label and of the other classes.
    private readonly float High => (float)(1 - LabelSmoothing + (LabelSmoothing / Classes));

    private readonly float Low => (float)(LabelSmoothing / Classes);

    public readonly void Run(KernelContext context, int first, int count)
    {
        int blockRows = Math.Min(count, Math.Max(MinBlockRows, BlockElements / Classes));
        Span<float> exponentials = new(Exponentials + ((nint)first * Classes), blockRows * Classes);
        Span<float> largest = stackalloc float[blockRows];
        Span<float> logarithms = stackalloc float[blockRows];
        Span<int> best = stackalloc int[blockRows];
        Span<double> sums = stackalloc double[blockRows];
        for (int row = first; row < first + count; row += blockRows)
        {
            int rows = Math.Min(blockRows, first + count - row);
            SoftmaxBlock softmax = new(exponentials[..(rows * Classes)], largest[..rows], best[..rows], sums[..rows]);
            softmax.Set(context.VectorWidth, new ReadOnlySpan<float>(Logits + ((nint)row * Classes), rows * Classes));
            Logarithms(context.VectorWidth, sums[..rows], logarithms);
            Measure(row, logarithms, largest, best[..rows]);
            if (Gradient != null)
            {
                softmax.WriteGradient(
                    new ReadOnlySpan<float>(Labels + row, rows),
                    Weights == null ? [] : new ReadOnlySpan<float>(Weights + row, rows),
                    new Span<float>(Gradient + ((nint)row * Classes), rows * Classes),
                    GradientScale,
                    Low,
                    High);
            }
        }
    }

    // Without branches on the logits, which a processor would guess wrong.
    private readonly void Measure(int first, ReadOnlySpan<float> logarithms, ReadOnlySpan<float> largest, ReadOnlySpan<int> best)
    {
        float low = Low, high = High;
        for (int i = 0; i < best.Length; i++)
        {
            float* z = Logits + ((nint)(first + i) * Classes);
            int label = (int)Labels[first + i];
            double loss = (double)logarithms[i] - (z[label] - largest[i]);
            if (LabelSmoothing != 0)
            {
                loss = logarithms[i];
                for (int c = 0; c < Classes; c++)
                {
                    loss -= (double)(c == label ? high : low) * (z[c] - largest[i]);
                }
            }

            Losses[first + i] = loss;
            Correct[first + i] = Convert.ToInt32(best[i] == label & !float.IsNaN(largest[i]));
        }
    }

    private static void Logarithms(VectorWidth width, ReadOnlySpan<double> sums, Span<float> logarithms)
    {
        for (int row = 0; row < sums.Length; row++)
        {
            logarithms[row] = (float)sums[row];
        }

        fixed (float* arguments = logarithms)
        {
            ElementLoop.Map(width, default(Log), arguments, arguments, sums.Length);
        }
    }

    private readonly struct Log : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply<TSimd, TVector, TElement>(TVector x)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged =>
            VectorMath.Log<TSimd, TVector, TElement>(x);
    }
}
