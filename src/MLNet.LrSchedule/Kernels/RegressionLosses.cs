using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>(p - t)^2, without a factor of one half.</summary>
internal readonly struct SquaredError : IPointLoss
{
    public static TVector Correct<TSimd, TVector, TElement>(TVector prediction, TVector target)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged => TSimd.Constant(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(TVector prediction, TVector target, out TVector loss, out TVector slope)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector error = TSimd.Subtract(prediction, target);
        loss = TSimd.Multiply(error, error);
        slope = TSimd.Add(error, error);
    }
}

/// <summary>|p - t|; the slope at zero is zero.</summary>
internal readonly struct AbsoluteError : IPointLoss
{
    public static TVector Correct<TSimd, TVector, TElement>(TVector prediction, TVector target)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged => TSimd.Constant(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(TVector prediction, TVector target, out TVector loss, out TVector slope)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector zero = TSimd.Constant(0);
        TVector error = TSimd.Subtract(prediction, target);
        loss = TSimd.Absolute(error);
        slope = TSimd.SelectEqual(error, zero, zero, TSimd.CopySign(TSimd.Constant(1), error));
    }
}

/// <summary>Half the squared error up to delta, then growing linearly: delta (|p - t| - delta / 2) (Huber 1964). Delta is above 0.</summary>
internal readonly struct HuberError(double delta) : IPointLoss
{
    public static TVector Correct<TSimd, TVector, TElement>(TVector prediction, TVector target)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged => TSimd.Constant(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(TVector prediction, TVector target, out TVector loss, out TVector slope)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector limit = TSimd.Constant(delta);
        TVector error = TSimd.Subtract(prediction, target);
        TVector magnitude = TSimd.Absolute(error);

        // With c = min(|e|, delta), both branches are c (|e| - c / 2), and the slope is c with the sign of e.
        TVector clipped = TSimd.SelectLessThan(limit, magnitude, limit, magnitude);
        loss = TSimd.Multiply(clipped, TSimd.FusedMultiplyAdd(clipped, TSimd.Constant(-0.5), magnitude));
        slope = TSimd.CopySign(clipped, error);
    }
}

/// <summary>
/// Quantile regression: quantile (t - p) where the prediction is too low, (1 - quantile) (p - t) where it is too high (Koenker and Bassett 1978). The
/// quantile is between 0 and 1; the slope at zero is zero.
/// </summary>
internal readonly struct PinballError(double quantile) : IPointLoss
{
    public static TVector Correct<TSimd, TVector, TElement>(TVector prediction, TVector target)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged => TSimd.Constant(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(TVector prediction, TVector target, out TVector loss, out TVector slope)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector zero = TSimd.Constant(0);
        TVector error = TSimd.Subtract(prediction, target);
        TVector rate = TSimd.SelectLessThan(error, zero, TSimd.Constant(-quantile), TSimd.Constant(1 - quantile));
        loss = TSimd.Multiply(error, rate);
        slope = TSimd.SelectEqual(error, zero, zero, rate);
    }
}

/// <summary>
/// The negative log-likelihood e^p - t p of a count t whose logarithmic rate is predicted, without the term ln t! that no weight changes.
/// </summary>
internal readonly struct PoissonLikelihood : IPointLoss
{
    public static TVector Correct<TSimd, TVector, TElement>(TVector prediction, TVector target)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged => TSimd.Constant(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(TVector prediction, TVector target, out TVector loss, out TVector slope)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector rate = VectorMath.Exp<TSimd, TVector, TElement>(prediction);
        loss = TSimd.FusedMultiplyAdd(TSimd.Subtract(TSimd.Constant(0), target), prediction, rate);
        slope = TSimd.Subtract(rate, target);
    }
}
