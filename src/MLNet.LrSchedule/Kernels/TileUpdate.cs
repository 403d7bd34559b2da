namespace MLNet.LrSchedule.Kernels;

/// <summary>The update of weights by the tiles that make their gradient, see <see cref="TileEnd.Momentum"/>.</summary>
internal unsafe struct TileUpdate
{
    /// <summary>Momentum, factor of the gradient, factor of the slot: the numbers of <see cref="MomentumRule"/>.</summary>
    public fixed float Factors[3];

    /// <summary>From a weight to its slot.</summary>
    public nint ToSlot;

    /// <summary>1 from the first weight on that is no finite number after its update. Threads only ever write that.</summary>
    public int IsDivergent;
}
