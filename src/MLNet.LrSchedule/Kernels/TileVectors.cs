using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>One or two column vectors of a tile in memory, of which the last may be partial. The conditions are constants of the instantiation.</summary>
internal static unsafe class TileVectors<TSimd, TVector, TColumns>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
    where TColumns : ITileColumns
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(float* source, TVector mask, out TVector x, out TVector y)
    {
        x = TColumns.Partial && TColumns.Vectors == 1 ? TSimd.LoadMasked(source, mask) : TSimd.Load(source);
        if (TColumns.Vectors == 1)
        {
            y = default;
            return;
        }

        y = TColumns.Partial ? TSimd.LoadMasked(source + TSimd.Width, mask) : TSimd.Load(source + TSimd.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, TVector mask, TVector x, TVector y)
    {
        if (TColumns.Vectors == 1)
        {
            StoreLast(destination, mask, x);
            return;
        }

        TSimd.Store(destination, x);
        StoreLast(destination + TSimd.Width, mask, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLast(float* destination, TVector mask, TVector value)
    {
        if (TColumns.Partial)
        {
            TSimd.StoreMasked(destination, mask, value);
            return;
        }

        TSimd.Store(destination, value);
    }
}
