namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// What one step does to one weight: a struct that holds the step's numbers (rate, momentum, decay, ...) as doubles and turns them into vectors: up to five by
/// <c>TSimd.Constant</c>, which the compiler keeps in registers, more, and those of lines that rules share, by <c>TSimd.Parameter</c>. Written once, it runs at every width and in double precision.
/// </summary>
internal interface IUpdateRule
{
    /// <summary>How many slots (moments, accumulators) go with each weight: 0 to 3.</summary>
    static abstract int NumberOfSlots { get; }

    /// <summary>False for a rule that goes before the step's own and leaves the gradient for it, which must not be cleared between the two.</summary>
    static virtual bool ReadsGradient => true;

    /// <summary>Updates a weight and its slots; slots beyond <see cref="NumberOfSlots"/> are scratch.</summary>
    void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged;
}
