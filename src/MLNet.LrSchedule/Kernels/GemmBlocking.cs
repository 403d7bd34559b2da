namespace MLNet.LrSchedule.Kernels;

/// <summary>The sizes that decide how a product is cut and packed, in single-precision numbers. They decide the speed and never a bit of a result.</summary>
/// <param name="MaxDepth">Steps of one block: a tile's part of the left operand stays in the first-level cache.</param>
/// <param name="MaxLeft">Numbers in one packed block of rows of the left operand, which stays in the second-level cache.</param>
/// <param name="MaxUnpackedRight">Up to this size a right operand is read fast enough where it lies, and neither operand is packed.</param>
internal readonly record struct GemmBlocking(int MaxDepth, int MaxLeft, int MaxUnpackedRight)
{
    /// <summary>Measured on 48 kilobytes of first-level and one megabyte of second-level cache.</summary>
    public static GemmBlocking Default { get; } = new(MaxDepth: 512, MaxLeft: 192 * 1024, MaxUnpackedRight: 512 * 1024);
}
