namespace MLNet.LrSchedule.Kernels;

/// <summary>The sizes that decide how a product is cut and packed, in single-precision numbers. They decide the speed and never a bit of a result.</summary>
/// <param name="MaxDepth">Steps of one block: a tile's part of the left operand stays in the first-level cache.</param>
/// <param name="MaxLeft">Numbers in one packed block of rows of the left operand, which is read from the third-level cache, once for each group of panels.</param>
/// <param name="MaxRight">Numbers in one packed group of panels of the right operand, which stays in the second-level cache.</param>
/// <param name="MaxUnpackedRight">A right operand up to this size is read fast enough where it lies, unless very many rows pay for a copy of it.</param>
/// <param name="MaxUnpackedRightOfFew">
/// The same for few rows, which do not pay for a copy as such; but the tile that makes one asks for memory in good time, without which a matrix that comes from beyond the near caches takes up to
/// twice as long.
/// </param>
/// <param name="MaxUnpackedLeft">Up to this size of the right operand, the left one is not copied: too few panels would read the copy.</param>
internal readonly record struct GemmBlocking(int MaxDepth, int MaxLeft, int MaxRight, int MaxUnpackedRight, int MaxUnpackedRightOfFew, int MaxUnpackedLeft)
{
    /// <summary>Packed blocks are measured on 32 kilobytes of first-level and a megabyte of second-level cache, the rest on up to 48 kilobytes and two megabytes as well.</summary>
    public static GemmBlocking Default { get; } =
        new(MaxDepth: 512, MaxLeft: 1024 * 1024, MaxRight: 96 * 1024, MaxUnpackedRight: 256 * 1024, MaxUnpackedRightOfFew: 2 * 1024 * 1024, MaxUnpackedLeft: 512 * 1024);

    /// <summary>The length of each of as few equal parts as a maximum allows, of which the last may be shorter.</summary>
    public static int Part(int total, int maximum) => DivideUp(total, DivideUp(total, maximum));

    /// <summary>How many times the divisor goes into the number, a begun one counted.</summary>
    public static int DivideUp(int number, int divisor) => (number + divisor - 1) / divisor;
}
