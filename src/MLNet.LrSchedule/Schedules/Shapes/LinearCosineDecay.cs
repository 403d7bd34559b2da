namespace MLNet.LrSchedule.Schedules;

/// <summary>A cosine under a falling line: <c>initial ((alpha + 1 - progress) (1 + cos(2 pi periods progress)) / 2 + beta)</c>.</summary>
/// <remarks>
/// It starts at <c>initial (1 + alpha + beta)</c>. Bello et al., Neural Optimizer Search with Reinforcement Learning, ICML 2017; TensorFlow's <c>linear_cosine_decay</c>.
/// </remarks>
public sealed record LinearCosineDecay : WindowShape
{
    /// <summary>A cosine under a falling line: <c>initial ((alpha + 1 - progress) (1 + cos(2 pi periods progress)) / 2 + beta)</c>.</summary>
    /// <param name="initial">The scale of the curve; finite.</param>
    /// <param name="periods">Cosine waves over the window; finite and above 0. Default half a wave.</param>
    /// <param name="alpha">Added to the line; finite. Default 0.</param>
    /// <param name="beta">Added to the whole; finite. Default 0.001.</param>
    public LinearCosineDecay(double initial, double periods = 0.5, double alpha = 0, double beta = 0.001)
    {
        Initial = initial;
        Periods = periods;
        Alpha = alpha;
        Beta = beta;
    }

    /// <summary>The scale of the curve; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>Cosine waves over the window; finite and above 0. Default half a wave.</summary>
    public double Periods { get; init => field = Require.Positive(value, nameof(Periods)); }

    /// <summary>Added to the line; finite. Default 0.</summary>
    public double Alpha { get; init => field = Require.Finite(value, nameof(Alpha)); }

    /// <summary>Added to the whole; finite. Default 0.001.</summary>
    public double Beta { get; init => field = Require.Finite(value, nameof(Beta)); }

    /// <inheritdoc/>
    protected override double AtProgress(double progress) =>
        Initial * (((Alpha + 1 - progress) * (1 + PortableMath.CosPi(2 * Periods * progress)) / 2) + Beta);
}
