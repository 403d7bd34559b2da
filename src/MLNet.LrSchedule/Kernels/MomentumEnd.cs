using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// See <see cref="TileEnd.Momentum"/>. The step is that of <see cref="MomentumRule"/>, written out for the vectors that a tile has. The sums are the differences of updated weights from themselves, as in
/// <see cref="UpdateKernels"/>: zero as long as all are finite numbers. A lane beyond the last column is NaN only where an input of the row is no finite number, and then no weight of the row is one.
/// </summary>
internal readonly unsafe struct MomentumEnd : ITileEnd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask<TSimd, TVector, TColumns>(float* row, ref TileColumn column)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns
    {
        float* weight = row + column.ToOperand;
        TileVectors<TSimd, TVector, TColumns>.Prefetch(weight);
        TileVectors<TSimd, TVector, TColumns>.Prefetch(weight + column.ToSlot);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin<TSimd, TVector, TColumns>(
        TVector mask, ref TileColumn column, out TVector sumX, out TVector sumY, out TVector first, out TVector second, out TVector third)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns
    {
        sumX = TSimd.Load(column.Sums);
        sumY = default;
        first = TSimd.LoadBroadcast(column.Factors);
        second = TSimd.LoadBroadcast(column.Factors + 1);
        third = TSimd.LoadBroadcast(column.Factors + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TSimd, TVector, TColumns>(
        float* row, TVector mask, TVector x, TVector y, ref TileColumn column, ref TVector sumX, ref TVector sumY, TVector first, TVector second, TVector third)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns
    {
        float* weight = row + column.ToOperand;
        float* slot = weight + column.ToSlot;
        TileVectors<TSimd, TVector, TColumns>.Load(slot, mask, out TVector slotX, out TVector slotY);
        TileVectors<TSimd, TVector, TColumns>.Load(weight, mask, out TVector weightX, out TVector weightY);
        slotX = TSimd.FusedMultiplyAdd(first, slotX, TSimd.Multiply(second, x));
        weightX = TSimd.FusedMultiplyAdd(third, slotX, weightX);
        sumX = TSimd.Add(sumX, TSimd.Subtract(weightX, weightX));
        if (TColumns.Vectors == 2)
        {
            slotY = TSimd.FusedMultiplyAdd(first, slotY, TSimd.Multiply(second, y));
            weightY = TSimd.FusedMultiplyAdd(third, slotY, weightY);
            sumY = TSimd.Add(sumY, TSimd.Subtract(weightY, weightY));
        }

        TileVectors<TSimd, TVector, TColumns>.Store(slot, mask, slotX, slotY);
        TileVectors<TSimd, TVector, TColumns>.Store(weight, mask, weightX, weightY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<TSimd, TVector, TColumns>(TVector mask, ref TileColumn column, TVector sumX, TVector sumY)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TColumns : ITileColumns =>
        TSimd.Store(column.Sums, TColumns.Vectors == 2 ? TSimd.Add(sumX, sumY) : sumX);
}
