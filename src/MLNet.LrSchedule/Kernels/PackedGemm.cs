using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The loops around the tiles of a large product, on one thread: blocks of rows, blocks of steps, groups of panels of the right operand, tiles, panels. A group stays in the second-level
/// cache while every tile's part of the left operand passes by, which stays in the first-level cache for all panels of the group. Both are packed, the right one by the first tiles that
/// read it where that can be, and while tiles run, the memory of what comes next is asked for. A block of steps continues the chains from the stored partial results, as in
/// <see cref="Gemm{TSimd, TVector}"/>.
/// </summary>
internal static unsafe class PackedGemm<TSimd, TVector>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
{
    /// <summary>Whether copies of both operands cost less than they save.</summary>
    public static bool Pays(in GemmProblem problem, in GemmBlocking blocking) =>
        problem.Rows > 2 * GemmPanels<TSimd, TVector>.MaxTileRows
        && problem.Columns > 8 * TSimd.Width
        && (long)problem.Depth * problem.Columns > blocking.MaxUnpackedLeft;

    public static void Run(PackingBuffers buffers, in GemmProblem problem, in GemmBlocking blocking)
    {
        int depthBlock = GemmBlocking.Part(problem.Depth, blocking.MaxDepth);
        int rowBlock = GemmBlocking.Part(problem.Rows, Math.Max(1, blocking.MaxLeft / depthBlock));
        int panelColumns = GemmPanels<TSimd, TVector>.Columns;
        int panels = Math.Clamp(blocking.MaxRight / (depthBlock * panelColumns), 1, GemmBlocking.DivideUp(problem.Columns, panelColumns));
        Blocks blocks = new(depthBlock, panels * panelColumns, buffers.Left(depthBlock * rowBlock), buffers.Right(depthBlock * panels * panelColumns));
        for (int row = 0; row < problem.Rows; row += rowBlock)
        {
            RunRows(problem.SliceRows(row, Math.Min(rowBlock, problem.Rows - row)), blocks);
        }
    }

    private static void RunRows(in GemmProblem problem, in Blocks blocks)
    {
        TileHeights heights = new(problem.Rows, GemmPanels<TSimd, TVector>.MaxTileRows);
        for (int step = 0; step < problem.Depth; step += blocks.Depth)
        {
            for (int column = 0; column < problem.Columns; column += blocks.Columns)
            {
                RunGroup(problem, blocks, heights, step, column);
            }
        }
    }

    private static void RunGroup(in GemmProblem problem, in Blocks blocks, in TileHeights heights, int firstStep, int firstColumn)
    {
        int panelColumns = GemmPanels<TSimd, TVector>.Columns;
        int steps = Math.Min(blocks.Depth, problem.Depth - firstStep);
        int columns = Math.Min(blocks.Columns, problem.Columns - firstColumn);
        int panels = GemmBlocking.DivideUp(columns, panelColumns);
        bool isLast = firstStep + steps == problem.Depth;
        bool packsAlong = GemmPanels<TSimd, TVector>.PacksRightAlong(problem, steps);
        if (!packsAlong)
        {
            GemmPanels<TSimd, TVector>.PackRight(problem, firstColumn, columns, firstStep, steps, blocks.Right);
        }

        float* right = problem.Right + (firstStep * problem.RightStride) + firstColumn;
        AheadLines nextRight = GemmPanels<TSimd, TVector>.NextRightLines(problem, firstColumn + columns, blocks.Columns, firstStep, steps);
        nextRight.Divide(heights.Tiles * panels);
        TileColumn tile = new() { Depth = steps, Tiles = 1, LeftRowStride = 1, ResultStride = problem.ResultStride };
        float* left = blocks.Left;
        for (int i = 0; i < heights.Tiles; i++)
        {
            int row = heights.FirstRow(i);
            int height = heights.Height(i);
            if (firstColumn == 0)
            {
                GemmPanels<TSimd, TVector>.PackLeft(problem, row, height, firstStep, steps, left);
            }

            float* nextLeft = left + (height * steps);
            int nextHeight = i + 1 < heights.Tiles ? heights.Height(i + 1) : 0;
            tile.Ahead = firstColumn == 0
                ? GemmPanels<TSimd, TVector>.LeftLines(problem, row + height, nextHeight, firstStep, steps)
                : new AheadLines(nextLeft, 1, nextHeight * steps, 0);
            tile.Ahead.Divide(panels * height);
            float* results = problem.Result + (row * problem.ResultStride) + firstColumn;
            AheadLines operand = isLast && problem.Finish is { Operand: not null, End: TileEnd.Plain }
                ? new AheadLines(problem.Finish.Operand + (results - problem.Finish.Origin), height, columns, problem.ResultStride)
                : default;
            operand.Divide(panels, operand.Left);
            tile.Left = left;
            tile.LeftStepStride = height;
            for (int panel = 0; panel < panels; panel++)
            {
                int column = panel * panelColumns;
                nextRight.Ask();
                operand.Ask();
                float* packed = blocks.Right + (column * steps);
                bool packs = packsAlong && i == 0;
                tile.Packed = packs ? packed : null;
                tile.Right = packs ? right + column : packed;
                tile.RightStride = packs ? problem.RightStride : panelColumns;
                tile.Result = results + column;
                tile.Start = firstStep == 0 ? problem.Start + firstColumn + column : tile.Result;
                tile.StartStride = firstStep == 0 ? 0 : problem.ResultStride;
                if (isLast)
                {
                    problem.Finish.Join(ref tile, firstColumn + column);
                }

                TileDispatch<TSimd, TVector>.Run(ref tile, height, Math.Min(panelColumns, columns - column), rowsAdjacent: true);
            }

            if (isLast)
            {
                problem.Finish.ApplyToTiles(results, problem.ResultStride, height, columns);
            }

            left = nextLeft;
        }
    }

    // The sizes of what is packed at a time, and where.
    private readonly struct Blocks(int depth, int columns, float* left, float* right)
    {
        public int Depth => depth;

        public int Columns => columns;

        public float* Left => left;

        public float* Right => right;
    }
}
