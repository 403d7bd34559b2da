using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Adjacent vectors of a layer's outputs for one row, all accumulated side by side in registers. Each output is one ascending chain of fused multiply-adds from
/// its start, as in batches.
/// </summary>
internal static unsafe class RowPanel<TSimd, TVector, TCount, TSteps>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
    where TCount : struct, IVectorCount
    where TSteps : struct, IRowSteps
{
    /// <param name="steps">The terms.</param>
    /// <param name="weights">The weights of the first input for the first output of the panel.</param>
    /// <param name="start">Where its chain starts.</param>
    /// <param name="result">Receives the sums.</param>
    /// <param name="isRectified">Whether max(sum, 0) is wanted instead.</param>
    /// <returns>
    /// Whether a zero that was left out may have decided the sign of a zero in the result; never where no input is left out. A chain of fused multiply-adds that is at -0
    /// becomes +0 by a term of +0. That is all that leaving out zeros can change: +0 stays +0, what is not zero stays as it is, and the first
    /// term that is not zero brings both to the same number.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Run(TSteps steps, float* weights, float* start, float* result, bool isRectified)
    {
        int width = TSimd.Width;
        TVector x0 = TSimd.Load(start);
        TVector x1 = TCount.Value > 1 ? TSimd.Load(start + width) : default;
        TVector x2 = TCount.Value > 2 ? TSimd.Load(start + (2 * width)) : default;
        TVector x3 = TCount.Value > 3 ? TSimd.Load(start + (3 * width)) : default;
        TVector x4 = TCount.Value > 4 ? TSimd.Load(start + (4 * width)) : default;
        TVector x5 = TCount.Value > 5 ? TSimd.Load(start + (5 * width)) : default;
        TVector x6 = TCount.Value > 6 ? TSimd.Load(start + (6 * width)) : default;
        TVector x7 = TCount.Value > 7 ? TSimd.Load(start + (7 * width)) : default;
        TVector x8 = TCount.Value > 8 ? TSimd.Load(start + (8 * width)) : default;
        TVector x9 = TCount.Value > 9 ? TSimd.Load(start + (9 * width)) : default;
        TVector x10 = TCount.Value > 10 ? TSimd.Load(start + (10 * width)) : default;
        TVector x11 = TCount.Value > 11 ? TSimd.Load(start + (11 * width)) : default;
        TVector x12 = TCount.Value > 12 ? TSimd.Load(start + (12 * width)) : default;
        TVector x13 = TCount.Value > 13 ? TSimd.Load(start + (13 * width)) : default;
        TVector x14 = TCount.Value > 14 ? TSimd.Load(start + (14 * width)) : default;
        TVector x15 = TCount.Value > 15 ? TSimd.Load(start + (15 * width)) : default;
        int count = steps.Count;
        for (int step = 0; step < count; step++)
        {
            TVector value = TSimd.LoadBroadcast(steps.Value(step));
            float* w = steps.Weights(weights, step);
            x0 = TSimd.FusedMultiplyAdd(TSimd.Load(w), value, x0);
            if (TCount.Value > 1)
                x1 = TSimd.FusedMultiplyAdd(TSimd.Load(w + width), value, x1);
            if (TCount.Value > 2)
                x2 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (2 * width)), value, x2);
            if (TCount.Value > 3)
                x3 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (3 * width)), value, x3);
            if (TCount.Value > 4)
                x4 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (4 * width)), value, x4);
            if (TCount.Value > 5)
                x5 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (5 * width)), value, x5);
            if (TCount.Value > 6)
                x6 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (6 * width)), value, x6);
            if (TCount.Value > 7)
                x7 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (7 * width)), value, x7);
            if (TCount.Value > 8)
                x8 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (8 * width)), value, x8);
            if (TCount.Value > 9)
                x9 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (9 * width)), value, x9);
            if (TCount.Value > 10)
                x10 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (10 * width)), value, x10);
            if (TCount.Value > 11)
                x11 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (11 * width)), value, x11);
            if (TCount.Value > 12)
                x12 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (12 * width)), value, x12);
            if (TCount.Value > 13)
                x13 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (13 * width)), value, x13);
            if (TCount.Value > 14)
                x14 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (14 * width)), value, x14);
            if (TCount.Value > 15)
                x15 = TSimd.FusedMultiplyAdd(TSimd.Load(w + (15 * width)), value, x15);
        }

        bool isUnsure = false;
        if (TSteps.Skips)
        {
            isUnsure = TSimd.HasNegativeZero(x0);
            if (TCount.Value > 1)
                isUnsure |= TSimd.HasNegativeZero(x1);
            if (TCount.Value > 2)
                isUnsure |= TSimd.HasNegativeZero(x2);
            if (TCount.Value > 3)
                isUnsure |= TSimd.HasNegativeZero(x3);
            if (TCount.Value > 4)
                isUnsure |= TSimd.HasNegativeZero(x4);
            if (TCount.Value > 5)
                isUnsure |= TSimd.HasNegativeZero(x5);
            if (TCount.Value > 6)
                isUnsure |= TSimd.HasNegativeZero(x6);
            if (TCount.Value > 7)
                isUnsure |= TSimd.HasNegativeZero(x7);
            if (TCount.Value > 8)
                isUnsure |= TSimd.HasNegativeZero(x8);
            if (TCount.Value > 9)
                isUnsure |= TSimd.HasNegativeZero(x9);
            if (TCount.Value > 10)
                isUnsure |= TSimd.HasNegativeZero(x10);
            if (TCount.Value > 11)
                isUnsure |= TSimd.HasNegativeZero(x11);
            if (TCount.Value > 12)
                isUnsure |= TSimd.HasNegativeZero(x12);
            if (TCount.Value > 13)
                isUnsure |= TSimd.HasNegativeZero(x13);
            if (TCount.Value > 14)
                isUnsure |= TSimd.HasNegativeZero(x14);
            if (TCount.Value > 15)
                isUnsure |= TSimd.HasNegativeZero(x15);
        }

        if (isRectified)
        {
            x0 = Rectified(x0);
            if (TCount.Value > 1)
                x1 = Rectified(x1);
            if (TCount.Value > 2)
                x2 = Rectified(x2);
            if (TCount.Value > 3)
                x3 = Rectified(x3);
            if (TCount.Value > 4)
                x4 = Rectified(x4);
            if (TCount.Value > 5)
                x5 = Rectified(x5);
            if (TCount.Value > 6)
                x6 = Rectified(x6);
            if (TCount.Value > 7)
                x7 = Rectified(x7);
            if (TCount.Value > 8)
                x8 = Rectified(x8);
            if (TCount.Value > 9)
                x9 = Rectified(x9);
            if (TCount.Value > 10)
                x10 = Rectified(x10);
            if (TCount.Value > 11)
                x11 = Rectified(x11);
            if (TCount.Value > 12)
                x12 = Rectified(x12);
            if (TCount.Value > 13)
                x13 = Rectified(x13);
            if (TCount.Value > 14)
                x14 = Rectified(x14);
            if (TCount.Value > 15)
                x15 = Rectified(x15);
        }

        TSimd.Store(result, x0);
        if (TCount.Value > 1)
            TSimd.Store(result + width, x1);
        if (TCount.Value > 2)
            TSimd.Store(result + (2 * width), x2);
        if (TCount.Value > 3)
            TSimd.Store(result + (3 * width), x3);
        if (TCount.Value > 4)
            TSimd.Store(result + (4 * width), x4);
        if (TCount.Value > 5)
            TSimd.Store(result + (5 * width), x5);
        if (TCount.Value > 6)
            TSimd.Store(result + (6 * width), x6);
        if (TCount.Value > 7)
            TSimd.Store(result + (7 * width), x7);
        if (TCount.Value > 8)
            TSimd.Store(result + (8 * width), x8);
        if (TCount.Value > 9)
            TSimd.Store(result + (9 * width), x9);
        if (TCount.Value > 10)
            TSimd.Store(result + (10 * width), x10);
        if (TCount.Value > 11)
            TSimd.Store(result + (11 * width), x11);
        if (TCount.Value > 12)
            TSimd.Store(result + (12 * width), x12);
        if (TCount.Value > 13)
            TSimd.Store(result + (13 * width), x13);
        if (TCount.Value > 14)
            TSimd.Store(result + (14 * width), x14);
        if (TCount.Value > 15)
            TSimd.Store(result + (15 * width), x15);
        return isUnsure;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Rectified(TVector x) => default(Relu).Apply<TSimd, TVector, float>(x);
}
