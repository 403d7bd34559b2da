using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Inputs;

namespace MLNet.LrSchedule.Training;

/// <summary>Finds the pieces of <see cref="NumericEncoding.PiecewiseLinear"/>.</summary>
internal static class EncodingLearning
{
    /// <summary>A feature has a piece for so many rows, up to so many pieces;</summary>
    private const int RowsPerPiece = 300;
    private const int FewPieces = 8;

    /// <summary>and with very many a piece for so many rows beyond a number of rows, up to so many, as far as all features together stay below a number of pieces.</summary>
    private const int RowsOfFewPieces = 5_000;
    private const int RowsPerFurtherPiece = 600;
    private const int MostPieces = 48;
    private const int MostPiecesOfAll = 1024;

    private const int MostFeatures = 128;

    /// <summary>The features that are encoded, ascending; none where the rows are too few, or the features too many, and none of those embedded.</summary>
    public static EncodedFeature[] Learn(TrainingRows rows, RowPart part, FeatureMoments moments, params CategoricalRange[] embedded)
    {
        int numbers = 0;
        for (int i = 0; i < rows.FeatureCount; i++)
            numbers += IsNumber(i) ? 1 : 0;
        int pieces = Pieces(part.Count, numbers);
        if (rows.IsSparse || pieces < 2 || numbers > MostFeatures)
            return [];

        List<EncodedFeature> encoded = [];
        FeatureQuartiles.VisitSorted(rows, part, (feature, sorted) =>
        {
            if (IsNumber(feature) && Knots(sorted, pieces) is { } knots)
                encoded.Add(new EncodedFeature(feature, knots));
        });
        return [.. encoded];

        bool IsNumber(int feature) => !moments.IsIndicator(feature) && !moments.IsConstant(feature) && !Array.Exists(embedded, range => range.Contains(feature));
    }

    /// <summary>The pieces of each of so many features.</summary>
    internal static int Pieces(long rows, int features)
    {
        long few = Math.Min(FewPieces, rows / RowsPerPiece);
        long more = Math.Min(Math.Min(MostPieces, Math.Max(0, rows - RowsOfFewPieces) / RowsPerFurtherPiece), MostPiecesOfAll / Math.Max(1, features));
        return (int)Math.Max(few, more);
    }

    // Null where there are no two pieces.
    private static float[]? Knots(ReadOnlySpan<float> sorted, int pieces)
    {
        float[] knots = Quantiles(sorted, pieces);
        if (knots.Length <= pieces / 2)
            knots = Quantiles(Distinct(sorted), pieces);
        return EncodedFeature.AreKnots(knots) ? knots : null;
    }

    private static float[] Quantiles(ReadOnlySpan<float> sorted, int pieces)
    {
        if (sorted.IsEmpty)
            return [];
        var quantiles = new float[pieces + 1];
        for (int i = 0; i <= pieces; i++)
            quantiles[i] = sorted[(int)Math.Round((sorted.Length - 1.0) * i / pieces)];
        return Distinct(quantiles);
    }

    private static float[] Distinct(ReadOnlySpan<float> sorted)
    {
        List<float> distinct = [];
        foreach (float value in sorted)
        {
            if (distinct.Count == 0 || distinct[^1] != value)
                distinct.Add(value);
        }

        return [.. distinct];
    }
}
