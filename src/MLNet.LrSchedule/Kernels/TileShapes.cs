namespace MLNet.LrSchedule.Kernels;

/// <summary>The number of rows of a tile, known to the compiler.</summary>
internal interface ITileRows
{
    static abstract int Count { get; }
}

/// <summary>The number of column vectors of a tile, and whether the last of them is partial.</summary>
internal interface ITileColumns
{
    static abstract int Vectors { get; }

    static abstract bool Partial { get; }
}

/// <summary>How the left operand lies in memory.</summary>
internal interface ITileLayout
{
    /// <summary>True: rows are adjacent (LeftRowStride == 1). False: steps are adjacent (LeftStepStride == 1).</summary>
    static abstract bool RowsAdjacent { get; }
}

/// <summary>How many steps a tile takes, and what it does besides.</summary>
internal interface ITileDepth
{
    /// <summary>True: so many that the tile asks for what comes after it, in as many turns as it has rows.</summary>
    static abstract bool IsDeep { get; }

    /// <summary>True: the tile leaves a copy of the right operand, in the order in which it reads it, for those that come after it.</summary>
    static abstract bool PacksRight { get; }
}

internal readonly struct Rows1 : ITileRows
{
    public static int Count => 1;
}

internal readonly struct Rows2 : ITileRows
{
    public static int Count => 2;
}

internal readonly struct Rows3 : ITileRows
{
    public static int Count => 3;
}

internal readonly struct Rows4 : ITileRows
{
    public static int Count => 4;
}

internal readonly struct Rows5 : ITileRows
{
    public static int Count => 5;
}

internal readonly struct Rows6 : ITileRows
{
    public static int Count => 6;
}

internal readonly struct Rows7 : ITileRows
{
    public static int Count => 7;
}

internal readonly struct Rows8 : ITileRows
{
    public static int Count => 8;
}

internal readonly struct Rows9 : ITileRows
{
    public static int Count => 9;
}

internal readonly struct Rows10 : ITileRows
{
    public static int Count => 10;
}

internal readonly struct Rows11 : ITileRows
{
    public static int Count => 11;
}

internal readonly struct Rows12 : ITileRows
{
    public static int Count => 12;
}

internal readonly struct OneVector : ITileColumns
{
    public static int Vectors => 1;

    public static bool Partial => false;
}

internal readonly struct OnePartialVector : ITileColumns
{
    public static int Vectors => 1;

    public static bool Partial => true;
}

internal readonly struct TwoVectors : ITileColumns
{
    public static int Vectors => 2;

    public static bool Partial => false;
}

internal readonly struct TwoVectorsLastPartial : ITileColumns
{
    public static int Vectors => 2;

    public static bool Partial => true;
}

internal readonly struct FourVectors : ITileColumns
{
    public static int Vectors => 4;

    public static bool Partial => false;
}

/// <summary>Each with a mask of its own, of which the last may be empty.</summary>
internal readonly struct FourPartialVectors : ITileColumns
{
    public static int Vectors => 4;

    public static bool Partial => true;
}

internal readonly struct RowsAdjacent : ITileLayout
{
    static bool ITileLayout.RowsAdjacent => true;
}

internal readonly struct StepsAdjacent : ITileLayout
{
    static bool ITileLayout.RowsAdjacent => false;
}

internal readonly struct Deep : ITileDepth
{
    public static bool IsDeep => true;

    public static bool PacksRight => false;
}

internal readonly struct DeepAndPacking : ITileDepth
{
    public static bool IsDeep => true;

    public static bool PacksRight => true;
}

internal readonly struct Shallow : ITileDepth
{
    public static bool IsDeep => false;

    public static bool PacksRight => false;
}
