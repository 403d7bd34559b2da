namespace MLNet.LrSchedule.Optimizers;

/// <summary>The two definitions of momentum. They are the same while the learning rate is constant, and differ once it changes.</summary>
/// <remarks>m is the momentum, g the gradient, w a weight.</remarks>
public enum MomentumConvention
{
    /// <summary>
    /// v = m v - rate g, then w = w + v: past updates keep the rate they were made with. Keras; Sutskever et al., ICML 2013.
    /// With Nesterov, w = w + m v - rate g.
    /// </summary>
    Velocity,

    /// <summary>
    /// b = m b + g, then w = w - rate b: a drop of the rate shrinks past gradients at once. PyTorch. The first b is g.
    /// With Nesterov, w = w - rate (g + m b).
    /// </summary>
    GradientBuffer,
}
