using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>The lines that adaptive rules share.</summary>
internal static class Moments
{
    /// <summary>share x mean + (1 - share) x value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Mean<TSimd, TVector, TElement>(double share, TVector mean, TVector value)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged =>
        TSimd.FusedMultiplyAdd(TSimd.Parameter(share), mean, TSimd.Multiply(TSimd.Parameter(1 - share), value));

    /// <summary>share x mean + (1 - share) x value^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector MeanSquare<TSimd, TVector, TElement>(double share, TVector mean, TVector value)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged =>
        TSimd.FusedMultiplyAdd(TSimd.Parameter(share), mean, TSimd.Multiply(TSimd.Parameter(1 - share), TSimd.Multiply(value, value)));

    /// <summary>kept x weight - rate x direction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Move<TSimd, TVector, TElement>(double kept, TVector weight, double rate, TVector direction)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged =>
        TSimd.FusedMultiplyAdd(TSimd.Parameter(-rate), direction, TSimd.Multiply(TSimd.Parameter(kept), weight));

    /// <summary>-1, 0 or 1 by the sign; a NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sign<TSimd, TVector, TElement>(TVector value)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        var zero = TSimd.Constant(0);
        var sign = TSimd.SelectLessThan(zero, value, TSimd.Constant(1), value);
        return TSimd.SelectLessThan(value, zero, TSimd.Constant(-1), sign);
    }
}
