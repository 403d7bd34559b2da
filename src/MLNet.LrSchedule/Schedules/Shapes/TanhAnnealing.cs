using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A hyperbolic tangent over the window: <c>to + (from - to) (1 - tanh(lower (1 - progress) + upper progress)) / 2</c>.</summary>
/// <remarks>
/// It starts a little below <c>from</c> and comes within <c>(1 - tanh upper) / 2</c> of <c>to</c> (with the defaults 0.25 % of the way is left); at the end of the window it is <c>to</c>.
/// Hsueh, Li and Wu, Stochastic Gradient Descent with Hyperbolic-Tangent Decay on Classification, WACV 2019.
/// </remarks>
public sealed record TanhAnnealing : WindowShape
{
    /// <summary>A hyperbolic tangent over the window: <c>to + (from - to) (1 - tanh(lower (1 - progress) + upper progress)) / 2</c>.</summary>
    /// <param name="from">Value the curve starts from; finite.</param>
    /// <param name="to">Value at the end of the window and from there on; finite.</param>
    /// <param name="lower">Argument of the tangent at step 0; finite and below the upper one. Default -7.</param>
    /// <param name="upper">Argument of the tangent at the end; finite. Default 3.</param>
    public TanhAnnealing(double from, double to, double lower = -7, double upper = 3)
    {
        From = from;
        To = to;
        Lower = lower;
        Upper = lower < upper ? upper : throw new ArgumentOutOfRangeException(nameof(upper), upper, "The upper argument must be above the lower one.");
    }

    /// <summary>Value the curve starts from; finite.</summary>
    public double From { get; init => field = Require.Finite(value, nameof(From)); }

    /// <summary>Value at the end of the window and from there on; finite.</summary>
    public double To { get; init => field = Require.Finite(value, nameof(To)); }

    /// <summary>Argument of the tangent at step 0; finite and below the upper one. Default -7.</summary>
    public double Lower { get; init => field = Require.Finite(value, nameof(Lower)); }

    /// <summary>Argument of the tangent at the end; finite. Default 3.</summary>
    public double Upper { get; init => field = Require.Finite(value, nameof(Upper)); }

    /// <inheritdoc/>
    protected override double AtProgress(double progress) => progress == 1
        ? To
        : Blend.Between(To, From, PortableMath.HalfComplementOfTanh((Lower * (1 - progress)) + (Upper * progress)));
}
