using System;
using System.Runtime.Intrinsics.Arm;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Operands in the order in which tiles read them, and where that order is made from. Of the right operand, a panel is two column vectors wide.</summary>
internal static unsafe class GemmPanels<TSimd, TVector>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
{
    /// <summary>Accumulators, two column vectors and a broadcast must fit the register file: 32 registers with AVX-512 and on ARM, 16 elsewhere.</summary>
    public static int MaxTileRows => TSimd.Width == Simd512.Width || AdvSimd.IsSupported ? 12 : 6;

    /// <summary>Columns of a panel.</summary>
    public static int Columns => 2 * TSimd.Width;

    /// <summary>The part of the left operand that a tile needs: its rows adjacent, one step after the other.</summary>
    public static void PackLeft(in GemmProblem problem, int firstRow, int height, int firstStep, int steps, float* packed)
    {
        float* left = problem.Left + (firstRow * problem.LeftRowStride) + (firstStep * problem.LeftStepStride);
        if (problem.LeftRowsAdjacent)
        {
            GemmPacking.Copy(left, problem.LeftStepStride, packed, height, height, steps);
            return;
        }

        GemmPacking.Transpose(left, problem.LeftRowStride, packed, height, height, steps);
    }

    /// <summary>The memory that <see cref="PackLeft"/> reads after the tile before.</summary>
    public static AheadLines LeftLines(in GemmProblem problem, int firstRow, int height, int firstStep, int steps)
    {
        float* left = problem.Left + (firstRow * problem.LeftRowStride) + (firstStep * problem.LeftStepStride);

        // Adjacent rows of a step are less than a line of memory. If they go on into a line that the tile before has not read, the last row is there.
        return problem.LeftRowsAdjacent
            ? new AheadLines(left + height - 1, height > 0 ? steps : 0, 1, problem.LeftStepStride)
            : new AheadLines(left, height, steps, problem.LeftRowStride);
    }

    /// <summary>Panel after panel, each one step after the other. Lanes beyond the last column stay as they are.</summary>
    public static void PackRight(in GemmProblem problem, int firstColumn, int columns, int firstStep, int steps, float* packed)
    {
        if (!problem.RightTransposed)
        {
            float* block = problem.Right + (firstStep * problem.RightStride) + firstColumn;
            GemmPacking.CopyPanels(block, problem.RightStride, packed, Columns, columns, steps);
            return;
        }

        float* rows = problem.Right + (firstColumn * problem.RightStride) + firstStep;
        for (int column = 0; column < columns; column += Columns)
        {
            int lanes = Math.Min(Columns, columns - column);
            GemmPacking.Transpose(rows + (column * problem.RightStride), problem.RightStride, packed + (column * steps), Columns, lanes, steps);
        }
    }

    /// <summary>
    /// Whether the first tile of a panel reads the right operand where it lies and packs it as it goes along: it has the vectors in registers, and its multiplications take longer than
    /// storing them.
    /// </summary>
    public static bool PacksRightAlong(in GemmProblem problem, int steps) => !problem.RightTransposed && steps >= TileDispatch<TSimd, TVector>.MinDeep;

    /// <summary>The memory that <see cref="PackRight"/> reads.</summary>
    public static AheadLines RightLines(in GemmProblem problem, int firstColumn, int columns, int firstStep, int steps) =>
        problem.RightTransposed
            ? new AheadLines(problem.Right + (firstColumn * problem.RightStride) + firstStep, columns, steps, problem.RightStride)
            : new AheadLines(problem.Right + (firstStep * problem.RightStride) + firstColumn, steps, columns, problem.RightStride);

    /// <summary>The memory of what is packed after a group of panels: the next group of the same steps, or the first of the next block of steps; nothing after the last.</summary>
    /// <param name="problem">The product.</param>
    /// <param name="nextColumn">The column behind the group.</param>
    /// <param name="groupColumns">Columns of a whole group.</param>
    /// <param name="firstStep">The first step of the block.</param>
    /// <param name="steps">Steps of the block.</param>
    public static AheadLines NextRightLines(in GemmProblem problem, int nextColumn, int groupColumns, int firstStep, int steps)
    {
        if (nextColumn >= problem.Columns)
        {
            nextColumn = 0;
            firstStep += steps;
        }

        return firstStep < problem.Depth
            ? RightLines(problem, nextColumn, Math.Min(groupColumns, problem.Columns - nextColumn), firstStep, Math.Min(steps, problem.Depth - firstStep))
            : default;
    }
}
