using System;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>
/// What a trained network learnt of one categorical feature, to be read: a row of numbers for each category, and one for none of them. The categories
/// are the slots of a range of the feature vector, in their order.
/// </summary>
/// <example>
/// <code>
/// foreach (MlpEmbedding embedding in model.Embeddings)
///     Console.WriteLine($"{embedding}: {string.Join(' ', embedding.Row(0).ToArray())}");
/// </code>
/// </example>
public sealed class MlpEmbedding
{
    private readonly MlpNetwork _network;
    private readonly EmbeddingTable _table;
    private readonly int _offset;

    internal MlpEmbedding(MlpNetwork network, EmbeddingTable table, int offset)
    {
        _network = network;
        _table = table;
        _offset = offset;
    }

    /// <summary>The slot of the feature vector that stands for the first category.</summary>
    public int FirstSlot => _table.First;

    /// <summary>Number of categories, and of slots.</summary>
    public int Categories => _table.Categories;

    /// <summary>Numbers of each row.</summary>
    public int Dimension => _table.Dimension;

    /// <summary>
    /// The whole table, [categories + 1 x dimension] row by row: number j of category i is at i x <see cref="Dimension"/> + j. The last row is
    /// <see cref="MissingRow"/>.
    /// </summary>
    public ReadOnlySpan<float> Table => _network.Parameters.Span.Slice(_offset, _table.Length);

    /// <summary>What the network knows of feature vectors that have none of the categories: missing values and such as were not seen in training.</summary>
    public ReadOnlySpan<float> MissingRow => Table[(Categories * Dimension)..];

    /// <summary>The numbers of a category.</summary>
    /// <param name="category">The category, 0 to below <see cref="Categories"/>: its slot less <see cref="FirstSlot"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such category.</exception>
    public ReadOnlySpan<float> Row(int category)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(category);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(category, Categories);
        return Table.Slice(category * Dimension, Dimension);
    }

    /// <summary>For example "slots 6 to 14, 9 categories in 6 numbers".</summary>
    public override string ToString() => $"slots {FirstSlot} to {_table.End - 1}, {Categories} categories in {Dimension} numbers";

    /// <summary>The embeddings of a network, in the order of their slots.</summary>
    internal static MlpEmbedding[] Of(MlpNetwork network)
    {
        ReadOnlySpan<EmbeddingTable> tables = network.Definition.Embeddings;
        MlpEmbedding[] embeddings = new MlpEmbedding[tables.Length];
        int offset = 0;
        for (int i = 0; i < tables.Length; i++)
        {
            embeddings[i] = new MlpEmbedding(network, tables[i], offset);
            offset += tables[i].Length;
        }

        return embeddings;
    }
}
