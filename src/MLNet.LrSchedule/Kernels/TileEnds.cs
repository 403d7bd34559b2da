using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>See <see cref="TileEnd.Plain"/>.</summary>
internal readonly unsafe struct PlainEnd : ITileEnd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TSimd, TVector, TColumns>(
        float* row, TVector mask, TVector x, TVector y, ref TileColumn column, ref TVector sumX, ref TVector sumY, TVector first, TVector second, TVector third)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns =>
        TileVectors<TSimd, TVector, TColumns>.Store(row, mask, x, y);
}

/// <summary>See <see cref="TileEnd.Rectified"/>.</summary>
internal readonly unsafe struct RectifiedEnd : ITileEnd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TSimd, TVector, TColumns>(
        float* row, TVector mask, TVector x, TVector y, ref TileColumn column, ref TVector sumX, ref TVector sumY, TVector first, TVector second, TVector third)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns
    {
        x = default(Relu).Apply<TSimd, TVector, float>(x);
        y = TColumns.Vectors == 2 ? default(Relu).Apply<TSimd, TVector, float>(y) : y;
        TileVectors<TSimd, TVector, TColumns>.Store(row, mask, x, y);
    }
}

/// <summary>See <see cref="TileEnd.RectifiedSlope"/>.</summary>
internal readonly unsafe struct RectifiedSlopeEnd : ITileEnd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask<TSimd, TVector, TColumns>(float* row, ref TileColumn column)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns
    {
        TileVectors<TSimd, TVector, TColumns>.Prefetch(row);
        TileVectors<TSimd, TVector, TColumns>.Prefetch(row + column.ToOperand);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin<TSimd, TVector, TColumns>(
        TVector mask, ref TileColumn column, out TVector sumX, out TVector sumY, out TVector first, out TVector second, out TVector third)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns
    {
        sumX = sumY = first = second = third = default;
        if (column.Sums != null)
        {
            TileVectors<TSimd, TVector, TColumns>.Load(column.Sums, mask, out sumX, out sumY);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TSimd, TVector, TColumns>(
        float* row, TVector mask, TVector x, TVector y, ref TileColumn column, ref TVector sumX, ref TVector sumY, TVector first, TVector second, TVector third)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns
    {
        TileVectors<TSimd, TVector, TColumns>.Load(row + column.ToOperand, mask, out TVector operandX, out TVector operandY);
        x = default(ReluGradient).Apply<TSimd, TVector, float>(x, operandX);
        sumX = TSimd.Add(sumX, x);
        if (TColumns.Vectors == 2)
        {
            y = default(ReluGradient).Apply<TSimd, TVector, float>(y, operandY);
            sumY = TSimd.Add(sumY, y);
        }

        TileVectors<TSimd, TVector, TColumns>.Store(row, mask, x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<TSimd, TVector, TColumns>(TVector mask, ref TileColumn column, TVector sumX, TVector sumY)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns
    {
        if (column.Sums != null)
        {
            TileVectors<TSimd, TVector, TColumns>.Store(column.Sums, mask, sumX, sumY);
        }
    }
}
