using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>The column vectors of a tile in memory, of which the last may be partial. The conditions are constants of the instantiation.</summary>
internal static unsafe class TileVectors<TSimd, TVector, TColumns>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
    where TColumns : ITileColumns
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(float* source, TVector mask, out TVector x, out TVector y)
    {
        if (TColumns.Vectors == 1)
        {
            x = LoadLast(source, mask);
            y = default;
            return;
        }

        x = TSimd.Load(source);
        y = LoadLast(source + TSimd.Width, mask);
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

    /// <summary>A vector that may be partial, and is whole where the columns have no partial one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadLast(float* source, TVector mask) => TColumns.Partial ? TSimd.LoadMasked(source, mask) : TSimd.Load(source);

    /// <summary>See <see cref="LoadLast"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreLast(float* destination, TVector mask, TVector value)
    {
        if (TColumns.Partial)
        {
            TSimd.StoreMasked(destination, mask, value);
            return;
        }

        TSimd.Store(destination, value);
    }

    /// <summary>
    /// Has the lines of all vectors brought into the cache: the rows of a matrix lie far apart, which no hardware prefetcher follows. Only a hint, as prefetches are: it may point past the
    /// end of what there is, and other processors than x86 take none. The loop of <see cref="CachePrefetch.All"/> in its place won nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* source)
    {
        const int NumbersOfLine = CachePrefetch.LineLength / sizeof(float);
        int numbers = TColumns.Vectors * TSimd.Width;
        if (!Sse.IsSupported)
        {
            return;
        }

        Sse.Prefetch0(source);
        if (numbers > NumbersOfLine)
        {
            Sse.Prefetch0(source + NumbersOfLine);
        }

        if (numbers > 2 * NumbersOfLine)
        {
            Sse.Prefetch0(source + (2 * NumbersOfLine));
            Sse.Prefetch0(source + (3 * NumbersOfLine));
        }
    }
}
