namespace MLNet.LrSchedule.Kernels;

/// <summary>One column of register tiles: result[rows x columns] = start + left[rows x depth] * right[depth x columns], <see cref="Tiles"/> tiles high.</summary>
internal unsafe struct TileColumn
{
    /// <summary>Element (row, step) of the left operand is at row * LeftRowStride + step * LeftStepStride.</summary>
    public float* Left;
    public nint LeftRowStride;
    public nint LeftStepStride;

    /// <summary>From the left operand of one tile to that of the next.</summary>
    public nint LeftTileStride;

    /// <summary>Element (step, column) of the right operand is at step * RightStride + column.</summary>
    public float* Right;
    public nint RightStride;

    /// <summary>Where the tiles, which must be deep, leave a copy of the right operand, two vectors a step; null where none is wanted.</summary>
    public float* Packed;

    /// <summary>Where each chain starts, laid out like the result. A row stride of 0 gives every row the same start: the biases, or zeros.</summary>
    public float* Start;
    public nint StartStride;

    public float* Result;
    public nint ResultStride;

    /// <summary>The number of steps k that are accumulated; 0 or more.</summary>
    public int Depth;

    public int Tiles;

    /// <summary>What the tiles do with their results.</summary>
    public TileEnd End;

    /// <summary>From a result to its operand, where <see cref="End"/> takes one.</summary>
    public nint ToOperand;

    /// <summary>From an operand to its slot, where tiles update the operand, see <see cref="TileUpdate"/>.</summary>
    public nint ToSlot;

    /// <summary>The numbers of that update.</summary>
    public float* Factors;

    /// <summary>What the columns of earlier results add up to, row after row; null where nobody asks. Only with a slope, and in an update, which has one vector for all columns.</summary>
    public float* Sums;

    /// <summary>What is needed after these tiles; deep ones ask for it as they go along.</summary>
    public AheadLines Ahead;

    /// <summary>How many columns of the last vector exist: 1 to the vector's width.</summary>
    public int LastColumns;
}
