namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Rows divided into as few tiles as the tallest tile allows, all of nearly equal height: the taller ones first, one row more than the others. So no
/// left-over row runs on a tile too low to fill the pipelines.
/// </summary>
internal readonly struct TileHeights
{
    public TileHeights(int rows, int maxHeight)
    {
        Tiles = (rows + maxHeight - 1) / maxHeight;
        Low = rows / Tiles;
        NumberOfHigh = rows % Tiles;
    }

    public int Tiles { get; }

    /// <summary>Height of the lower tiles; the others have one row more.</summary>
    public int Low { get; }

    public int NumberOfHigh { get; }

    public int Height(int tile) => tile < NumberOfHigh ? Low + 1 : Low;

    public int FirstRow(int tile) => (tile * Low) + (tile < NumberOfHigh ? tile : NumberOfHigh);
}
