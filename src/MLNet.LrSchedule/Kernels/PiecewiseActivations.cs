using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>x.</summary>
internal readonly struct Identity : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        return x;
    }
}

/// <summary>max(x, 0), keeping a NaN.</summary>
internal readonly struct Relu : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector zero = TSimd.Constant(0);
        return TSimd.SelectLessThan(x, zero, zero, x);
    }
}

/// <summary>The slope is 1 where the output is above zero, and 0 elsewhere (also at the kink); a NaN output keeps the gradient.</summary>
internal readonly struct ReluGradient : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector y)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector zero = TSimd.Constant(0);
        return TSimd.SelectLessThanOrEqual(y, zero, zero, gradient);
    }
}

/// <summary>x, or parameter * x below zero.</summary>
internal readonly struct LeakyRelu(float parameter) : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        return TSimd.SelectLessThan(x, TSimd.Constant(0), TSimd.Multiply(x, TSimd.Constant(parameter)), x);
    }
}

/// <summary>The output has the sign of the argument, since the parameter is not negative.</summary>
internal readonly struct LeakyReluGradient(float parameter) : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector y)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        return TSimd.SelectLessThanOrEqual(y, TSimd.Constant(0), TSimd.Multiply(gradient, TSimd.Constant(parameter)), gradient);
    }
}
