using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Threading;

namespace MLNet.LrSchedule.Kernels;

// Matrices whose columns are divided among threads.
internal static unsafe partial class UpdateKernels
{
    // Threads divide columns where products do: at a panel of the widest vectors.
    internal const int ColumnAlignment = 32;

    // So narrow that no prefetcher runs on into the lines of another thread, whose weights lie beside these: a core pays for every line that another has read.
    // With half as many, two threads of a Zen 4 took a third longer over 534,000 weights.
    private const int BlockColumns = 64;

    // The rows of a block lie far apart, which no prefetcher follows, so that they are asked for some rows before.
    private const int RowsAhead = 4;

    // A block of whole vectors, whose rows lie a stride apart in weights, gradient and slots alike. The step is written out here as in the loop over a run: one
    // that both call made steps of small networks a sixth slower.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ApplyToBlock<TSimd, TVector, TRule, TEnd>(
        TRule rule, float* weights, float* gradient, float* slot0, float* slot1, float* slot2, nint stride, int rows, int columns)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TRule : struct, IUpdateRule
        where TEnd : struct, IGradientEnd
    {
        TVector differences = TSimd.Constant(0);
        for (; rows > 0; rows--)
        {
            if (rows > RowsAhead)
            {
                Prefetch<TRule>(weights, gradient, slot0, slot1, slot2, RowsAhead * stride, columns);
            }

            for (int i = 0; i < columns; i += TSimd.Width)
            {
                TVector w = TSimd.Load(weights + i);
                TVector s0 = TRule.NumberOfSlots > 0 ? TSimd.Load(slot0 + i) : default;
                TVector s1 = TRule.NumberOfSlots > 1 ? TSimd.Load(slot1 + i) : default;
                TVector s2 = TRule.NumberOfSlots > 2 ? TSimd.Load(slot2 + i) : default;
                rule.Apply<TSimd, TVector, float>(ref w, TSimd.Load(gradient + i), ref s0, ref s1, ref s2);
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

            weights += stride;
            gradient += stride;
            slot0 += stride;
            slot1 += stride;
            slot2 += stride;
        }

        return IsZero<TSimd, TVector, float>(differences);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<TRule>(float* weights, float* gradient, float* slot0, float* slot1, float* slot2, nint offset, int columns)
        where TRule : struct, IUpdateRule
    {
        CachePrefetch.All(weights + offset, columns);
        CachePrefetch.All(gradient + offset, columns);
        if (TRule.NumberOfSlots > 0)
        {
            CachePrefetch.All(slot0 + offset, columns);
        }

        if (TRule.NumberOfSlots > 1)
        {
            CachePrefetch.All(slot1 + offset, columns);
        }

        if (TRule.NumberOfSlots > 2)
        {
            CachePrefetch.All(slot2 + offset, columns);
        }
    }

    // Pointers of slots that the rule does not have are null; nobody reads at their offsets.
    private readonly struct ColumnWork<TRule, TEnd>(
        TRule rule, float* weights, float* gradient, float* slot0, float* slot1, float* slot2, int* isDivergent, int rows, int stride) : IRangeWork
        where TRule : struct, IUpdateRule
        where TEnd : struct, IGradientEnd
    {
        public void Run(KernelContext context, int first, int count)
        {
            bool isFinite = context.VectorWidth switch
            {
                VectorWidth.Bits512 => Run<Simd512, Vector512<float>>(first, count),
                VectorWidth.Bits256 => Run<Simd256, Vector256<float>>(first, count),
                VectorWidth.Bits128 => Run<Simd128, Vector128<float>>(first, count),
                _ => Run<ScalarSingle, float>(first, count),
            };
            if (!isFinite)
            {
                // Threads only ever write the same value.
                Volatile.Write(ref *isDivergent, 1);
            }
        }

        private bool Run<TSimd, TVector>(int first, int count)
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            bool isFinite = true;
            int whole = count - (count % TSimd.Width);
            for (int i = 0; i < whole; i += BlockColumns)
            {
                nint at = first + i;
                isFinite &= ApplyToBlock<TSimd, TVector, TRule, TEnd>(
                    rule, weights + at, gradient + at, slot0 + at, slot1 + at, slot2 + at, stride, rows, Math.Min(BlockColumns, whole - i));
            }

            // What fills no vector, row by row.
            for (int row = 0; whole < count && row < rows; row++)
            {
                nint at = ((nint)row * stride) + first + whole;
                isFinite &= Apply<TSimd, TVector, float, TRule, TEnd>(
                    rule, weights + at, gradient + at, slot0 + at, slot1 + at, slot2 + at, count - whole);
            }

            return isFinite;
        }
    }
}
