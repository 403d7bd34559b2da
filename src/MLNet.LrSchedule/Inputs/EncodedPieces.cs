using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace MLNet.LrSchedule.Inputs;

/// <summary>
/// The pieces of all encoded features in one row: 2 c - 1, where c is the share of the piece that lies below the value, at least 0 and at most 1, but for the
/// first piece, which goes on down to -1, and the last, up to 2. Whole vectors at a time: divisions one by one took a fifth of the training with the default options.
/// </summary>
internal sealed class EncodedPieces
{
    // One of each per piece.
    private readonly float[] _starts;
    private readonly float[] _lengths;
    private readonly float[] _lowest;
    private readonly float[] _highest;

    /// <param name="encoded">The features, in the order of their pieces.</param>
    public EncodedPieces(IReadOnlyList<EncodedFeature> encoded)
    {
        int count = encoded.Sum(feature => feature.Pieces);
        _starts = new float[count];
        _lengths = new float[count];
        _lowest = new float[count];
        _highest = new float[count];
        int piece = 0;
        foreach (var feature in encoded)
        {
            var knots = feature.Knots;
            for (int i = 0; i < feature.Pieces; i++, piece++)
            {
                _starts[piece] = knots[i];
                _lengths[piece] = knots[i + 1] - knots[i];
                _lowest[piece] = i == 0 ? -1 : 0;
                _highest[piece] = i == feature.Pieces - 1 ? 2 : 1;
            }
        }
    }

    /// <summary>Number of pieces.</summary>
    public int Count => _starts.Length;

    /// <summary>Puts a feature's value where its pieces are to be, before <see cref="Encode"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="count">The feature's number of pieces.</param>
    /// <param name="pieces">The place of its first piece and all after it, which features that come later overwrite.</param>
    public static void Spread(float value, int count, Span<float> pieces)
    {
        int i = 0;
        for (; i < count && i <= pieces.Length - Vector<float>.Count; i += Vector<float>.Count)
            new Vector<float>(value).CopyTo(pieces[i..]);
        for (; i < count; i++)
            pieces[i] = value;
    }

    /// <summary>Makes values into pieces, in place; NaN stays.</summary>
    /// <param name="pieces">One per piece.</param>
    public void Encode(Span<float> pieces)
    {
        int i = 0;
        for (; i <= Count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var share = (new Vector<float>(pieces[i..]) - new Vector<float>(_starts, i)) / new Vector<float>(_lengths, i);
            Vector<float> lowest = new(_lowest, i), highest = new(_highest, i);
            share = Vector.ConditionalSelect(Vector.LessThan(share, lowest), lowest, share);
            share = Vector.ConditionalSelect(Vector.GreaterThan(share, highest), highest, share);
            (share + share - Vector<float>.One).CopyTo(pieces[i..]);
        }

        for (; i < Count; i++)
        {
            float share = (pieces[i] - _starts[i]) / _lengths[i];
            share = share < _lowest[i] ? _lowest[i] : share;
            share = share > _highest[i] ? _highest[i] : share;
            pieces[i] = share + share - 1;
        }
    }
}
