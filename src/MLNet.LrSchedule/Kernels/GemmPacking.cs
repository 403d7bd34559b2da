using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Copies of operand blocks in the order in which a tile reads them. Moving numbers changes no bit of a result.</summary>
internal static unsafe class GemmPacking
{
    // Rows of a block lie pages apart, where no hardware prefetcher follows; so many of them are on their way at a time.
    private const int StepsAhead = 4;

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
            CachePrefetch.All(from + (StepsAhead * sourceStride), columns);
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
        int lane = 0;
        if (Avx.IsSupported)
        {
            for (; lane <= lanes - GemmTransposition.LargeBlock; lane += GemmTransposition.LargeBlock)
            {
                float* from = source + (lane * sourceStride);
                float* to = destination + lane;
                int step = 0;
                for (; step <= steps - GemmTransposition.LargeBlock; step += GemmTransposition.LargeBlock)
                {
                    GemmTransposition.EightByEight(from + step, sourceStride, to + (step * destinationStride), destinationStride);
                }

                TransposeSteps(from, sourceStride, to, destinationStride, GemmTransposition.LargeBlock, step, steps);
            }
        }

        for (; lane <= lanes - GemmTransposition.SmallBlock; lane += GemmTransposition.SmallBlock)
        {
            float* from = source + (lane * sourceStride);
            float* to = destination + lane;
            int step = 0;
            for (; step <= steps - GemmTransposition.SmallBlock; step += GemmTransposition.SmallBlock)
            {
                GemmTransposition.FourByFour(from + step, sourceStride, to + (step * destinationStride), destinationStride);
            }

            TransposeSteps(from, sourceStride, to, destinationStride, GemmTransposition.SmallBlock, step, steps);
        }

        TransposeSteps(source + (lane * sourceStride), sourceStride, destination + lane, destinationStride, lanes - lane, 0, steps);
    }

    private static void TransposeSteps(float* source, nint sourceStride, float* destination, nint destinationStride, int lanes, int firstStep, int steps)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            for (int step = firstStep; step < steps; step++)
            {
                destination[(step * destinationStride) + lane] = source[(lane * sourceStride) + step];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void CopyLanes(float* source, float* destination, int lanes)
    {
        int lane = 0;
        if (lanes >= Vector256<float>.Count)
        {
            // What fills no vector lies at the end of one that begins earlier, whose lanes are copied twice.
            float* last = source + lanes - Vector256<float>.Count;
            float* lastDestination = destination + lanes - Vector256<float>.Count;
            for (; source < last; source += Vector256<float>.Count)
            {
                Vector256.Store(Vector256.Load(source), destination);
                destination += Vector256<float>.Count;
            }

            Vector256.Store(Vector256.Load(last), lastDestination);
            return;
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
}
