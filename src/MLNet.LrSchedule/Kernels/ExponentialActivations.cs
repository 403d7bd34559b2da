using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>x, or parameter * (e^x - 1) below zero (Clevert et al. 2016).</summary>
internal readonly struct Elu(float parameter) : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector zero = TSimd.Constant(0);
        TVector negative = TSimd.SelectLessThan(x, zero, x, zero);
        TVector curve = TSimd.Multiply(VectorMath.ExpM1<TSimd, TVector, TElement>(negative), TSimd.Constant(parameter));
        return TSimd.SelectLessThan(x, zero, curve, x);
    }
}

/// <summary>Below zero the slope is parameter * e^x = y + parameter.</summary>
internal readonly struct EluGradient(float parameter) : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector y)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector slope = TSimd.Add(y, TSimd.Constant(parameter));
        return TSimd.SelectLessThan(y, TSimd.Constant(0), TSimd.Multiply(gradient, slope), gradient);
    }
}

/// <summary>scale * x, or scale * alpha * (e^x - 1) below zero (Klambauer et al. 2017).</summary>
internal readonly struct Selu : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector zero = TSimd.Constant(0);
        TVector negative = TSimd.SelectLessThan(x, zero, x, zero);
        TVector curve = TSimd.Multiply(VectorMath.ExpM1<TSimd, TVector, TElement>(negative), TSimd.Constant(SeluConstants.ScaleTimesAlpha));
        return TSimd.SelectLessThan(x, zero, curve, TSimd.Multiply(x, TSimd.Constant(SeluConstants.Scale)));
    }
}

/// <summary>Below zero the slope is scale * alpha * e^x = y + scale * alpha, above it scale.</summary>
internal readonly struct SeluGradient : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector y)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector slope = TSimd.Add(y, TSimd.Constant(SeluConstants.ScaleTimesAlpha));
        slope = TSimd.SelectLessThan(y, TSimd.Constant(0), slope, TSimd.Constant(SeluConstants.Scale));
        return TSimd.Multiply(gradient, slope);
    }
}

/// <summary>ln(1 + e^x).</summary>
internal readonly struct Softplus : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        return VectorMath.Softplus<TSimd, TVector, TElement>(x);
    }
}

/// <summary>The slope is sigmoid(x) = 1 - e^-y.</summary>
internal readonly struct SoftplusGradient : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector y)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector slope = VectorMath.ExpM1<TSimd, TVector, TElement>(TSimd.Subtract(TSimd.Constant(0), y));
        return TSimd.Multiply(gradient, TSimd.Subtract(TSimd.Constant(0), slope));
    }
}

internal static class SeluConstants
{
    public const double Scale = 1.0507009873554805;
    public const double ScaleTimesAlpha = 1.7580993408473766;
}
