using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// What a tile does with results that are final, on their way from registers to memory. Each end is a type of its own, and not a case in one method: all that a tile inlines for its 24 vectors
/// counts against a limit of the compiler, the branches that are never taken as well, and a tile that exceeds it takes three times as long.
/// </summary>
internal unsafe interface ITileEnd
{
    /// <summary>Has the memory that a row of results needs brought into the cache: that of the row, unless an end needs other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual void Ask<TSimd, TVector, TColumns>(float* row, ref TileColumn column)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns =>
        TileVectors<TSimd, TVector, TColumns>.Prefetch(row);

    /// <summary>Begins with the rows of a tile: the sums that those of earlier tiles have left, and three numbers in all lanes. What an end does not have is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual void Begin<TSimd, TVector, TColumns>(
        TVector mask, ref TileColumn column, out TVector sumX, out TVector sumY, out TVector first, out TVector second, out TVector third)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns =>
        sumX = sumY = first = second = third = default;

    /// <summary>
    /// Puts a row of results where it belongs. What the column says is read for each of the few rows that need it: one more number to keep would cost the loop over the steps a register
    /// that it needs.
    /// </summary>
    static abstract void Store<TSimd, TVector, TColumns>(
        float* row, TVector mask, TVector x, TVector y, ref TileColumn column, ref TVector sumX, ref TVector sumY, TVector first, TVector second, TVector third)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns;

    /// <summary>Leaves the sums for the tiles that follow, where there are any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual void Finish<TSimd, TVector, TColumns>(TVector mask, ref TileColumn column, TVector sumX, TVector sumY)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns
    {
    }
}
