namespace MLNet.LrSchedule.Kernels;

/// <summary>The update of weights by the tiles that make their gradient, see <see cref="TileEnd.Momentum"/>.</summary>
internal unsafe struct TileUpdate
{
    /// <summary>Momentum, factor of the gradient, factor of the slot: the numbers of <see cref="MomentumRule"/>.</summary>
    public fixed float Factors[3];

    /// <summary>From a weight to its slot.</summary>
    public nint ToSlot;

    /// <summary>1 after the product if a weight is no finite number then, otherwise 0. Threads only ever write 1.</summary>
    public int IsDivergent;
}
