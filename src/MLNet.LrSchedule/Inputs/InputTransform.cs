using System;
using System.Collections.Generic;
using System.Numerics;

namespace MLNet.LrSchedule.Inputs;

/// <summary>
/// What a network sees of a feature vector: (x - Offset) x Scale for each feature, squashed where <see cref="Squashes"/>, then 0 or 1 for each of
/// <see cref="Indicators"/>, then the pieces of each of <see cref="Encoded"/>. Where <see cref="Imputes"/>, a feature that is not finite has its Fill first. Features of
/// <see cref="Embedded"/> stay as they are, but for missing ones, which are 0 where <see cref="Imputes"/>.
/// </summary>
/// <remarks>Every number comes from one rounding after another, element by element, so that vectors of any width give the same bits.</remarks>
internal sealed class InputTransform
{
    /// <summary>Squashed values stay below this.</summary>
    internal const float Bound = 3;

    // Beyond it the square below would lose its meaning, and the squashed value is the bound itself in single precision.
    internal const float Largest = 1e6f;

    private readonly float[] _offsets;
    private readonly float[] _scales;
    private readonly float[] _fills;
    private readonly int[] _indicators;
    private readonly EncodedFeature[] _encoded;
    private readonly EncodedPieces _pieces;
    private readonly CategoricalRange[] _embedded;

    /// <param name="offsets">What is taken away from each feature; finite.</param>
    /// <param name="scales">What it is multiplied by then; finite, at least 0.</param>
    /// <param name="fills">What a missing feature is taken for; finite; empty where missing features stay missing.</param>
    /// <param name="indicators">The features that have an indicator, strictly ascending; none where missing features stay missing.</param>
    /// <param name="squashes">Whether y / sqrt(1 + (y / 3)²) follows.</param>
    /// <param name="embedded">The features that stay as they are, in their order.</param>
    /// <exception cref="ArgumentException">The numbers are out of these ranges.</exception>
    public InputTransform(float[] offsets, float[] scales, float[] fills, int[] indicators, bool squashes, params CategoricalRange[] embedded)
        : this(offsets, scales, fills, indicators, squashes, encoded: [], embedded)
    {
    }

    /// <param name="offsets">What is taken away from each feature; finite.</param>
    /// <param name="scales">What it is multiplied by then; finite, at least 0.</param>
    /// <param name="fills">What a missing feature is taken for; finite; empty where missing features stay missing.</param>
    /// <param name="indicators">The features that have an indicator, strictly ascending; none where missing features stay missing.</param>
    /// <param name="squashes">Whether y / sqrt(1 + (y / 3)²) follows.</param>
    /// <param name="encoded">The features that have an encoding, of the values as they come or are filled; strictly ascending.</param>
    /// <param name="embedded">The features that stay as they are, in their order.</param>
    /// <exception cref="ArgumentException">The numbers are out of these ranges.</exception>
    public InputTransform(float[] offsets, float[] scales, float[] fills, int[] indicators, bool squashes, EncodedFeature[] encoded, CategoricalRange[] embedded)
    {
        _offsets = offsets;
        _scales = scales;
        _fills = fills;
        _indicators = indicators;
        _encoded = encoded;
        _embedded = embedded;
        Squashes = squashes;
        if (scales.Length != offsets.Length || (fills.Length != 0 && fills.Length != offsets.Length))
            throw new ArgumentException($"There are {offsets.Length} offsets, but {scales.Length} scales and {fills.Length} fills.");
        for (int i = 0; i < offsets.Length; i++)
        {
            if (!float.IsFinite(offsets[i]) || !(scales[i] >= 0) || !float.IsFinite(scales[i]) || (fills.Length > 0 && !float.IsFinite(fills[i])))
                throw new ArgumentException($"Feature {i} has a number that is not finite, or a scale below 0.");
        }

        for (int i = 0; i < indicators.Length; i++)
        {
            if (fills.Length == 0 || indicators[i] >= offsets.Length || indicators[i] < (i == 0 ? 0 : indicators[i - 1] + 1))
                throw new ArgumentException("The indicators are not ascending numbers of features that can be missing.");
        }

        long end = 0;
        foreach (var range in embedded)
        {
            if (range.First < end || range.Count < 1 || (end = (long)range.First + range.Count) > offsets.Length)
                throw new ArgumentException($"The {range.Count} categories from feature {range.First} on are out of order, or beyond {offsets.Length} features.");
            if (offsets.AsSpan(range.First, range.Count).ContainsAnyExcept(0f))
                throw new ArgumentException($"The categories from feature {range.First} on have an offset.");
        }

        for (int i = 0; i < _encoded.Length; i++)
        {
            if (_encoded[i].Feature >= offsets.Length || _encoded[i].Feature < (i == 0 ? 0 : _encoded[i - 1].Feature + 1))
                throw new ArgumentException("The encoded features are not ascending numbers of features.");
        }

        _pieces = new EncodedPieces(_encoded);
        Width = checked(offsets.Length + indicators.Length + _pieces.Count);
        KeepsZeros = _encoded.Length == 0 && !offsets.AsSpan().ContainsAnyExcept(0f);
    }

    /// <summary>Length of the feature vectors that come in.</summary>
    public int Features => _offsets.Length;

    /// <summary>Length of what goes out.</summary>
    public int Width { get; }

    public ReadOnlySpan<float> Offsets => _offsets;

    public ReadOnlySpan<float> Scales => _scales;

    public ReadOnlySpan<float> Fills => _fills;

    public IReadOnlyList<int> Indicators => _indicators;

    public IReadOnlyList<EncodedFeature> Encoded => _encoded;

    public bool Squashes { get; }

    /// <summary>The features that stay as they are, because the network looks them up.</summary>
    public IReadOnlyList<CategoricalRange> Embedded => _embedded;

    /// <summary>Whether features that are not finite are replaced.</summary>
    public bool Imputes => _fills.Length > 0;

    /// <summary>Whether 0 goes to 0 for every feature, so that a sparse row stays as sparse as it is.</summary>
    public bool KeepsZeros { get; }

    /// <summary>Transforms a row.</summary>
    /// <param name="features">As long as <see cref="Features"/>.</param>
    /// <param name="inputs">Receives <see cref="Width"/> numbers; another place than the features.</param>
    public void Apply(ReadOnlySpan<float> features, Span<float> inputs)
    {
        int i = 0;
        for (; i <= Features - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(features[i..]);
            if (Imputes)
                x = Vector.ConditionalSelect(Vector.LessThanOrEqual(Vector.Abs(x), new Vector<float>(float.MaxValue)), x, new Vector<float>(_fills, i));
            var y = (x - new Vector<float>(_offsets, i)) * new Vector<float>(_scales, i);
            (Squashes ? Squash(y) : y).CopyTo(inputs[i..]);
        }

        for (; i < Features; i++)
            inputs[i] = Of(i, features[i]);
        foreach (var range in _embedded)
        {
            for (int j = range.First; j < range.First + range.Count; j++)
                inputs[j] = OfEmbedded(features[j]);
        }

        for (int j = 0; j < _indicators.Length; j++)
            inputs[Features + j] = float.IsFinite(features[_indicators[j]]) ? 0 : 1;
        int first = Features + _indicators.Length, next = first;
        foreach (var encoded in _encoded)
        {
            EncodedPieces.Spread(Filled(encoded.Feature, features[encoded.Feature]), encoded.Pieces, inputs[next..Width]);
            next += encoded.Pieces;
        }

        _pieces.Encode(inputs[first..Width]);
    }

    /// <summary>Transforms a sparse row where <see cref="KeepsZeros"/>, to the bits of the same row made dense.</summary>
    /// <param name="columns">The columns of the stored elements, strictly ascending.</param>
    /// <param name="values">The elements.</param>
    /// <param name="inputColumns">Receives columns; at least as long as the row has elements, and indicators besides.</param>
    /// <param name="inputValues">Receives elements; as long.</param>
    /// <returns>The number of elements that go out.</returns>
    public int Apply(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<int> inputColumns, Span<float> inputValues)
    {
        if (!KeepsZeros)
            throw new InvalidOperationException("A transform with offsets leaves no zeros to leave out.");
        for (int i = 0, range = 0; i < columns.Length; i++)
        {
            while (range < _embedded.Length && columns[i] >= _embedded[range].First + _embedded[range].Count)
                range++;
            bool isEmbedded = range < _embedded.Length && _embedded[range].Contains(columns[i]);
            inputColumns[i] = columns[i];
            inputValues[i] = isEmbedded ? OfEmbedded(values[i]) : Of(columns[i], values[i]);
        }

        int count = columns.Length;
        for (int i = 0, j = 0; i < columns.Length && j < _indicators.Length; i++)
        {
            while (j < _indicators.Length && _indicators[j] < columns[i])
                j++;
            if (j == _indicators.Length || _indicators[j] != columns[i] || float.IsFinite(values[i]))
                continue;
            inputColumns[count] = Features + j;
            inputValues[count++] = 1;
        }

        return count;
    }

    private float OfEmbedded(float value) => Imputes && !float.IsFinite(value) ? 0 : value;

    private float Of(int feature, float value)
    {
        float y = (Filled(feature, value) - _offsets[feature]) * _scales[feature];
        return Squashes ? Squash(new Vector<float>(y))[0] : y;
    }

    private float Filled(int feature, float value) => Imputes && !float.IsFinite(value) ? _fills[feature] : value;

    // Comparisons with NaN are false, so that NaN stays.
    private static Vector<float> Squash(Vector<float> y)
    {
        Vector<float> largest = new(Largest);
        y = Vector.ConditionalSelect(Vector.GreaterThan(y, largest), largest, y);
        y = Vector.ConditionalSelect(Vector.LessThan(y, -largest), -largest, y);
        var share = y / new Vector<float>(Bound);
        return y / Vector.SquareRoot(Vector<float>.One + (share * share));
    }
}
