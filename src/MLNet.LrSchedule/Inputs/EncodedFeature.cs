using System;

namespace MLNet.LrSchedule.Inputs;

/// <summary>A feature with a piecewise linear encoding (<see cref="NumericEncoding.PiecewiseLinear"/>), which <see cref="EncodedPieces"/> computes.</summary>
internal sealed class EncodedFeature
{
    private readonly float[] _knots;

    /// <param name="feature">The number of the feature.</param>
    /// <param name="knots">Where its pieces begin and end: at least three, finite, strictly ascending, with differences that are numbers.</param>
    /// <exception cref="ArgumentException">The knots are otherwise.</exception>
    public EncodedFeature(int feature, float[] knots)
    {
        Feature = feature;
        _knots = knots;
        if (!AreKnots(knots))
            throw new ArgumentException($"Feature {feature} has knots that are fewer than three, not ascending or not finite.");
    }

    public int Feature { get; }

    public ReadOnlySpan<float> Knots => _knots;

    public int Pieces => _knots.Length - 1;

    public static bool AreKnots(ReadOnlySpan<float> knots)
    {
        for (int i = 0; i + 1 < knots.Length; i++)
        {
            if (!(knots[i] < knots[i + 1]) || !float.IsFinite(knots[i + 1] - knots[i]))
                return false;
        }

        return knots.Length > 2 && float.IsFinite(knots[0]) && float.IsFinite(knots[^1]);
    }
}
