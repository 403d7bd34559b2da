using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The loops around the tiles, on one thread: blocks of steps, blocks of rows, panels of two column vectors, tiles. A block of steps continues the
/// chains from the stored partial results, which loses nothing because a partial result is a single-precision number in memory as in a register.
/// Operands that a tile would have to collect from far apart are packed first.
/// </summary>
internal static unsafe class Gemm<TSimd, TVector>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
{
    // Panels are packed so many at a time: their rows are adjacent, and a page of memory is visited once for all of them.
    private const int MaxPanelsPerGroup = 8;

    // Results that fit the first-level cache are finished all at once, in one run over memory.
    private const int MaxFinishedAtOnce = 8 * 1024;

    // Up to this depth a product is a matter of writing its results, which are written row by row then, in the order of memory, as much at a time as is finished at once.
    private const int ShallowDepth = 32;

    // With so many rows, a copy of the right operand costs a few hundredths of the product.
    private const int ManyRows = 512;

    // More lines at once would keep a tile waiting.
    private const int MaxLinesPerTurn = 12;

    [SkipLocalsInit]
    public static void Run(PackingBuffers buffers, in GemmProblem problem, in GemmBlocking blocking)
    {
        if (problem.Rows == 0 || problem.Columns == 0)
        {
            return;
        }

        int panelColumns = 2 * TSimd.Width;
        bool packRight = problem.RightTransposed || PaysToPackRight(problem, blocking);
        bool packLeft = PaysToPackLeft(problem, blocking);

        // Small products would spend as long on these divisions as on some of their tiles.
        int depthBlock = problem.Depth;
        if ((packLeft || packRight) && problem.Depth > blocking.MaxDepth)
        {
            int depthBlocks = (problem.Depth + blocking.MaxDepth - 1) / blocking.MaxDepth;
            depthBlock = (problem.Depth + depthBlocks - 1) / depthBlocks;
        }

        bool finishesBlocks = (long)problem.Rows * problem.Columns > MaxFinishedAtOnce;
        TileHeights heights = new(problem.Rows, MaxTileRows);
        int tilesPerBlock = heights.Tiles;
        if (packLeft)
        {
            tilesPerBlock = Math.Max(1, blocking.MaxLeft / Math.Max(1, depthBlock * MaxTileRows));
        }
        else if (problem.Depth <= ShallowDepth && finishesBlocks)
        {
            tilesPerBlock = Math.Max(1, MaxFinishedAtOnce / (problem.Columns * MaxTileRows));
        }

        if (tilesPerBlock < heights.Tiles)
        {
            int rowBlocks = (heights.Tiles + tilesPerBlock - 1) / tilesPerBlock;
            tilesPerBlock = (heights.Tiles + rowBlocks - 1) / rowBlocks;
        }

        bool oneRowBlock = tilesPerBlock >= heights.Tiles;

        // Beside a part of the columns lie those of another thread, into which a prefetcher would run on from a group of panels.
        int panelsPerGroup = problem.Columns < problem.RightStride && !problem.RightTransposed ? 1 : MaxPanelsPerGroup;
        int panels = (problem.Columns + panelColumns - 1) / panelColumns;
        float* packedRight = packRight ? buffers.Right(depthBlock * panelColumns * (oneRowBlock ? Math.Min(panels, panelsPerGroup) : panels)) : null;
        float* packedLeft = packLeft ? buffers.Left(depthBlock * Math.Min(problem.Rows, tilesPerBlock * MaxTileRows)) : null;
        TileColumn column = default;
        column.ResultStride = problem.ResultStride;
        for (int firstStep = 0; firstStep == 0 || firstStep < problem.Depth; firstStep += depthBlock)
        {
            int steps = Math.Min(depthBlock, problem.Depth - firstStep);
            column.Depth = steps;
            for (int firstTile = 0; firstTile < heights.Tiles; firstTile += tilesPerBlock)
            {
                int endTile = Math.Min(heights.Tiles, firstTile + tilesPerBlock);
                int firstRow = heights.FirstRow(firstTile);
                float* left = problem.Left + (firstRow * problem.LeftRowStride) + (firstStep * problem.LeftStepStride);
                if (packLeft)
                {
                    PackLeft(problem, heights, firstTile, endTile, left, steps, packedLeft);
                }

                for (int panel = 0; panel < panels; panel++)
                {
                    int firstColumn = panel * panelColumns;
                    int columns = Math.Min(panelColumns, problem.Columns - firstColumn);
                    column.Right = problem.Right + (firstStep * problem.RightStride) + firstColumn;
                    column.RightStride = problem.RightStride;
                    if (packRight)
                    {
                        column.Right = packedRight + ((oneRowBlock ? panel % panelsPerGroup : panel) * steps * panelColumns);
                        column.RightStride = panelColumns;
                        if (firstTile > 0)
                        {
                            // The panel after this one, or the first for the next block of rows.
                            float* next = panel + 1 < panels ? column.Right + (steps * panelColumns) : packedRight;
                            column.Ahead = new AheadLines(next, 1, steps * panelColumns, 0);
                            column.Ahead.Divide((endTile - firstTile) * MaxTileRows, MaxLinesPerTurn);
                        }
                        else if (panel % panelsPerGroup == 0)
                        {
                            int groupColumns = Math.Min(panelsPerGroup * panelColumns, problem.Columns - firstColumn);
                            PackRight(problem, firstColumn, groupColumns, firstStep, steps, column.Right);
                            column.Ahead = RightSource(problem, firstColumn + groupColumns, panelsPerGroup * panelColumns, firstStep, steps);
                            column.Ahead.Divide((endTile - firstTile) * MaxTileRows * panelsPerGroup, MaxLinesPerTurn);
                        }
                    }

                    float* result = problem.Result + (firstRow * problem.ResultStride) + firstColumn;
                    column.Start = firstStep == 0 ? problem.Start + firstColumn : result;
                    column.StartStride = firstStep == 0 ? 0 : problem.ResultStride;
                    column.Result = result;
                    column.Left = packLeft ? packedLeft : left;
                    RunTiles(problem, heights, firstTile, endTile, packLeft, columns, ref column);
                    if (finishesBlocks && firstStep + steps >= problem.Depth)
                    {
                        problem.Finish.Apply(result, problem.ResultStride, heights.FirstRow(endTile) - firstRow, columns);
                    }
                }
            }

            if (depthBlock == 0)
            {
                break;
            }
        }

        if (!finishesBlocks)
        {
            problem.Finish.Apply(problem.Result, problem.ResultStride, problem.Rows, problem.Columns);
        }
    }

    // Accumulators, two column vectors and a broadcast must fit the register file: 32 registers with AVX-512 and on ARM, 16 elsewhere.
    private static int MaxTileRows => TSimd.Width == Simd512.Width || AdvSimd.IsSupported ? 12 : 6;

    private static void RunTiles(
        in GemmProblem problem, in TileHeights heights, int firstTile, int endTile, bool packed, int columns, ref TileColumn column)
    {
        int tile = firstTile;
        while (tile < endTile)
        {
            int height = heights.Height(tile);
            int end = height == heights.Low ? endTile : Math.Min(endTile, heights.NumberOfHigh);
            column.Tiles = end - tile;
            column.LeftRowStride = packed ? 1 : problem.LeftRowStride;
            column.LeftStepStride = packed ? height : problem.LeftStepStride;
            column.LeftTileStride = packed ? height * column.Depth : height * problem.LeftRowStride;
            TileDispatch<TSimd, TVector>.Run(ref column, height, columns, packed || problem.LeftRowsAdjacent);
            column.Left += column.Tiles * column.LeftTileStride;
            column.Result += column.Tiles * height * column.ResultStride;
            column.Start += column.Tiles * height * column.StartStride;
            tile = end;
        }
    }

    // Panel of a tile: rows adjacent, one step after the other.
    private static void PackLeft(in GemmProblem problem, in TileHeights heights, int firstTile, int endTile, float* left, int steps, float* packed)
    {
        for (int tile = firstTile; tile < endTile; tile++)
        {
            int height = heights.Height(tile);
            if (problem.LeftRowsAdjacent)
            {
                GemmPacking.Copy(left, problem.LeftStepStride, packed, height, height, steps);
            }
            else
            {
                GemmPacking.Transpose(left, problem.LeftRowStride, packed, height, height, steps);
            }

            left += height * problem.LeftRowStride;
            packed += height * steps;
        }
    }

    // Panel after panel, each one step after the other.
    private static void PackRight(in GemmProblem problem, int firstColumn, int columns, int firstStep, int steps, float* packed)
    {
        int panelColumns = 2 * TSimd.Width;
        if (!problem.RightTransposed)
        {
            float* block = problem.Right + (firstStep * problem.RightStride) + firstColumn;
            GemmPacking.CopyPanels(block, problem.RightStride, packed, panelColumns, columns, steps);
            return;
        }

        float* rows = problem.Right + (firstColumn * problem.RightStride) + firstStep;
        for (int column = 0; column < columns; column += panelColumns)
        {
            int lanes = Math.Min(panelColumns, columns - column);
            GemmPacking.Transpose(rows + (column * problem.RightStride), problem.RightStride, packed + (column * steps), panelColumns, lanes, steps);
        }
    }

    // What is packed after a group of panels: the next one of the same steps.
    private static AheadLines RightSource(in GemmProblem problem, int firstColumn, int columns, int firstStep, int steps)
    {
        columns = Math.Min(columns, problem.Columns - firstColumn);
        if (columns <= 0)
        {
            return default;
        }

        return problem.RightTransposed
            ? new AheadLines(problem.Right + (firstColumn * problem.RightStride) + firstStep, columns, steps, problem.RightStride)
            : new AheadLines(problem.Right + (firstStep * problem.RightStride) + firstColumn, steps, columns, problem.RightStride);
    }

    private static bool PaysToPackRight(in GemmProblem problem, in GemmBlocking blocking) =>
        (problem.Rows > 2 * MaxTileRows && (long)problem.Depth * problem.RightStride > blocking.MaxUnpackedRight)
        || (problem.Rows >= ManyRows && problem.LeftRowsAdjacent && problem.Rows > problem.Columns);

    private static bool PaysToPackLeft(in GemmProblem problem, in GemmBlocking blocking) =>
        problem.Columns > 8 * TSimd.Width && (long)problem.Depth * problem.Columns > blocking.MaxUnpackedLeft;
}
