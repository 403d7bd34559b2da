using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Inputs;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// Learns a recipe's <see cref="InputTransform"/> from the rows that are trained on, in their order and in double precision: one pass for means and
/// ranges, one for deviations or, for groups of features, one for quartiles. Only sums are held, and the values of one group.
/// </summary>
internal static class InputLearning
{
    /// <summary>The transform; null where the recipe asks for none.</summary>
    /// <param name="recipe">What is asked for.</param>
    /// <param name="rows">The rows of which <paramref name="part"/> is a part.</param>
    /// <param name="part">The rows to learn from.</param>
    /// <param name="warn">Told of features without a single value.</param>
    /// <param name="embedded">The features that are looked up and not multiplied, which stay as they are; a missing one counts as 0.</param>
    public static InputTransform? Learn(TrainingRecipe recipe, TrainingRows rows, RowPart part, Action<string> warn, params CategoricalRange[] embedded)
    {
        if (recipe is { FeatureScaling: FeatureScaling.None, MissingValues: MissingValues.Skip, NumericEncoding: NumericEncoding.None })
            return null;

        bool keepsZeros = rows.IsSparse;
        var moments = FeatureMoments.Of(rows, part, withDeviations: recipe.FeatureScaling is FeatureScaling.Standardize or FeatureScaling.StandardizeNumbers);
        int count = rows.FeatureCount;
        var (offsets, scales) = (new float[count], new float[count]);
        switch (recipe.FeatureScaling)
        {
            case FeatureScaling.None:
                scales.AsSpan().Fill(1);
                break;
            case FeatureScaling.Standardize:
                for (int i = 0; i < count; i++)
                    (offsets[i], scales[i]) = ((float)moments.Means[i], moments.IsConstant(i) ? 0 : Inverse(moments.Deviations[i]));
                break;
            case FeatureScaling.StandardizeNumbers when keepsZeros:
                for (int i = 0; i < count; i++)
                    scales[i] = moments.IsConstant(i) ? 0 : Inverse(Math.Max(1, moments.Largest(i)));
                break;
            case FeatureScaling.StandardizeNumbers:
                for (int i = 0; i < count; i++)
                {
                    (offsets[i], scales[i]) = moments.IsConstant(i) ? ((float)moments.Means[i], 0)
                        : moments.IsIndicator(i) ? (0, 1)
                        : ((float)moments.Means[i], Inverse(moments.Deviations[i]));
                }

                break;
            case FeatureScaling.Robust when keepsZeros:
                for (int i = 0; i < count; i++)
                    scales[i] = moments.IsConstant(i) ? 0 : Inverse(moments.Range(i) / 2);
                break;
            case FeatureScaling.Robust:
                FeatureQuartiles.Visit(rows, part, (feature, quartiles) =>
                {
                    double width = quartiles.Third - quartiles.First;
                    offsets[feature] = (float)quartiles.Median;
                    scales[feature] = moments.IsConstant(feature) ? 0 : Inverse(width > 0 ? width : moments.Range(feature) / 2);
                });
                break;
            default:
                throw new InvalidOperationException($"There is no scaling {recipe.FeatureScaling}.");
        }

        if (keepsZeros)
            offsets.AsSpan().Clear();
        foreach (var range in embedded)
        {
            offsets.AsSpan(range.First, range.Count).Clear();
            scales.AsSpan(range.First, range.Count).Fill(1);
            moments.Means.AsSpan(range.First, range.Count).Clear();
        }

        EncodedFeature[] encoded = recipe.NumericEncoding == NumericEncoding.PiecewiseLinear ? EncodingLearning.Learn(rows, part, moments, embedded) : [];
        if (recipe.MissingValues == MissingValues.Skip)
            return new InputTransform(offsets, scales, [], [], recipe.FeatureScaling == FeatureScaling.Robust, encoded, embedded);

        WarnOfEmpty(moments, warn);
        int[] indicators = recipe.MissingValues == MissingValues.MeanAndIndicator
            ? [.. Enumerable.Range(0, count).Where(feature => moments.Missing[feature] > 0 && !embedded.Any(range => range.Contains(feature)))]
            : [];
        return new InputTransform(
            offsets, scales, [.. moments.Means.Select(mean => (float)mean)], indicators, recipe.FeatureScaling == FeatureScaling.Robust, encoded, embedded);
    }

    // A deviation so small that its inverse is no number is that of a feature which is constant but for rounding.
    private static float Inverse(double width) => (float)(1 / width) is var inverse && float.IsFinite(inverse) ? inverse : 0;

    private static void WarnOfEmpty(FeatureMoments moments, Action<string> warn)
    {
        int[] empty = [.. Enumerable.Range(0, moments.Missing.Length).Where(moments.IsEmpty)];
        if (empty.Length > 0)
        {
            IEnumerable<string> named = empty.Take(10).Select(feature => feature.ToString(System.Globalization.CultureInfo.InvariantCulture));
            warn($"Missing in every training row and taken for 0: feature {string.Join(", ", named)}{(empty.Length > 10 ? $" and {empty.Length - 10} more" : "")}.");
        }
    }
}
