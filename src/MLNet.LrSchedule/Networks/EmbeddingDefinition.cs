using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>The first layer of a network that learns a row of numbers for each category of some of its columns; see <see cref="EmbeddingLayer"/>.</summary>
internal sealed record EmbeddingDefinition : LayerDefinition
{
    private const int NamedTables = 4;

    private readonly EmbeddingTable[] _tables;

    /// <param name="tables">At least one, in the order of their columns, which no two share.</param>
    /// <exception cref="ArgumentException">The tables are not so, or one has no category or no number.</exception>
    public EmbeddingDefinition(params IEnumerable<EmbeddingTable> tables)
    {
        _tables = [.. tables];
        if (_tables.Length == 0)
            throw new ArgumentException("An embedding layer needs at least one table.", nameof(tables));
        long end = 0;
        foreach (var table in _tables)
        {
            if (table.First < end || table.Categories < 1 || table.Dimension < 1)
                throw new ArgumentException($"An embedding of {table.Categories} categories from column {table.First} on in {table.Dimension} numbers is out of order or empty.", nameof(tables));
            end = (long)table.First + table.Categories;
            if (end > int.MaxValue)
                throw new ArgumentException($"An embedding of {table.Categories} categories from column {table.First} on ends beyond any input.", nameof(tables));
        }
    }

    public ReadOnlySpan<EmbeddingTable> Tables => _tables;

    /// <summary>For example "embeddings 9x6 16x8": categories x numbers of each.</summary>
    public override string Name =>
        "embeddings " + string.Join(' ', _tables.Take(NamedTables).Select(table => $"{table.Categories}x{table.Dimension}")) +
        (_tables.Length > NamedTables ? $" and {_tables.Length - NamedTables} more" : "");

    public override int OutputsFor(int inputs) => _tables[^1].End <= inputs
        ? checked(inputs + _tables.Sum(table => table.Dimension - table.Categories))
        : throw new ArgumentException($"An embedding has the columns up to {_tables[^1].End - 1}, but there are {inputs}.");

    public override Layer Create(int inputs, int parameterOffset) => new EmbeddingLayer(inputs, OutputsFor(inputs), _tables, parameterOffset);

    public bool Equals(EmbeddingDefinition? other) => other is not null && _tables.AsSpan().SequenceEqual(other._tables);

    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (var table in _tables)
            hash.Add(table);
        return hash.ToHashCode();
    }
}
