namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The operations a kernel may use on one vector of <see cref="Width"/> elements. Every operation is defined lane by lane and rounded once, so a
/// kernel written against this interface gives each element the same bits whatever the width.
/// </summary>
/// <typeparam name="TVector">The raw vector type, so that locals of it live in registers.</typeparam>
/// <typeparam name="TElement">The element type: <see cref="float"/>, or <see cref="double"/> for reference runs.</typeparam>
internal unsafe interface ISimd<TVector, TElement>
    where TVector : struct
    where TElement : unmanaged
{
    static abstract int Width { get; }

    static abstract TVector Broadcast(TElement value);

    /// <summary>The element in memory in every lane: one instruction where the value alone would need two.</summary>
    static abstract TVector LoadBroadcast(TElement* source);

    /// <summary>A constant of a formula, rounded once to the element type.</summary>
    static abstract TVector Constant(double value);

    /// <summary>
    /// The same for one of many numbers that are only known when a formula is run. Of few, the compiler makes vectors before a loop; where it has to make them anew each time, as of Adam's
    /// nine, this does not wait for what its register held before.
    /// </summary>
    static abstract TVector Parameter(double value);

    static abstract TVector Load(TElement* source);

    static abstract void Store(TElement* destination, TVector value);

    /// <summary>All bits set in the first <paramref name="count"/> lanes (0 to <see cref="Width"/>), none in the others.</summary>
    static abstract TVector Mask(int count);

    /// <summary>Loads the lanes of the mask and zeros the others, whose memory is not touched.</summary>
    static abstract TVector LoadMasked(TElement* source, TVector mask);

    /// <summary>Stores the lanes of the mask; the memory of the others is not touched.</summary>
    static abstract void StoreMasked(TElement* destination, TVector mask, TVector value);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    static abstract TVector SquareRoot(TVector value);

    static abstract TVector Absolute(TVector value);

    /// <summary>The magnitude of <paramref name="value"/> with the sign bit of <paramref name="sign"/>.</summary>
    static abstract TVector CopySign(TVector value, TVector sign);

    /// <summary>The nearest integer, halves to even.</summary>
    static abstract TVector Round(TVector value);

    /// <summary>left &lt; right ? ifTrue : ifFalse; a NaN compares false.</summary>
    static abstract TVector SelectLessThan(TVector left, TVector right, TVector ifTrue, TVector ifFalse);

    /// <summary>left &lt;= right ? ifTrue : ifFalse; a NaN compares false.</summary>
    static abstract TVector SelectLessThanOrEqual(TVector left, TVector right, TVector ifTrue, TVector ifFalse);

    /// <summary>left == right ? ifTrue : ifFalse; a NaN compares false.</summary>
    static abstract TVector SelectEqual(TVector left, TVector right, TVector ifTrue, TVector ifFalse);

    /// <summary>Whether a lane is -0.</summary>
    static abstract bool HasNegativeZero(TVector value);

    /// <summary>2^exponent for integral exponents of normal numbers (-126 to 127 in single precision); any normal number for a NaN.</summary>
    static abstract TVector PowerOfTwo(TVector exponent);

    /// <summary>The integer e with 2^-e * value in [sqrt(1/2), sqrt(2)), for positive normal values; any integer otherwise.</summary>
    static abstract TVector Exponent(TVector value);
}
