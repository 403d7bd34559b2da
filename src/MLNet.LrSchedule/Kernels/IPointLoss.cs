namespace MLNet.LrSchedule.Kernels;

/// <summary>A loss of one prediction and one target, with its derivative by the prediction: written once, run at every width and in double precision.</summary>
internal interface IPointLoss
{
    void Apply<TSimd, TVector, TElement>(TVector prediction, TVector target, out TVector loss, out TVector slope)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged;

    /// <summary>1 where the prediction names the class of the target and 0 where it does not; 0 for losses without classes.</summary>
    static abstract TVector Correct<TSimd, TVector, TElement>(TVector prediction, TVector target)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged;
}
