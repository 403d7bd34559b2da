using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>The results of one row of a tile, on their way from registers to memory. The conditions are constants of the instantiation.</summary>
internal static unsafe class TileResults<TSimd, TVector, TColumns, TEnd>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
    where TColumns : ITileColumns
    where TEnd : ITileEnd
{
    // The column is read for the few results that have an operand: one more number to keep would cost the loop over the steps a register that it needs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* row, TVector mask, TVector x, TVector y, ref TileColumn column)
    {
        if (TEnd.IsRectified)
        {
            x = default(Relu).Apply<TSimd, TVector, float>(x);
            y = TColumns.Vectors == 2 ? default(Relu).Apply<TSimd, TVector, float>(y) : y;
        }

        if (TEnd.TakesSlope)
        {
            TileVectors<TSimd, TVector, TColumns>.Load(row + column.ToOperand, mask, out TVector operandX, out TVector operandY);
            x = default(ReluGradient).Apply<TSimd, TVector, float>(x, operandX);
            y = TColumns.Vectors == 2 ? default(ReluGradient).Apply<TSimd, TVector, float>(y, operandY) : y;
        }

        TileVectors<TSimd, TVector, TColumns>.Store(row, mask, x, y);
    }
}
