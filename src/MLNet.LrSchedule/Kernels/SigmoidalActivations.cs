using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>tanh x.</summary>
internal readonly struct Tanh : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        return VectorMath.Tanh<TSimd, TVector, TElement>(x);
    }
}

/// <summary>The slope is 1 - y^2.</summary>
internal readonly struct TanhGradient : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector y)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector slope = TSimd.FusedMultiplyAdd(TSimd.Subtract(TSimd.Constant(0), y), y, TSimd.Constant(1));
        return TSimd.Multiply(gradient, slope);
    }
}

/// <summary>1 / (1 + e^-x).</summary>
internal readonly struct Sigmoid : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        return VectorMath.Sigmoid<TSimd, TVector, TElement>(x);
    }
}

/// <summary>The slope is y (1 - y).</summary>
internal readonly struct SigmoidGradient : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector y)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        return TSimd.Multiply(gradient, TSimd.Multiply(y, TSimd.Subtract(TSimd.Constant(1), y)));
    }
}

/// <summary>x * sigmoid(x).</summary>
internal readonly struct Silu : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        return TSimd.Multiply(x, VectorMath.Sigmoid<TSimd, TVector, TElement>(x));
    }
}

/// <summary>With s = sigmoid(x), the slope is s (1 + x (1 - s)).</summary>
internal readonly struct SiluGradient : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector s = VectorMath.Sigmoid<TSimd, TVector, TElement>(x);
        TVector one = TSimd.Constant(1);
        TVector slope = TSimd.Multiply(s, TSimd.FusedMultiplyAdd(x, TSimd.Subtract(one, s), one));
        return TSimd.Multiply(gradient, slope);
    }
}

/// <summary>x * tanh(softplus(x)).</summary>
internal readonly struct Mish : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        return TSimd.Multiply(x, VectorMath.Tanh<TSimd, TVector, TElement>(VectorMath.Softplus<TSimd, TVector, TElement>(x)));
    }
}

/// <summary>With t = tanh(softplus(x)), the slope is t + x (1 - t^2) sigmoid(x).</summary>
internal readonly struct MishGradient : IElementFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector, TElement>(TVector gradient, TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector t = VectorMath.Tanh<TSimd, TVector, TElement>(VectorMath.Softplus<TSimd, TVector, TElement>(x));
        TVector bend = TSimd.FusedMultiplyAdd(TSimd.Subtract(TSimd.Constant(0), t), t, TSimd.Constant(1));
        TVector slope = TSimd.FusedMultiplyAdd(TSimd.Multiply(x, bend), VectorMath.Sigmoid<TSimd, TVector, TElement>(x), t);
        return TSimd.Multiply(gradient, slope);
    }
}
