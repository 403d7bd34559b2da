using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Runs a column of tiles by the instantiation of <see cref="GemmTile{TSimd, TVector, TRows, TColumns, TLayout, TDepth, TEnd}"/> for its shape.</summary>
internal static unsafe class TileDispatch<TSimd, TVector>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
{
    /// <summary>From this depth on, a tile takes longer than memory needs to arrive from the third-level cache.</summary>
    public const int MinDeep = 64;

    /// <param name="column">The operands.</param>
    /// <param name="rows">Height of each tile, 1 to 12.</param>
    /// <param name="columns">Number of columns: 1 to two vectors.</param>
    /// <param name="rowsAdjacent">The layout of the left operand.</param>
    public static void Run(ref TileColumn column, int rows, int columns, bool rowsAdjacent)
    {
        int width = TSimd.Width;
        bool two = columns > width;
        column.LastColumns = two ? columns - width : columns;
        bool partial = column.LastColumns < width;
        if (two)
        {
            if (partial)
            {
                Run<TwoVectorsLastPartial>(ref column, rows, rowsAdjacent);
                return;
            }

            Run<TwoVectors>(ref column, rows, rowsAdjacent);
            return;
        }

        if (partial)
        {
            Run<OnePartialVector>(ref column, rows, rowsAdjacent);
            return;
        }

        Run<OneVector>(ref column, rows, rowsAdjacent);
    }

    private static void Run<TColumns>(ref TileColumn column, int rows, bool rowsAdjacent)
        where TColumns : ITileColumns
    {
        if (rowsAdjacent)
        {
            Run<TColumns, RowsAdjacent>(ref column, rows);
            return;
        }

        Run<TColumns, StepsAdjacent>(ref column, rows);
    }

    private static void Run<TColumns, TLayout>(ref TileColumn column, int rows)
        where TColumns : ITileColumns
        where TLayout : ITileLayout
    {
        if (column.Packed != null)
        {
            Run<TColumns, TLayout, DeepAndPacking>(ref column, rows);
            return;
        }

        if (column.Depth >= MinDeep)
        {
            Run<TColumns, TLayout, Deep>(ref column, rows);
            return;
        }

        Run<TColumns, TLayout, Shallow>(ref column, rows);
    }

    // Small networks feel a call more in each column of tiles.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TColumns, TLayout, TDepth>(ref TileColumn column, int rows)
        where TColumns : ITileColumns
        where TLayout : ITileLayout
        where TDepth : ITileDepth
    {
        switch (column.End)
        {
            case TileEnd.Plain: Run<TColumns, TLayout, TDepth, PlainEnd>(ref column, rows); break;
            case TileEnd.Rectified: Run<TColumns, TLayout, TDepth, RectifiedEnd>(ref column, rows); break;
            case TileEnd.RectifiedSlope: Run<TColumns, TLayout, TDepth, RectifiedSlopeEnd>(ref column, rows); break;
            default: Run<TColumns, TLayout, TDepth, MomentumEnd>(ref column, rows); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TColumns, TLayout, TDepth, TEnd>(ref TileColumn column, int rows)
        where TColumns : ITileColumns
        where TLayout : ITileLayout
        where TDepth : ITileDepth
        where TEnd : ITileEnd
    {
        switch (rows)
        {
            case 1: GemmTile<TSimd, TVector, Rows1, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 2: GemmTile<TSimd, TVector, Rows2, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 3: GemmTile<TSimd, TVector, Rows3, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 4: GemmTile<TSimd, TVector, Rows4, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 5: GemmTile<TSimd, TVector, Rows5, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 6: GemmTile<TSimd, TVector, Rows6, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 7: GemmTile<TSimd, TVector, Rows7, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 8: GemmTile<TSimd, TVector, Rows8, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 9: GemmTile<TSimd, TVector, Rows9, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 10: GemmTile<TSimd, TVector, Rows10, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            case 11: GemmTile<TSimd, TVector, Rows11, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
            default: GemmTile<TSimd, TVector, Rows12, TColumns, TLayout, TDepth, TEnd>.Run(ref column); break;
        }
    }
}
