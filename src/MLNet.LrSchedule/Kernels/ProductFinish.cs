namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// What is done with each block of a product's results as soon as they are final, while they are still in a near cache: an activation function, or its
/// slope. Element by element, so how the product is cut into blocks decides no bit. Tiles do what they can themselves.
/// </summary>
internal unsafe struct ProductFinish
{
    /// <summary>Finishes the block whose first element is at an offset in the whole result: (state, offset, stride, rows, columns). Null does nothing.</summary>
    public delegate*<void*, nint, nint, int, int, void> Block;

    /// <summary>The first argument, which lives until the product returns.</summary>
    public void* State;

    /// <summary>The first element of the whole result, of which a part of the product may be further on.</summary>
    public float* Origin;

    /// <summary>What it reads besides the results, laid out like them; null where there is nothing. Large products ask for it in good time.</summary>
    public float* Operand;

    /// <summary>What tiles do in its place.</summary>
    public TileEnd End;

    /// <summary>The update that tiles do in place of storing the results, the gradient of its weights, which are the operand; it lives until the product returns. Null where there is none.</summary>
    public TileUpdate* Update;

    /// <summary>A vector of each thread that receives what <see cref="MomentumEnd"/> adds up, for all columns; null where there is no update.</summary>
    public float* Differences;

    /// <summary>Receives the sums of the columns of finished results, each one chain over the rows; null where nobody asks.</summary>
    public float* Sums;

    /// <summary>Whether tiles add up the columns.</summary>
    public readonly bool TilesAddUp => Sums != null && End == TileEnd.RectifiedSlope;

    /// <summary>Has tiles whose results are final do what they can.</summary>
    /// <param name="tiles">The tiles.</param>
    /// <param name="firstColumn">Their first column, counted from that of <see cref="Sums"/>.</param>
    public readonly void Join(ref TileColumn tiles, int firstColumn)
    {
        tiles.End = End;
        tiles.ToOperand = Operand != null ? (nint)(Operand - Origin) : 0;
        tiles.Sums = TilesAddUp ? Sums + firstColumn : null;
        if (Update != null)
        {
            tiles.ToSlot = Update->ToSlot;
            tiles.Factors = Update->Factors;
            tiles.Sums = Differences;
        }
    }

    /// <summary>Finishes a block of results of tiles, where these have not.</summary>
    public readonly void ApplyToTiles(float* block, nint stride, int rows, int columns)
    {
        if (End == TileEnd.Plain)
        {
            Apply(block, stride, rows, columns);
        }
    }

    /// <summary>Finishes a block of results.</summary>
    public readonly void Apply(float* block, nint stride, int rows, int columns)
    {
        if (Block != null)
        {
            Block(State, (nint)(block - Origin), stride, rows, columns);
        }
    }
}
