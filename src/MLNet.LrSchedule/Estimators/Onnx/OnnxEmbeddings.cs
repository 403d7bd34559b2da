using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule;

/// <summary>
/// A layer of embeddings as operators of ONNX. The inputs of no table come first, as they are; each table gives the product of its inputs and its rows, plus
/// the last row where none of its inputs differs from 0.
/// </summary>
internal static class OnnxEmbeddings
{
    /// <summary>Adds the layer.</summary>
    /// <param name="graph">Receives it.</param>
    /// <param name="tables">The tables, in the order of their columns.</param>
    /// <param name="numbers">The numbers of all tables, one after the other.</param>
    /// <param name="width">Columns of the input.</param>
    /// <param name="x">The input, [batch x width].</param>
    public static string Write(OnnxGraph graph, ReadOnlySpan<EmbeddingTable> tables, ReadOnlySpan<float> numbers, int width, string x)
    {
        List<string> parts = [];
        long[] others = Others(tables, width);
        if (others.Length > 0)
            parts.Add(Columns(graph, x, others));
        foreach (EmbeddingTable table in tables)
        {
            int rows = table.Categories * table.Dimension;
            parts.Add(LookUp(graph, table, numbers[..rows], numbers[rows..table.Length], x));
            numbers = numbers[table.Length..];
        }

        return parts.Count == 1 ? parts[0] : graph.Apply("Concat", [.. parts], new OnnxAttribute("axis", 1L));
    }

    private static string LookUp(OnnxGraph graph, EmbeddingTable table, ReadOnlySpan<float> rows, ReadOnlySpan<float> missing, string x)
    {
        string own = Columns(graph, x, [.. Enumerable.Range(table.First, table.Categories).Select(column => (long)column)]);
        string product = graph.Apply("MatMul", own, graph.Constant("table", rows, table.Categories, table.Dimension));
        string largest = graph.Apply(
            "ReduceMax", [graph.Apply("Abs", own)], new OnnxAttribute("axes", new[] { 1L }), new OnnxAttribute("keepdims", 1L));
        string isMissing = graph.Apply("Not", graph.Apply("Greater", largest, graph.Number(0)));
        string share = graph.Apply("Cast", [isMissing], new OnnxAttribute("to", typeof(float)));
        return graph.Apply("Add", product, graph.Apply("Mul", share, graph.Constant("missing", missing, 1, table.Dimension)));
    }

    private static string Columns(OnnxGraph graph, string x, long[] columns) =>
        graph.Apply("Gather", [x, graph.Constant("columns", columns)], new OnnxAttribute("axis", 1L));

    private static long[] Others(ReadOnlySpan<EmbeddingTable> tables, int width)
    {
        bool[] isEmbedded = new bool[width];
        foreach (EmbeddingTable table in tables)
            isEmbedded.AsSpan(table.First, table.Categories).Fill(true);
        return [.. Enumerable.Range(0, width).Where(column => !isEmbedded[column]).Select(column => (long)column)];
    }
}
