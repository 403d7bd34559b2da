using System;

namespace MLNet.LrSchedule.Inputs;

/// <summary>A feature with a piecewise linear encoding (<see cref="NumericEncoding.PiecewiseLinear"/>).</summary>
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

    /// <param name="value">The feature; one that is NaN makes every input NaN.</param>
    /// <param name="inputs">Receives a number for each piece.</param>
    public void Apply(float value, Span<float> inputs)
    {
        int last = Pieces - 1;
        for (int i = 0; i <= last; i++)
        {
            float share = (value - _knots[i]) / (_knots[i + 1] - _knots[i]);
            inputs[i] = (2 * Math.Min(Math.Max(share, i == 0 ? -1 : 0), i == last ? 2 : 1)) - 1;
        }
    }
}
