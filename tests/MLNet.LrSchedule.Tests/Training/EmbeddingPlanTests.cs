using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>Which ranges are embedded, in how many numbers, and what is refused.</summary>
public sealed class EmbeddingPlanTests
{
    private static readonly CategoricalRange[] _ranges = [new(2, 60), new(63, 30), new(93, 2)];

    [Fact]
    public void Sizes_go_by_the_published_rule_or_by_option()
    {
        // 1.6 x 3^0.56 and so on, computed by hand: 2.96, 5.81, 10.95, 15.99.
        Assert.Equal([3, 6, 11, 16], new[] { 2, 9, 30, 60 }.Select(new CategoricalEmbeddings().DimensionOf));
        Assert.Equal(600, new CategoricalEmbeddings().DimensionOf(1_000_000));
        Assert.Equal(1, new CategoricalEmbeddings { Dimension = 1 }.DimensionOf(1_000_000));
        Assert.Equal([(2, 60, 16), (63, 30, 11), (93, 2, 3)], Tables(new CategoricalEmbeddings()));
        Assert.Equal([(2, 60, 4), (63, 30, 4)], Tables(new CategoricalEmbeddings { Dimension = 4, MinimumCategories = 30 }));
    }

    [Fact]
    public void Nothing_is_embedded_where_nobody_asks() => Assert.Null(EmbeddingPlan.Of(new TrainingRecipe(), _ranges));

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoricalEmbeddings { Dimension = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoricalEmbeddings { Dimension = (1 << 16) + 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoricalEmbeddings { MinimumCategories = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoricalEmbeddings { MaskingProbability = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoricalEmbeddings { MaskingProbability = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoricalEmbeddings { MaskingProbability = double.NaN });
        Assert.Throws<ArgumentNullException>(() => new CategoricalEmbeddings { LearningRateMultiplier = null! });
    }

    [Fact]
    public void Embeddings_of_nothing_are_refused_and_of_too_few_categories_warned_of()
    {
        foreach (CategoricalRange[]? nothing in new CategoricalRange[]?[] { null, [] })
        {
            var refused = Assert.Throws<InvalidOperationException>(() => EmbeddingPlan.Of(Recipe(new CategoricalEmbeddings()), nothing));
            Assert.Contains("CategoricalSlotRanges", refused.Message, StringComparison.Ordinal);
        }

        List<string> warnings = [];
        Assert.Null(EmbeddingPlan.Of(Recipe(new CategoricalEmbeddings { MinimumCategories = 61 }), _ranges, warnings.Add));
        Assert.Equal(["No feature is embedded: MinimumCategories is 61, and the largest categorical feature has 60 categories."], warnings);

        var exception = Assert.Throws<InvalidOperationException>(() =>
            EmbeddingPlan.Of(Recipe(new CategoricalEmbeddings { Dimension = 1 << 16 }), [new CategoricalRange(0, 1 << 16)]));
        Assert.Contains("4,295,032,832 numbers", exception.Message, StringComparison.Ordinal);
    }

    private static TrainingRecipe Recipe(CategoricalEmbeddings embeddings) => new() { CategoricalEmbeddings = embeddings };

    private static IEnumerable<(int First, int Categories, int Dimension)> Tables(CategoricalEmbeddings embeddings) =>
        EmbeddingPlan.Of(Recipe(embeddings), _ranges)!.Tables.ToArray().Select(table => (table.First, table.Categories, table.Dimension));
}
