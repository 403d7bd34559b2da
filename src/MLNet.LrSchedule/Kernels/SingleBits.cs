namespace MLNet.LrSchedule.Kernels;

/// <summary>The layout of a single-precision number: one sign bit, eight exponent bits, 23 mantissa bits.</summary>
internal static class SingleBits
{
    public const int MantissaWidth = 23;

    public const int ExponentBias = 127;

    /// <summary>The bits of sqrt(1/2), rounded to single precision.</summary>
    public const int SquareRootOfHalf = 0x3F3504F3;
}
