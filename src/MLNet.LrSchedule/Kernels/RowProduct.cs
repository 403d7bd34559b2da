using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// One row times a matrix: result[columns] = start + left[depth] * right[depth x columns]. With a single row a tile would have only two chains in
/// flight; eight adjacent column vectors keep the pipelines full. The bits are those of the tiles.
/// </summary>
internal static unsafe class RowProduct<TSimd, TVector>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
{
    private const int Vectors = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* left, nint leftStride, float* right, nint rightStride, float* start, float* result, int columns, int depth)
    {
        int width = TSimd.Width;
        int column = 0;
        for (; column <= columns - (Vectors * width); column += Vectors * width)
        {
            Eight(left, leftStride, right + column, rightStride, start + column, result + column, depth);
        }

        for (; columns - column > 2 * width; column += 4 * width)
        {
            UpToFour(left, leftStride, right + column, rightStride, start + column, result + column, columns - column, depth);
        }

        if (column < columns)
        {
            UpToTwo(left, leftStride, right + column, rightStride, start + column, result + column, columns - column, depth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* left, nint leftStride, float* right, nint rightStride, float* start, float* result, int depth)
    {
        int width = TSimd.Width;
        TVector x0 = TSimd.Load(start);
        TVector x1 = TSimd.Load(start + width);
        TVector x2 = TSimd.Load(start + (2 * width));
        TVector x3 = TSimd.Load(start + (3 * width));
        TVector x4 = TSimd.Load(start + (4 * width));
        TVector x5 = TSimd.Load(start + (5 * width));
        TVector x6 = TSimd.Load(start + (6 * width));
        TVector x7 = TSimd.Load(start + (7 * width));
        for (int step = depth; step > 0; step--)
        {
            TVector broadcast = TSimd.LoadBroadcast(left);
            x0 = TSimd.FusedMultiplyAdd(TSimd.Load(right), broadcast, x0);
            x1 = TSimd.FusedMultiplyAdd(TSimd.Load(right + width), broadcast, x1);
            x2 = TSimd.FusedMultiplyAdd(TSimd.Load(right + (2 * width)), broadcast, x2);
            x3 = TSimd.FusedMultiplyAdd(TSimd.Load(right + (3 * width)), broadcast, x3);
            x4 = TSimd.FusedMultiplyAdd(TSimd.Load(right + (4 * width)), broadcast, x4);
            x5 = TSimd.FusedMultiplyAdd(TSimd.Load(right + (5 * width)), broadcast, x5);
            x6 = TSimd.FusedMultiplyAdd(TSimd.Load(right + (6 * width)), broadcast, x6);
            x7 = TSimd.FusedMultiplyAdd(TSimd.Load(right + (7 * width)), broadcast, x7);
            left += leftStride;
            right += rightStride;
        }

        TSimd.Store(result, x0);
        TSimd.Store(result + width, x1);
        TSimd.Store(result + (2 * width), x2);
        TSimd.Store(result + (3 * width), x3);
        TSimd.Store(result + (4 * width), x4);
        TSimd.Store(result + (5 * width), x5);
        TSimd.Store(result + (6 * width), x6);
        TSimd.Store(result + (7 * width), x7);
    }

    // Three or four vectors, the last two of which may be partial or empty: an empty mask touches no memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpToFour(
        float* left, nint leftStride, float* right, nint rightStride, float* start, float* result, int columns, int depth)
    {
        int width = TSimd.Width;
        TVector mask2 = TSimd.Mask(columns - (2 * width));
        TVector mask3 = TSimd.Mask(columns - (3 * width));
        TVector x0 = TSimd.Load(start);
        TVector x1 = TSimd.Load(start + width);
        TVector x2 = TSimd.LoadMasked(start + (2 * width), mask2);
        TVector x3 = TSimd.LoadMasked(start + (3 * width), mask3);
        for (int step = depth; step > 0; step--)
        {
            TVector broadcast = TSimd.LoadBroadcast(left);
            x0 = TSimd.FusedMultiplyAdd(TSimd.Load(right), broadcast, x0);
            x1 = TSimd.FusedMultiplyAdd(TSimd.Load(right + width), broadcast, x1);
            x2 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(right + (2 * width), mask2), broadcast, x2);
            x3 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(right + (3 * width), mask3), broadcast, x3);
            left += leftStride;
            right += rightStride;
        }

        TSimd.Store(result, x0);
        TSimd.Store(result + width, x1);
        TSimd.StoreMasked(result + (2 * width), mask2, x2);
        TSimd.StoreMasked(result + (3 * width), mask3, x3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpToTwo(
        float* left, nint leftStride, float* right, nint rightStride, float* start, float* result, int columns, int depth)
    {
        int width = TSimd.Width;
        TVector mask0 = TSimd.Mask(columns);
        TVector mask1 = TSimd.Mask(columns - width);
        TVector x0 = TSimd.LoadMasked(start, mask0);
        TVector x1 = TSimd.LoadMasked(start + width, mask1);
        for (int step = depth; step > 0; step--)
        {
            TVector broadcast = TSimd.LoadBroadcast(left);
            x0 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(right, mask0), broadcast, x0);
            x1 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(right + width, mask1), broadcast, x1);
            left += leftStride;
            right += rightStride;
        }

        TSimd.StoreMasked(result, mask0, x0);
        TSimd.StoreMasked(result + width, mask1, x1);
    }
}
