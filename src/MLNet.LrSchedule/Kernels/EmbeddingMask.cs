namespace MLNet.LrSchedule.Kernels;

/// <summary>Which tables are taken for empty in which rows of a batch, at random: a hash of key, row and table, as in <see cref="DropoutKernels"/>.</summary>
/// <param name="Key">Decides the mask.</param>
/// <param name="Rate">Share of rows in which a table is masked, 0 to below 1.</param>
internal readonly record struct EmbeddingMask(ulong Key, double Rate)
{
    public static EmbeddingMask None => default;

    public bool IsMasked(int row, int table, int tables) => Rate > 0 && !DropoutKernels.IsKept(Key, unchecked((row * tables) + table), Rate);
}
