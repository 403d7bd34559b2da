using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>Which ranges of the features a recipe embeds, and in how many numbers.</summary>
internal static class EmbeddingPlan
{
    /// <summary>The first layer of the recipe's network; null where it embeds nothing.</summary>
    /// <param name="recipe">What is asked for.</param>
    /// <param name="ranges">The ranges that the features have; null where nothing says which they are.</param>
    /// <param name="warn">Told where the recipe asks for embeddings and no range is large enough.</param>
    /// <exception cref="InvalidOperationException">The recipe asks for embeddings, and nothing says of what; or they would not fit into memory.</exception>
    public static EmbeddingDefinition? Of(TrainingRecipe recipe, IReadOnlyList<CategoricalRange>? ranges, Action<string>? warn = null)
    {
        if (recipe.CategoricalEmbeddings is not { } options)
            return null;
        if (ranges is null or [])
        {
            throw new InvalidOperationException(
                $"{nameof(TrainingRecipe.CategoricalEmbeddings)} are asked for, but the feature column has no annotation CategoricalSlotRanges that says which of its slots " +
                "are categories. One-hot encoding makes it (not with the output kinds Bag and Binary) and Concatenate keeps it, but some transforms behind them do not; " +
                $"put those before, or leave {nameof(TrainingRecipe.CategoricalEmbeddings)} at null.");
        }

        EmbeddingTable[] tables =
        [
            .. ranges.Where(range => range.Count >= options.MinimumCategories)
                .Select(range => new EmbeddingTable(range.First, range.Count, options.DimensionOf(range.Count))),
        ];
        if (tables.Length == 0)
        {
            warn?.Invoke(
                $"No feature is embedded: {nameof(CategoricalEmbeddings.MinimumCategories)} is {options.MinimumCategories:N0}, and the largest categorical feature has {ranges.Max(range => range.Count):N0} categories.");
            return null;
        }

        long numbers = tables.Sum(table => (table.Categories + 1L) * table.Dimension);
        return numbers <= Array.MaxLength
            ? new EmbeddingDefinition(tables)
            : throw new InvalidOperationException(
                $"The embeddings would have {numbers:N0} numbers; set a smaller {nameof(CategoricalEmbeddings.Dimension)}, or encode with fewer categories.");
    }

    /// <summary>The features that a network with these embeddings looks up.</summary>
    public static CategoricalRange[] Ranges(EmbeddingDefinition? embeddings) => Ranges(embeddings is null ? [] : embeddings.Tables);

    /// <summary>The features of these tables.</summary>
    public static CategoricalRange[] Ranges(ReadOnlySpan<EmbeddingTable> tables)
    {
        var ranges = new CategoricalRange[tables.Length];
        for (int i = 0; i < ranges.Length; i++)
            ranges[i] = new CategoricalRange(tables[i].First, tables[i].Categories);
        return ranges;
    }
}
