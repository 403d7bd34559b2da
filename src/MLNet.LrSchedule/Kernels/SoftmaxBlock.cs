using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The softmax of a block of rows, stored class by class: what a row accumulates over its classes lies in one lane, in ascending order, and rows fill the
/// vectors. The bits are those of one row alone.
/// </summary>
/// <param name="exponentials">[classes x rows]. Receives e^(z - largest).</param>
/// <param name="largest">One per row. Receives its largest logit, NaN where there is one.</param>
/// <param name="best">One per row. Receives the first class with the largest logit; undefined where one is NaN.</param>
/// <param name="sums">One per row. Receives the sum of its exponentials.</param>
internal readonly unsafe ref struct SoftmaxBlock(Span<float> exponentials, Span<float> largest, Span<int> best, Span<double> sums)
{
    private readonly Span<float> _exponentials = exponentials;
    private readonly Span<float> _largest = largest;
    private readonly Span<int> _best = best;
    private readonly Span<double> _sums = sums;

    private int Rows => _largest.Length;

    private int Classes => _exponentials.Length / _largest.Length;

    /// <summary>Sets everything from logits [rows x classes].</summary>
    public void Set(VectorWidth width, ReadOnlySpan<float> logits)
    {
        fixed (float* source = logits, destination = _exponentials)
        {
            GemmPacking.Transpose(source, Classes, destination, Rows, Rows, Classes);
        }

        Span<float> largest = _largest;
        Span<int> best = _best;
        Class(0).CopyTo(largest);
        best.Clear();
        for (int c = 1; c < Classes; c++)
        {
            Span<float> z = Class(c);
            int row = 0;
            for (; row <= Rows - Vector<float>.Count; row += Vector<float>.Count)
            {
                Vector<float> before = new(largest[row..]), value = new(z[row..]);
                Vector.ConditionalSelect(Vector.GreaterThan(value, before), new Vector<int>(c), new Vector<int>(best[row..])).CopyTo(best[row..]);
                Vector.Max(before, value).CopyTo(largest[row..]);
            }

            for (; row < Rows; row++)
            {
                best[row] = z[row] > largest[row] ? c : best[row];
                largest[row] = MathF.Max(largest[row], z[row]);
            }
        }

        for (int c = 0; c < Classes; c++)
        {
            Span<float> z = Class(c);
            int row = 0;
            for (; row <= Rows - Vector<float>.Count; row += Vector<float>.Count)
            {
                (new Vector<float>(z[row..]) - new Vector<float>(largest[row..])).CopyTo(z[row..]);
            }

            for (; row < Rows; row++)
            {
                z[row] -= largest[row];
            }
        }

        Exponentials(width, _exponentials);
        AddUp();
    }

    /// <summary>Writes (p - q) * (weight * scale), with the target distribution q.</summary>
    /// <param name="labels">One valid class per row.</param>
    /// <param name="weights">One per row, or empty: all 1.</param>
    /// <param name="gradient">[rows x classes].</param>
    /// <param name="scale">What every derivative is multiplied by.</param>
    /// <param name="low">The target of the classes that are not the label.</param>
    /// <param name="high">The target of the label.</param>
    public void WriteGradient(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> gradient, float scale, float low, float high)
    {
        // The largest logits have been used by now, and make room for what each row is multiplied by.
        Span<float> scales = _largest;
        Span<float> inverses = stackalloc float[Rows];
        Span<float> ofLabels = stackalloc float[Rows];
        for (int row = 0; row < Rows; row++)
        {
            inverses[row] = (float)(1 / _sums[row]);
            scales[row] = (weights.IsEmpty ? 1 : weights[row]) * scale;
            ofLabels[row] = MathF.FusedMultiplyAdd(Class((int)labels[row])[row], inverses[row], -high) * scales[row];
        }

        for (int c = 0; c < Classes; c++)
        {
            Span<float> e = Class(c);
            int row = 0;
            for (; row <= Rows - Vector<float>.Count; row += Vector<float>.Count)
            {
                Vector<float> difference = Vector.FusedMultiplyAdd(new Vector<float>(e[row..]), new Vector<float>(inverses[row..]), new Vector<float>(-low));
                (difference * new Vector<float>(scales[row..])).CopyTo(e[row..]);
            }

            for (; row < Rows; row++)
            {
                e[row] = MathF.FusedMultiplyAdd(e[row], inverses[row], -low) * scales[row];
            }
        }

        for (int row = 0; row < Rows; row++)
        {
            Class((int)labels[row])[row] = ofLabels[row];
        }

        fixed (float* source = _exponentials, destination = gradient)
        {
            GemmPacking.Transpose(source, Rows, destination, Classes, Classes, Rows);
        }
    }

    /// <summary>e to the power of each number, in place.</summary>
    public static void Exponentials(VectorWidth width, Span<float> values)
    {
        fixed (float* value = values)
        {
            ElementLoop.Map(width, default(Exp), value, value, values.Length);
        }
    }

    private void AddUp()
    {
        _sums.Clear();
        for (int c = 0; c < Classes; c++)
        {
            Span<float> e = Class(c);
            int row = 0;
            for (; row <= Rows - Vector<float>.Count; row += Vector<float>.Count)
            {
                Vector.Widen(new Vector<float>(e[row..]), out Vector<double> low, out Vector<double> high);
                Span<double> sums = _sums[row..];
                (new Vector<double>(sums) + low).CopyTo(sums);
                sums = sums[Vector<double>.Count..];
                (new Vector<double>(sums) + high).CopyTo(sums);
            }

            for (; row < Rows; row++)
            {
                _sums[row] += e[row];
            }
        }
    }

    private Span<float> Class(int c) => _exponentials.Slice(c * Rows, Rows);

    private readonly struct Exp : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply<TSimd, TVector, TElement>(TVector x)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged =>
            VectorMath.Exp<TSimd, TVector, TElement>(x);
    }
}
