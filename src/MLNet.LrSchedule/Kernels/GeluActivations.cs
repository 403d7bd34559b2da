using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>x Phi(x), with the normal distribution function Phi (Hendrycks and Gimpel 2016).</summary>
internal readonly struct Gelu : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged =>
        TSimd.Multiply(x, NormalDistribution.Cumulative<TSimd, TVector, TElement>(x));
}

/// <summary>The slope is Phi(x) + x phi(x), with the normal density phi.</summary>
internal readonly struct GeluGradient : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector density = NormalDistribution.Density<TSimd, TVector, TElement>(x);
        TVector slope = TSimd.FusedMultiplyAdd(x, density, NormalDistribution.Cumulative<TSimd, TVector, TElement>(x));
        return TSimd.Multiply(gradient, slope);
    }
}

/// <summary>x/2 (1 + tanh(u)) = x sigmoid(2u) with u = sqrt(2/pi) (x + 0.044715 x^3) (Hendrycks and Gimpel 2016).</summary>
internal readonly struct GeluTanh : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector cubic = TSimd.FusedMultiplyAdd(TSimd.Multiply(x, x), TSimd.Constant(0.044715), TSimd.Constant(1));
        TVector twiceU = TSimd.Multiply(TSimd.Multiply(x, cubic), TSimd.Constant(1.5957691216057308));
        return TSimd.Multiply(x, VectorMath.Sigmoid<TSimd, TVector, TElement>(twiceU));
    }
}

/// <summary>With s = sigmoid(2u), the slope is s + x s (1 - s) 2u'.</summary>
internal readonly struct GeluTanhGradient : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector one = TSimd.Constant(1);
        TVector root = TSimd.Constant(1.5957691216057308);
        TVector square = TSimd.Multiply(x, x);
        TVector cubic = TSimd.FusedMultiplyAdd(square, TSimd.Constant(0.044715), one);
        TVector s = VectorMath.Sigmoid<TSimd, TVector, TElement>(TSimd.Multiply(TSimd.Multiply(x, cubic), root));
        TVector bend = TSimd.Multiply(TSimd.Multiply(x, s), TSimd.Subtract(one, s));
        TVector inner = TSimd.Multiply(TSimd.FusedMultiplyAdd(square, TSimd.Constant(3 * 0.044715), one), root);
        return TSimd.Multiply(gradient, TSimd.FusedMultiplyAdd(bend, inner, s));
    }
}
