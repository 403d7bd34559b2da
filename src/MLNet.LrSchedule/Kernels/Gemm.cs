using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The loops around the tiles, on one thread: blocks of steps, blocks of rows, panels of two column vectors, tiles. A block of steps continues the
/// chains from the stored partial results, which loses nothing because a partial result is a single-precision number in memory as in a register.
/// A right operand that a tile would have to collect from far apart is packed, by the first tile that reads it where that can be; where packing the left one pays as well,
/// <see cref="PackedGemm{TSimd, TVector}"/> has the loops.
/// </summary>
internal static unsafe class Gemm<TSimd, TVector>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
{
    // Panels that no tile packs are packed so many at a time: their rows are adjacent, and a page of memory is visited once for all of them. With twice as many, a group and what is
    // asked for of the next one fill a second-level cache of a megabyte.
    private const int MaxPanelsPerGroup = 4;

    // Results that fit the first-level cache are finished all at once, in one run over memory.
    private const int MaxFinishedAtOnce = 8 * 1024;

    // Up to this depth a product is a matter of writing its results, which are written row by row then, in the order of memory, as much at a time as is finished at once.
    private const int ShallowDepth = 32;

    // With so many rows, a copy of the right operand costs a few hundredths of the product.
    private const int ManyRows = 512;

    /// <summary>Whether results are finished block by block, by tiles where they can; updates only tiles can do.</summary>
    public static bool FinishesBlocks(in GemmProblem problem) => (long)problem.Rows * problem.Columns > MaxFinishedAtOnce || problem.Finish.Update != null;

    [SkipLocalsInit]
    public static void Run(PackingBuffers buffers, in GemmProblem problem, in GemmBlocking blocking)
    {
        if (problem.Rows == 0 || problem.Columns == 0)
        {
            return;
        }

        if (LeavesTwo(problem))
        {
            RunAndTwo(buffers, problem, blocking);
            return;
        }

        int panelColumns = GemmPanels<TSimd, TVector>.Columns;
        bool packRight = problem.RightTransposed || PaysToPackRight(problem, blocking);

        // Small products would spend as long on these divisions as on some of their tiles.
        int depthBlock = packRight && problem.Depth > blocking.MaxDepth ? GemmBlocking.Part(problem.Depth, blocking.MaxDepth) : problem.Depth;
        bool finishesBlocks = FinishesBlocks(problem);
        int maxTileRows = MaxTileRows(problem);
        TileHeights heights = new(problem.Rows, maxTileRows);
        int tilesPerBlock = heights.Tiles;
        if (problem.Depth <= ShallowDepth && finishesBlocks)
        {
            tilesPerBlock = Math.Max(1, MaxFinishedAtOnce / (problem.Columns * maxTileRows));
        }

        bool oneRowBlock = tilesPerBlock >= heights.Tiles;
        if (!oneRowBlock)
        {
            tilesPerBlock = GemmBlocking.Part(heights.Tiles, tilesPerBlock);
        }

        // Beside a part of the columns lie those of another thread, into which a prefetcher would run on from a group of panels.
        int panelsPerGroup = problem.Columns < problem.RightStride && !problem.RightTransposed ? 1 : MaxPanelsPerGroup;
        int panels = GemmBlocking.DivideUp(problem.Columns, panelColumns);
        float* packedRight = packRight ? buffers.Right(depthBlock * panelColumns * (oneRowBlock ? Math.Min(panels, panelsPerGroup) : panels)) : null;
        TileColumn column = default;
        column.LeftRowStride = problem.LeftRowStride;
        column.LeftStepStride = problem.LeftStepStride;
        column.ResultStride = problem.ResultStride;
        for (int firstStep = 0; firstStep == 0 || firstStep < problem.Depth; firstStep += depthBlock)
        {
            int steps = Math.Min(depthBlock, problem.Depth - firstStep);
            column.Depth = steps;
            bool finishes = finishesBlocks && firstStep + steps >= problem.Depth;
            bool packsAlong = packRight && GemmPanels<TSimd, TVector>.PacksRightAlong(problem, steps);
            int group = packsAlong ? 1 : panelsPerGroup;
            for (int firstTile = 0; firstTile < heights.Tiles; firstTile += tilesPerBlock)
            {
                int endTile = Math.Min(heights.Tiles, firstTile + tilesPerBlock);
                int firstRow = heights.FirstRow(firstTile);
                float* left = problem.Left + (firstRow * problem.LeftRowStride) + (firstStep * problem.LeftStepStride);
                for (int panel = 0; panel < panels; panel++)
                {
                    int firstColumn = panel * panelColumns;
                    int columns = Math.Min(panelColumns, problem.Columns - firstColumn);
                    column.Right = problem.Right + (firstStep * problem.RightStride) + firstColumn;
                    column.RightStride = problem.RightStride;
                    float* result = problem.Result + (firstRow * problem.ResultStride) + firstColumn;
                    column.Start = firstStep == 0 ? problem.Start + firstColumn : result;
                    column.StartStride = firstStep == 0 ? 0 : problem.ResultStride;
                    column.Result = result;
                    column.Left = left;
                    if (finishes)
                    {
                        problem.Finish.Join(ref column, firstColumn);
                    }

                    int tile = firstTile;
                    if (packRight)
                    {
                        float* packed = packedRight + ((oneRowBlock ? panel % group : panel) * steps * panelColumns);
                        if (firstTile == 0 && panel % group == 0)
                        {
                            tile += BeginGroup(problem, heights, firstColumn, group, firstStep, packsAlong, packed, ref column);
                        }

                        column.Right = packed;
                        column.RightStride = panelColumns;
                    }

                    RunTiles(problem, heights, tile, endTile, columns, ref column);
                    if (finishes)
                    {
                        problem.Finish.ApplyToTiles(result, problem.ResultStride, heights.FirstRow(endTile) - firstRow, columns);
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

    // Packs a group of panels, by running the first tile where that does it, and has what comes after it asked for. Returns how many tiles have been run.
    private static int BeginGroup(
        in GemmProblem problem, in TileHeights heights, int firstColumn, int panels, int firstStep, bool packsAlong, float* packed, ref TileColumn column)
    {
        int steps = column.Depth;
        int maxColumns = panels * GemmPanels<TSimd, TVector>.Columns;
        int columns = Math.Min(maxColumns, problem.Columns - firstColumn);
        column.Ahead = GemmPanels<TSimd, TVector>.NextRightLines(problem, firstColumn + columns, maxColumns, firstStep, steps);
        column.Ahead.Divide(problem.Rows * panels);
        if (!packsAlong)
        {
            GemmPanels<TSimd, TVector>.PackRight(problem, firstColumn, columns, firstStep, steps, packed);
            return 0;
        }

        column.Packed = packed;
        RunTiles(problem, heights, 0, 1, columns, ref column);
        column.Packed = null;
        return 1;
    }

    // Two columns beyond whole vectors would be a vector of mostly empty lanes, at the price of a full one, which is felt where there are few.
    private static bool LeavesTwo(in GemmProblem problem) =>
        problem.Columns > TSimd.Width
        && problem.Columns % TSimd.Width == 2
        && problem.LeftStepStride == 1
        && !problem.RightTransposed
        && !FinishesBlocks(problem)
        && ColumnProduct.TakesTwo(problem.Rows, problem.Depth);

    private static void RunAndTwo(PackingBuffers buffers, in GemmProblem problem, in GemmBlocking blocking)
    {
        int whole = problem.Columns - 2;
        GemmProblem vectors = problem.SliceColumns(0, whole);
        vectors.Finish = default;
        Run(buffers, vectors, blocking);
        ColumnProduct.RunTwo(
            problem.Left,
            problem.LeftRowStride,
            problem.Right + whole,
            problem.RightStride,
            problem.Start + whole,
            problem.Result + whole,
            problem.ResultStride,
            problem.Rows,
            problem.Depth);
        problem.Finish.Apply(problem.Result, problem.ResultStride, problem.Rows, problem.Columns);
    }

    private static void RunTiles(
        in GemmProblem problem, in TileHeights heights, int firstTile, int endTile, int columns, ref TileColumn column)
    {
        int tile = firstTile;
        while (tile < endTile)
        {
            int height = heights.Height(tile);
            int end = height == heights.Low ? endTile : Math.Min(endTile, heights.NumberOfHigh);
            column.Tiles = end - tile;
            column.LeftTileStride = height * problem.LeftRowStride;
            TileDispatch<TSimd, TVector>.Run(ref column, height, columns, problem.LeftRowsAdjacent);
            column.Left += column.Tiles * column.LeftTileStride;
            column.Result += column.Tiles * height * column.ResultStride;
            column.Start += column.Tiles * height * column.StartStride;
            tile = end;
        }
    }

    // A narrow product reads little but its left operand, one line of memory for each row of a tile. Rows that lie a multiple of 4 kilobytes apart have their lines in one set of the first-level
    // cache, which keeps eight on many processors; with twelve rows every read would go to the second level.
    private static int MaxTileRows(in GemmProblem problem)
    {
        const int LinesOfSet = 8;
        const int NumbersOfWay = 4096 / sizeof(float);
        int rows = GemmPanels<TSimd, TVector>.MaxTileRows;
        bool sharesSet = problem.Columns <= TSimd.Width && problem.LeftStepStride == 1 && problem.LeftRowStride % NumbersOfWay == 0;
        return sharesSet ? Math.Min(rows, LinesOfSet) : rows;
    }

    private static bool PaysToPackRight(in GemmProblem problem, in GemmBlocking blocking)
    {
        bool hasFewRows = problem.Rows <= 2 * GemmPanels<TSimd, TVector>.MaxTileRows;
        int unpacked = hasFewRows ? blocking.MaxUnpackedRightOfFew : blocking.MaxUnpackedRight;
        return (long)problem.Depth * problem.RightStride > unpacked
            || (problem.Rows >= ManyRows && problem.LeftRowsAdjacent && problem.Rows > problem.Columns);
    }
}
