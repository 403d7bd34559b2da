using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>The results of a tile, on their way from registers to memory. The conditions are constants of the instantiation.</summary>
internal static unsafe class TileResults<TSimd, TVector, TColumns, TEnd>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
    where TColumns : ITileColumns
    where TEnd : ITileEnd
{
    /// <summary>Has the memory of a row brought into the cache, that of its operand as well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask(float* row, ref TileColumn column)
    {
        TileVectors<TSimd, TVector, TColumns>.Prefetch(row);
        if (TEnd.Value == TileEnd.RectifiedSlope)
        {
            TileVectors<TSimd, TVector, TColumns>.Prefetch(row + column.ToOperand);
        }
    }

    /// <summary>What the rows of earlier tiles add up to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginSums(TVector mask, ref TileColumn column, out TVector x, out TVector y)
    {
        x = y = default;
        if (TEnd.Value == TileEnd.RectifiedSlope && column.Sums != null)
        {
            TileVectors<TSimd, TVector, TColumns>.Load(column.Sums, mask, out x, out y);
        }
    }

    // The column is read for the few results that have an operand: one more number to keep would cost the loop over the steps a register that it needs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* row, TVector mask, TVector x, TVector y, ref TileColumn column, ref TVector sumX, ref TVector sumY)
    {
        if (TEnd.Value == TileEnd.Rectified)
        {
            x = default(Relu).Apply<TSimd, TVector, float>(x);
            y = TColumns.Vectors == 2 ? default(Relu).Apply<TSimd, TVector, float>(y) : y;
        }

        if (TEnd.Value == TileEnd.RectifiedSlope)
        {
            TileVectors<TSimd, TVector, TColumns>.Load(row + column.ToOperand, mask, out TVector operandX, out TVector operandY);
            x = default(ReluGradient).Apply<TSimd, TVector, float>(x, operandX);
            y = TColumns.Vectors == 2 ? default(ReluGradient).Apply<TSimd, TVector, float>(y, operandY) : y;
            sumX = TSimd.Add(sumX, x);
            sumY = TColumns.Vectors == 2 ? TSimd.Add(sumY, y) : sumY;
        }

        TileVectors<TSimd, TVector, TColumns>.Store(row, mask, x, y);
    }

    /// <summary>Leaves what the rows add up to now for the tiles that follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndSums(TVector mask, ref TileColumn column, TVector x, TVector y)
    {
        if (TEnd.Value == TileEnd.RectifiedSlope && column.Sums != null)
        {
            TileVectors<TSimd, TVector, TColumns>.Store(column.Sums, mask, x, y);
        }
    }
}
