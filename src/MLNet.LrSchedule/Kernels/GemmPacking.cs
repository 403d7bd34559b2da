using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Copies of operand blocks in the order in which a tile reads them. Moving numbers changes no bit of a result.</summary>
internal static unsafe class GemmPacking
{
    /// <summary>destination[step * destinationStride + lane] = source[step * sourceStride + lane].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, nint sourceStride, float* destination, nint destinationStride, int lanes, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            CopyLanes(source, destination, lanes);
            source += sourceStride;
            destination += destinationStride;
        }
    }

    /// <summary>
    /// Cuts a block of columns into panels: destination[panel * panelColumns * steps + step * panelColumns + lane] = source[step * sourceStride + panel *
    /// panelColumns + lane]. Lanes beyond the last column stay as they are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyPanels(float* source, nint sourceStride, float* destination, int panelColumns, int columns, int steps)
    {
        int whole = columns / panelColumns * panelColumns;
        nint panelStride = (nint)panelColumns * steps;
        for (int step = 0; step < steps; step++)
        {
            float* from = source + (step * sourceStride);
            float* to = destination + ((nint)step * panelColumns);
            for (int column = 0; column < whole; column += panelColumns)
            {
                CopyLanes(from + column, to, panelColumns);

                to += panelStride;
            }

            for (int column = whole; column < columns; column++)
            {
                *to++ = from[column];
            }
        }
    }

    /// <summary>destination[step * destinationStride + lane] = source[lane * sourceStride + step].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride, int lanes, int steps)
    {
        const int Block = 4;
        int lane = 0;
        for (; lane <= lanes - Block; lane += Block)
        {
            float* from = source + (lane * sourceStride);
            float* to = destination + lane;
            int step = 0;
            for (; step <= steps - Block; step += Block)
            {
                TransposeBlock(from + step, sourceStride, to + (step * destinationStride), destinationStride);
            }

            for (; step < steps; step++)
            {
                for (int i = 0; i < Block; i++)
                {
                    to[(step * destinationStride) + i] = from[(i * sourceStride) + step];
                }
            }
        }

        for (; lane < lanes; lane++)
        {
            for (int step = 0; step < steps; step++)
            {
                destination[(step * destinationStride) + lane] = source[(lane * sourceStride) + step];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLanes(float* source, float* destination, int lanes)
    {
        int lane = 0;
        for (; lane <= lanes - Vector256<float>.Count; lane += Vector256<float>.Count)
        {
            Vector256.Store(Vector256.Load(source + lane), destination + lane);
        }

        for (; lane <= lanes - Vector128<float>.Count; lane += Vector128<float>.Count)
        {
            Vector128.Store(Vector128.Load(source + lane), destination + lane);
        }

        for (; lane < lanes; lane++)
        {
            destination[lane] = source[lane];
        }
    }

    // Four rows of four become four columns: pairs are interleaved, then pairs of pairs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(float* source, nint sourceStride, float* destination, nint destinationStride)
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
