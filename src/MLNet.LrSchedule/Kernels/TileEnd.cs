namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// What tiles do with results that are final. Functions that take two instructions are done while the results are in registers: one more pass over a block of results, however near its cache,
/// took 1 to 3 % of a step. Others are applied to blocks, see <see cref="ProductFinish"/>.
/// </summary>
internal enum TileEnd
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary><see cref="Relu"/>.</summary>
    Rectified,

    /// <summary><see cref="ReluGradient"/>, whose second argument is the operand.</summary>
    RectifiedSlope,

    /// <summary><see cref="MomentumRule"/>: the results are the gradient of weights, which are updated in place of storing it.</summary>
    Momentum,
}
