using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Small square blocks whose rows become columns: destination[step * destinationStride + lane] = source[lane * sourceStride + step].</summary>
internal static unsafe class GemmTransposition
{
    /// <summary>Side of <see cref="EightByEight"/>.</summary>
    public const int LargeBlock = 8;

    /// <summary>Side of <see cref="FourByFour"/>.</summary>
    public const int SmallBlock = 4;

    /// <summary>
    /// Needs AVX. The upper halves of the vectors come from four rows further down, by loads instead of shuffles, of which a processor starts but one or two
    /// in each cycle.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EightByEight(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        HalfOfEight(source, sourceStride, destination, destinationStride);
        HalfOfEight(source + SmallBlock, sourceStride, destination + (SmallBlock * destinationStride), destinationStride);
    }

    // Four steps of eight rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void HalfOfEight(float* source, nint stride, float* destination, nint destinationStride)
    {
        float* below = source + (SmallBlock * stride);
        Vector256<float> row0 = TwoRows(source, below);
        Vector256<float> row1 = TwoRows(source + stride, below + stride);
        Vector256<float> row2 = TwoRows(source + (2 * stride), below + (2 * stride));
        Vector256<float> row3 = TwoRows(source + (3 * stride), below + (3 * stride));
        Vector256<float> low01 = Avx.UnpackLow(row0, row1);
        Vector256<float> low23 = Avx.UnpackLow(row2, row3);
        Vector256<float> high01 = Avx.UnpackHigh(row0, row1);
        Vector256<float> high23 = Avx.UnpackHigh(row2, row3);
        Vector256.Store(Avx.Shuffle(low01, low23, 0x44), destination);
        Vector256.Store(Avx.Shuffle(low01, low23, 0xEE), destination + destinationStride);
        Vector256.Store(Avx.Shuffle(high01, high23, 0x44), destination + (2 * destinationStride));
        Vector256.Store(Avx.Shuffle(high01, high23, 0xEE), destination + (3 * destinationStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> TwoRows(float* lower, float* upper) => Avx.InsertVector128(Vector128.Load(lower).ToVector256Unsafe(), Vector128.Load(upper), 1);

    // Four rows of four become four columns: pairs are interleaved, then pairs of pairs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourByFour(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        Vector128<float> row0 = Vector128.Load(source);
        Vector128<float> row1 = Vector128.Load(source + sourceStride);
        Vector128<float> row2 = Vector128.Load(source + (2 * sourceStride));
        Vector128<float> row3 = Vector128.Load(source + (3 * sourceStride));
        Vector128<float> low01 = InterleaveLow(row0, row1);
        Vector128<float> low23 = InterleaveLow(row2, row3);
        Vector128<float> high01 = InterleaveHigh(row0, row1);
        Vector128<float> high23 = InterleaveHigh(row2, row3);
        Vector128.Store(JoinLow(low01, low23), destination);
        Vector128.Store(JoinHigh(low01, low23), destination + destinationStride);
        Vector128.Store(JoinLow(high01, high23), destination + (2 * destinationStride));
        Vector128.Store(JoinHigh(high01, high23), destination + (3 * destinationStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[2], right[2], left[3], right[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> JoinLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.MoveLowToHigh(left, right) : Vector128.Create(left.GetLower(), right.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> JoinHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.MoveHighToLow(right, left) : Vector128.Create(left.GetUpper(), right.GetUpper());
}
