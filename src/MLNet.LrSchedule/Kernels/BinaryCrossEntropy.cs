using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Cross-entropy of a logit z and a label y of 0 or 1: ln(1 + e^z) - t z, with derivative sigmoid(z) - t, both stable for every z. Label smoothing s,
/// from 0 to 1, moves the target t from y to y (1 - s) + s / 2.
/// </summary>
internal readonly struct BinaryCrossEntropy(double labelSmoothing) : IPointLoss
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Correct<TSimd, TVector, TElement>(TVector prediction, TVector target)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector zero = TSimd.Constant(0);
        TVector one = TSimd.Constant(1);
        TVector isPositive = TSimd.SelectLessThan(zero, prediction, one, zero);
        TVector isNegative = TSimd.Subtract(one, isPositive);
        return TSimd.SelectLessThan(TSimd.Constant(0.5), target, isPositive, isNegative);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(TVector prediction, TVector target, out TVector loss, out TVector slope)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector smoothed = TSimd.FusedMultiplyAdd(target, TSimd.Constant(1 - labelSmoothing), TSimd.Constant(labelSmoothing / 2));
        TVector zero = TSimd.Constant(0);
        TVector one = TSimd.Constant(1);

        // softplus(z) - t z = ln(1 + e^-|z|) + max(z, 0) - t z, where the last two are z (1 - t) for z > 0 and -z t otherwise: nothing cancels.
        TVector tail = VectorMath.Exp<TSimd, TVector, TElement>(TSimd.Subtract(zero, TSimd.Absolute(prediction)));
        TVector share = TSimd.SelectLessThan(zero, prediction, TSimd.Subtract(one, smoothed), TSimd.Subtract(zero, smoothed));
        loss = TSimd.FusedMultiplyAdd(prediction, share, VectorMath.Log1PUnit<TSimd, TVector, TElement>(tail));
        TVector probability = TSimd.Divide(TSimd.SelectLessThan(prediction, zero, tail, one), TSimd.Add(one, tail));
        slope = TSimd.Subtract(probability, smoothed);
    }
}
