using System;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// Learns a row of numbers for each category, in place of the column of its own that one-hot encoding gives it. What the categories are is read from the
/// annotation <c>CategoricalSlotRanges</c> of the feature column, which ML.NET's one-hot encoding makes and <c>Concatenate</c> keeps.
/// </summary>
/// <remarks>
/// <para>A row of zeros, which one-hot encoding makes of a value that is missing or was not seen in training, has numbers of its own; they learn from the
/// rows that have none of the categories and, by <see cref="MaskingProbability"/>, from others. Several columns that are not zero, or values other than 1
/// (a bag of categories, or a column that was permuted), give the sum of value x numbers over those columns.</para>
/// <para>The numbers start normal with mean 0 and variance 1 / dimension, cut at two standard deviations; those of a row of zeros start at 0. Features
/// that are embedded are never scaled, and with <see cref="TrainingRecipe.MissingValues"/> other than skipping, one that is NaN counts as 0. Guo and
/// Berkhahn, Entity Embeddings of Categorical Variables, arXiv:1604.06737, 2016.</para>
/// </remarks>
/// <example><code>CategoricalEmbeddings = new CategoricalEmbeddings { MinimumCategories = 9 }</code></example>
public sealed record CategoricalEmbeddings
{
    /// <summary>The largest dimension of the rule.</summary>
    private const int LargestByRule = 600;

    /// <summary>
    /// Numbers for each category. Null (the default) goes by the rule of fastai's tabular models, min(600, round(1.6 n^0.56)), with n the categories and
    /// one more for none of them. Range: 1 to 65,536.
    /// </summary>
    public int? Dimension
    {
        get;
        init => field = value is null or (>= 1 and <= MaximumDimension)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Dimension), value, $"An embedding has 1 to {MaximumDimension:N0} numbers.");
    }

    /// <summary>
    /// Ranges of fewer categories stay one-hot. Default: 1, which embeds all. Range: at least 1. (Holzmüller, Grinsztajn and Steinwart, NeurIPS 2024, embed
    /// from 9 categories on.)
    /// </summary>
    public int MinimumCategories
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MinimumCategories), value, "MinimumCategories must be at least 1.");
    } = 1;

    /// <summary>
    /// How often training takes a row's category for none, at random and for each range apart, so that the numbers of a missing or unseen category are
    /// learnt where the training rows have none. Range: 0 (never) to below 1. Default: 0.1.
    /// </summary>
    /// <remarks>
    /// The other numbers are no worse for it: like dropout it keeps the network from leaning on one category. Of 0, 0.02, 0.05, 0.1 and 0.2, 0.1 gave the
    /// lowest log-loss on the public tables adult and german (<c>-- embeddings</c> of the benchmarks).
    /// </remarks>
    public double MaskingProbability
    {
        get;
        init => field = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaskingProbability), value, "The probability must be at least 0 and below 1.");
    } = 0.1;

    /// <summary>
    /// What the learning rate of the embeddings is multiplied by, over training time. Values of at least 0. Default: 1. Zero keeps them as they are.
    /// </summary>
    /// <remarks><see cref="HiddenLayerList.WithLayerwiseDecay"/> does not touch it.</remarks>
    public Schedule LearningRateMultiplier
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(LearningRateMultiplier));
    } = 1.0;

    private const int MaximumDimension = 1 << 16;

    /// <summary>Numbers for each of so many categories.</summary>
    internal int DimensionOf(int categories) =>
        Dimension ?? (int)Math.Min(LargestByRule, Math.Round(1.6 * PortableMath.Pow(categories + 1.0, 0.56)));
}
