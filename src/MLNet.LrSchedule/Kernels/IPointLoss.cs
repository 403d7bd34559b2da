namespace MLNet.LrSchedule.Kernels;

/// <summary>A loss of one prediction and one target, with its derivative by the prediction: written once, run at every width and in double precision.</summary>
internal interface IPointLoss
{
    void Apply<TSimd, TVector, TElement>(TVector prediction, TVector target, out TVector loss, out TVector slope)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged;

    /// <summary>Whether the prediction names the class of the target; false for losses without classes.</summary>
    static abstract bool IsCorrect(double prediction, double target);
}
