namespace MLNet.LrSchedule.Inputs;

/// <summary>What more a network sees of features that are numbers, so that it learns steep and bent dependencies as trees do.</summary>
public enum NumericEncoding
{
    /// <summary>Nothing more.</summary>
    None,

    /// <summary>
    /// The piecewise linear encoding: the range of a feature is cut at quantiles of the training rows, and each piece from a to b brings one more input,
    /// -1 for x up to a, 1 from b on, 2 (x - a) / (b - a) - 1 between; the outermost pieces go on for one piece's width beyond the range. A feature
    /// has a piece for 300 training rows, up to 8, or one for 600 of those beyond 5,000 where these are more, up to 48 and to 1,024 of all features together; so fewer than 600 rows are not encoded; nor are features of two values or fewer. Where quantiles fall
    /// together because one value is frequent, the cuts are quantiles of the distinct values. Gorishniy, Rubachev and Babenko, On Embeddings for Numerical
    /// Features in Tabular Deep Learning, NeurIPS 2022.
    /// </summary>
    /// <remarks>
    /// The feature itself stays, scaled as <see cref="FeatureScaling"/> says. Rows that are stored sparse, and those with more than 128 features to encode, are
    /// not encoded: their inputs would become too many. Quantiles are exact up to 65,536 training rows and taken from as many evenly spaced ones beyond.
    /// </remarks>
    PiecewiseLinear,
}
