using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The micro-kernel: a tile of up to 12 rows by 2 vectors of results stays in registers while the steps are accumulated, each result in its own chain
/// of fused multiply-adds in ascending order. Every step loads the column vectors once and broadcasts one element per row. Tiles of all heights and
/// both widths are this one body: the conditions are constants of the instantiation and cost nothing.
/// </summary>
internal static unsafe class GemmTile<TSimd, TVector, TRows, TColumns, TLayout, TDepth, TEnd>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
    where TRows : ITileRows
    where TColumns : ITileColumns
    where TLayout : ITileLayout
    where TDepth : ITileDepth
    where TEnd : ITileEnd
{
    // How many steps before a step its right operand is asked for, where the rows of that lie far apart.
    private const int StepsAhead = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ref TileColumn column)
    {
        TVector mask = TColumns.Partial ? TSimd.Mask(column.LastColumns) : default;
        nint rowStride = column.LeftRowStride;
        nint rowStride2 = 2 * rowStride;
        nint stepStride = column.LeftStepStride;
        nint rightStride = column.RightStride;
        nint startStride = column.StartStride;
        nint resultStride = column.ResultStride;
        float* left = column.Left;
        float* start = column.Start;
        float* result = column.Result;
        for (int tile = column.Tiles; tile > 0; tile--)
        {
            TVector x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default, x7 = default, x8 = default, x9 = default, x10 = default, x11 = default;
            TVector y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default, y6 = default, y7 = default, y8 = default, y9 = default, y10 = default, y11 = default;
            float* row = start;
            TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x0, out y0);
            if (TRows.Count > 1)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x1, out y1);
            }

            if (TRows.Count > 2)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x2, out y2);
            }

            if (TRows.Count > 3)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x3, out y3);
            }

            if (TRows.Count > 4)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x4, out y4);
            }

            if (TRows.Count > 5)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x5, out y5);
            }

            if (TRows.Count > 6)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x6, out y6);
            }

            if (TRows.Count > 7)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x7, out y7);
            }

            if (TRows.Count > 8)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x8, out y8);
            }

            if (TRows.Count > 9)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x9, out y9);
            }

            if (TRows.Count > 10)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x10, out y10);
            }

            if (TRows.Count > 11)
            {
                row += startStride;
                TileVectors<TSimd, TVector, TColumns>.Load(row, mask, out x11, out y11);
            }

            float* left0 = left;
            float* left3 = left0 + (3 * rowStride);
            float* left6 = left3 + (3 * rowStride);
            float* left9 = left6 + (3 * rowStride);
            float* right = column.Right;
            float* packed = column.Packed;
            float* nextResult = result + (TRows.Count * resultStride);
            int stepsOfTurn = TDepth.IsDeep ? column.Depth - ((TRows.Count - 1) * (column.Depth / TRows.Count)) : column.Depth;
            int turns = TRows.Count;
            do
            {
                if (!TDepth.IsDeep && stepsOfTurn == 0)
                {
                    break;
                }

                if (TDepth.IsDeep)
                {
                    TEnd.Ask<TSimd, TVector, TColumns>(nextResult, ref column);
                    nextResult += resultStride;
                    column.Ahead.Ask();
                }

                do
                {
                    TileVectors<TSimd, TVector, TColumns>.Load(right, mask, out TVector rightX, out TVector rightY);
                    if (TDepth.PacksRight)
                    {
                        TileVectors<TSimd, TVector, TColumns>.Prefetch(right + (StepsAhead * rightStride));
                        TileVectors<TSimd, TVector, TColumns>.Store(packed, mask, rightX, rightY);
                        packed += 2 * TSimd.Width;
                    }

                    Accumulate(left0, rightX, rightY, ref x0, ref y0);
                    if (TRows.Count > 1)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 1 : left0 + rowStride, rightX, rightY, ref x1, ref y1);
                    }

                    if (TRows.Count > 2)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 2 : left0 + rowStride2, rightX, rightY, ref x2, ref y2);
                    }

                    if (TRows.Count > 3)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 3 : left3, rightX, rightY, ref x3, ref y3);
                    }

                    if (TRows.Count > 4)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 4 : left3 + rowStride, rightX, rightY, ref x4, ref y4);
                    }

                    if (TRows.Count > 5)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 5 : left3 + rowStride2, rightX, rightY, ref x5, ref y5);
                    }

                    if (TRows.Count > 6)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 6 : left6, rightX, rightY, ref x6, ref y6);
                    }

                    if (TRows.Count > 7)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 7 : left6 + rowStride, rightX, rightY, ref x7, ref y7);
                    }

                    if (TRows.Count > 8)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 8 : left6 + rowStride2, rightX, rightY, ref x8, ref y8);
                    }

                    if (TRows.Count > 9)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 9 : left9, rightX, rightY, ref x9, ref y9);
                    }

                    if (TRows.Count > 10)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 10 : left9 + rowStride, rightX, rightY, ref x10, ref y10);
                    }

                    if (TRows.Count > 11)
                    {
                        Accumulate(TLayout.RowsAdjacent ? left0 + 11 : left9 + rowStride2, rightX, rightY, ref x11, ref y11);
                    }

                    right += rightStride;
                    left0 += TLayout.RowsAdjacent ? stepStride : 1;
                    if (!TLayout.RowsAdjacent)
                    {
                        left3++;
                        left6++;
                        left9++;
                    }
                }
                while (--stepsOfTurn > 0);

                stepsOfTurn = column.Depth / TRows.Count;
            }
            while (TDepth.IsDeep && --turns > 0);

            row = result;
            TEnd.Begin<TSimd, TVector, TColumns>(mask, ref column, out TVector sumX, out TVector sumY, out TVector first, out TVector second, out TVector third);
            TEnd.Store<TSimd, TVector, TColumns>(row, mask, x0, y0, ref column, ref sumX, ref sumY, first, second, third);
            if (TRows.Count > 1)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x1, y1, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 2)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x2, y2, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 3)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x3, y3, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 4)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x4, y4, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 5)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x5, y5, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 6)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x6, y6, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 7)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x7, y7, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 8)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x8, y8, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 9)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x9, y9, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 10)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x10, y10, ref column, ref sumX, ref sumY, first, second, third);
            }

            if (TRows.Count > 11)
            {
                row += resultStride;
                TEnd.Store<TSimd, TVector, TColumns>(row, mask, x11, y11, ref column, ref sumX, ref sumY, first, second, third);
            }

            TEnd.Finish<TSimd, TVector, TColumns>(mask, ref column, sumX, sumY);
            left += column.LeftTileStride;
            start += TRows.Count * startStride;
            result += TRows.Count * resultStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(float* left, TVector rightX, TVector rightY, ref TVector x, ref TVector y)
    {
        TVector broadcast = TSimd.LoadBroadcast(left);
        x = TSimd.FusedMultiplyAdd(broadcast, rightX, x);
        if (TColumns.Vectors == 2)
        {
            y = TSimd.FusedMultiplyAdd(broadcast, rightY, y);
        }
    }
}
