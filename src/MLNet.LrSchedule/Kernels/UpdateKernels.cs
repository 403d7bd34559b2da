using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Threading;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Optimizer updates: one pass over memory that reads weight, gradient and slots and writes weight and slots, and zeros in the place of a gradient that is cleared. The elements are independent, so ranges
/// (parameter groups) may be updated one after the other with different rules, and the bits do not depend on how they are cut.
/// </summary>
internal static unsafe partial class UpdateKernels
{
    /// <summary>So many weights, or more, are divided among threads.</summary>
    internal const int MinParallelCount = 1 << 16;

    // With gradient and one slot, 12 MB.
    private const int MaxColumnCount = 1 << 20;

    // Weights times slots. From the first on, or the second where threads are far from each other, several threads save more in the update than one of them then pays for taking the
    // weights out of the others' caches. Adaptive rules, which have two slots, compute the more.
    private const int MaxLonelyNumbers = 1 << 17, MaxLonelyFarNumbers = 1 << 21;

    /// <summary>
    /// Applies the rule to every weight. Spans of slots that the rule does not have are empty; the others are as long as the weights. Weights that are a matrix
    /// whose products are divided by columns say how many it has: threads that are far from each other then update those that they multiply, which no other holds in its cache. Sparse rows read few of the weights
    /// that were updated, so that it matters less who did; where one thread had all of the batch, or far threads leave the products to one, it updates them alone as well, unless they are many.
    /// The gradient of sparse rows is added to zeros, which an update that clears it leaves there, while its lines are at hand.
    /// </summary>
    /// <returns>Whether every weight is a finite number now, which is known here without another pass over memory.</returns>
    public static bool Apply<TRule>(
        KernelContext context,
        in TRule rule,
        Span<float> weights,
        Span<float> gradient,
        Span<float> slot0 = default,
        Span<float> slot1 = default,
        Span<float> slot2 = default,
        int dividedColumns = 0,
        bool hasSparseRows = false,
        SparseGradient? sparseGradient = null,
        bool clears = false,
        bool staysWithOneFarThread = false)
        where TRule : struct, IUpdateRule
    {
        bool isDivided = sparseGradient is { Division: not SparseDivision.None };

        // To ask for the distance makes threads measure it, which small networks have no other need of.
        bool isWithOne = hasSparseRows ? !isDivided : staysWithOneFarThread && weights.Length >= MinParallelCount && context.ThreadsAreFar;
        bool isAlone = isWithOne && StaysWithOneThread<TRule>(context, weights.Length);
        int columns = !isAlone && dividedColumns > 0 && StaysWithColumns(context, weights.Length) ? dividedColumns : 0;
        if (sparseGradient is null || !clears || !TRule.ReadsGradient)
        {
            return Apply<TRule, KeptGradient>(context, rule, weights, gradient, slot0, slot1, slot2, columns, isAlone);
        }

        bool isFinite = Apply<TRule, ClearedGradient>(context, rule, weights, gradient, slot0, slot1, slot2, columns, isAlone);
        sparseGradient.MarkClear();
        return isFinite;
    }

    private static bool Apply<TRule, TEnd>(
        KernelContext context,
        in TRule rule,
        Span<float> weights,
        Span<float> gradient,
        Span<float> slot0,
        Span<float> slot1,
        Span<float> slot2,
        int dividedColumns,
        bool isAlone)
        where TRule : struct, IUpdateRule
        where TEnd : struct, IGradientEnd
    {
        CheckLengths<TRule>(weights.Length, gradient.Length, slot0.Length, slot1.Length, slot2.Length);
        int isDivergent = 0;
        fixed (float* w = weights, g = gradient, s0 = slot0, s1 = slot1, s2 = slot2)
        {
            UpdateWork<TRule, TEnd> run = new(rule, w, g, s0, s1, s2, &isDivergent);
            if (isAlone)
            {
                run.Run(context, 0, weights.Length);
            }
            else if (dividedColumns > 0)
            {
                ColumnWork<TRule, TEnd> work = new(rule, w, g, s0, s1, s2, &isDivergent, weights.Length / dividedColumns, dividedColumns);
                ParallelRanges.Run(context, work, dividedColumns, minCount: 0, alignment: ColumnAlignment);
            }
            else
            {
                ParallelRanges.Run(context, run, weights.Length, MinParallelCount);
            }
        }

        return isDivergent == 0;
    }

    /// <summary>The same rule in double precision, for reference runs.</summary>
    public static void Apply<TRule>(
        in TRule rule,
        Span<double> weights,
        ReadOnlySpan<double> gradient,
        Span<double> slot0 = default,
        Span<double> slot1 = default,
        Span<double> slot2 = default)
        where TRule : struct, IUpdateRule
    {
        CheckLengths<TRule>(weights.Length, gradient.Length, slot0.Length, slot1.Length, slot2.Length);
        fixed (double* w = weights, g = gradient, s0 = slot0, s1 = slot1, s2 = slot2)
        {
            Apply<ScalarDouble, double, double, TRule, KeptGradient>(rule, w, g, s0, s1, s2, weights.Length);
        }
    }

    /// <summary>Whether weights that one thread has in its cache are so few that it updates them alone.</summary>
    internal static bool StaysWithOneThread<TRule>(KernelContext context, int weights)
        where TRule : struct, IUpdateRule
    {
        long numbers = (long)weights * Math.Max(1, TRule.NumberOfSlots);
        return numbers <= MaxLonelyNumbers || (numbers <= MaxLonelyFarNumbers && context.ThreadsAreFar);
    }

    /// <summary>
    /// Whether the threads that multiply columns of a matrix update the same, and not runs of it, which are faster to pass through but whose halves others have in their caches: only threads that are far
    /// from each other pay more for these. A matrix that no cache holds comes from memory in any case.
    /// </summary>
    internal static bool StaysWithColumns(KernelContext context, int weights) =>
        weights is >= MinParallelCount and < MaxColumnCount && context.ThreadsAreFar;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Apply<TSimd, TVector, TElement, TRule, TEnd>(
        TRule rule, TElement* weights, TElement* gradient, TElement* slot0, TElement* slot1, TElement* slot2, int count)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
        where TRule : struct, IUpdateRule
        where TEnd : struct, IGradientEnd
    {
        // w - w is zero for a finite w and NaN otherwise, and a sum keeps a NaN.
        TVector differences = TSimd.Constant(0);
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            TVector w = TSimd.Load(weights + i);
            TVector s0 = TRule.NumberOfSlots > 0 ? TSimd.Load(slot0 + i) : default;
            TVector s1 = TRule.NumberOfSlots > 1 ? TSimd.Load(slot1 + i) : default;
            TVector s2 = TRule.NumberOfSlots > 2 ? TSimd.Load(slot2 + i) : default;
            rule.Apply<TSimd, TVector, TElement>(ref w, TSimd.Load(gradient + i), ref s0, ref s1, ref s2);
            TSimd.Store(weights + i, w);
            if (TEnd.IsCleared)
            {
                TSimd.Store(gradient + i, TSimd.Constant(0));
            }

            differences = TSimd.Add(differences, TSimd.Subtract(w, w));
            if (TRule.NumberOfSlots > 0)
            {
                TSimd.Store(slot0 + i, s0);
            }

            if (TRule.NumberOfSlots > 1)
            {
                TSimd.Store(slot1 + i, s1);
            }

            if (TRule.NumberOfSlots > 2)
            {
                TSimd.Store(slot2 + i, s2);
            }
        }

        if (i == count)
        {
            return IsZero<TSimd, TVector, TElement>(differences);
        }

        TVector mask = TSimd.Mask(count - i);
        TVector lastW = TSimd.LoadMasked(weights + i, mask);
        TVector last0 = TRule.NumberOfSlots > 0 ? TSimd.LoadMasked(slot0 + i, mask) : default;
        TVector last1 = TRule.NumberOfSlots > 1 ? TSimd.LoadMasked(slot1 + i, mask) : default;
        TVector last2 = TRule.NumberOfSlots > 2 ? TSimd.LoadMasked(slot2 + i, mask) : default;
        rule.Apply<TSimd, TVector, TElement>(ref lastW, TSimd.LoadMasked(gradient + i, mask), ref last0, ref last1, ref last2);
        TSimd.StoreMasked(weights + i, mask, lastW);
        if (TEnd.IsCleared)
        {
            TSimd.StoreMasked(gradient + i, mask, TSimd.Constant(0));
        }

        if (TRule.NumberOfSlots > 0)
        {
            TSimd.StoreMasked(slot0 + i, mask, last0);
        }

        if (TRule.NumberOfSlots > 1)
        {
            TSimd.StoreMasked(slot1 + i, mask, last1);
        }

        if (TRule.NumberOfSlots > 2)
        {
            TSimd.StoreMasked(slot2 + i, mask, last2);
        }

        // As stored: in the lanes beyond the last weight a rule may have made a NaN of nothing.
        lastW = TSimd.LoadMasked(weights + i, mask);
        return IsZero<TSimd, TVector, TElement>(TSimd.Add(differences, TSimd.Subtract(lastW, lastW)));
    }

    private static bool IsZero<TSimd, TVector, TElement>(TVector vector)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        // A difference of equal numbers is a zero without a sign, all of whose bits are zero.
        TElement* lanes = stackalloc TElement[TSimd.Width];
        TSimd.Store(lanes, vector);
        return !new ReadOnlySpan<byte>(lanes, TSimd.Width * sizeof(TElement)).ContainsAnyExcept((byte)0);
    }

    private static void CheckLengths<TRule>(int weights, int gradient, int slot0, int slot1, int slot2)
        where TRule : struct, IUpdateRule
    {
        int slots = TRule.NumberOfSlots;
        if (gradient != weights || slot0 != (slots > 0 ? weights : 0) || slot1 != (slots > 1 ? weights : 0) || slot2 != (slots > 2 ? weights : 0))
        {
            throw new ArgumentException(
                $"{weights} weights need a gradient and {slots} slots of that length, but these have {gradient} and {slot0}, {slot1}, {slot2}.");
        }
    }

    // Pointers of slots that the rule does not have are null; nobody reads at their offsets.
    private readonly struct UpdateWork<TRule, TEnd>(TRule rule, float* weights, float* gradient, float* slot0, float* slot1, float* slot2, int* isDivergent)
        : IRangeWork
        where TRule : struct, IUpdateRule
        where TEnd : struct, IGradientEnd
    {
        public void Run(KernelContext context, int first, int count)
        {
            float* w = weights + first;
            float* g = gradient + first;
            float* s0 = slot0 + first;
            float* s1 = slot1 + first;
            float* s2 = slot2 + first;
            bool isFinite = context.VectorWidth switch
            {
                VectorWidth.Bits512 => Apply<Simd512, Vector512<float>, float, TRule, TEnd>(rule, w, g, s0, s1, s2, count),
                VectorWidth.Bits256 => Apply<Simd256, Vector256<float>, float, TRule, TEnd>(rule, w, g, s0, s1, s2, count),
                VectorWidth.Bits128 => Apply<Simd128, Vector128<float>, float, TRule, TEnd>(rule, w, g, s0, s1, s2, count),
                _ => Apply<ScalarSingle, float, float, TRule, TEnd>(rule, w, g, s0, s1, s2, count),
            };
            if (!isFinite)
            {
                // Threads only ever write the same value.
                Volatile.Write(ref *isDivergent, 1);
            }
        }
    }

    private interface IGradientEnd
    {
        /// <summary>Whether the gradient is zero after the update.</summary>
        static abstract bool IsCleared { get; }
    }

    private readonly struct KeptGradient : IGradientEnd
    {
        public static bool IsCleared => false;
    }

    private readonly struct ClearedGradient : IGradientEnd
    {
        public static bool IsCleared => true;
    }
}
