using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>The layout of a single-precision number: one sign bit, eight exponent bits, 23 mantissa bits.</summary>
internal static class SingleBits
{
    public const int MantissaWidth = 23;

    public const int ExponentBias = 127;

    /// <summary>The bits of sqrt(1/2), rounded to single precision.</summary>
    public const int SquareRootOfHalf = 0x3F3504F3;

    /// <summary>
    /// The nearest number in single precision, by an instruction that depends on nothing but the value. The one of a cast leaves the rest of its register as it is on x86, so that it waits for whatever was
    /// computed there before: rules with many parameters ran their loop one weight vector after the other.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Rounded(double value) =>
        Sse2.IsSupported ? Sse2.ConvertToVector128Single(Vector128.CreateScalarUnsafe(value)).ToScalar() : (float)value;
}
