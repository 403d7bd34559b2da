namespace MLNet.LrSchedule.Kernels;

/// <summary>A run of input columns of which each stands for a category, and the size of the table that has a row of numbers for each.</summary>
/// <param name="First">The first of the columns.</param>
/// <param name="Categories">Columns, one for each category.</param>
/// <param name="Dimension">Numbers of a row.</param>
/// <remarks>The table is [categories + 1 x dimension], row by row; its last row is that of inputs that are zero in all of the columns.</remarks>
internal readonly record struct EmbeddingTable(int First, int Categories, int Dimension)
{
    /// <summary>The column after the last.</summary>
    public int End => First + Categories;

    /// <summary>Numbers of the table.</summary>
    public int Length => checked((Categories + 1) * Dimension);
}
