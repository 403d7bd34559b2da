namespace MLNet.LrSchedule.Kernels;

/// <summary>A function of one element: written once, run at every width and in double precision.</summary>
internal interface IElementFunction
{
    TVector Apply<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged;
}

/// <summary>A function of two elements, such as a gradient and the stored value that decides the slope.</summary>
internal interface IElementFunction2
{
    TVector Apply<TSimd, TVector, TElement>(TVector x, TVector y)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged;
}
