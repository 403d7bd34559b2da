using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Inputs;

namespace MLNet.LrSchedule;

/// <summary>What a network sees of the features, as operators of ONNX.</summary>
internal static class OnnxInputs
{
    private const float Bound = InputTransform.Bound;
    private const float Largest = InputTransform.Largest;

    // How far from the middle of each feature, in its unit of scale, the transform is looked at before it is written.
    private static readonly float[] _probes = [0, 0.25f, 1, -1, 3.5f, -40, 1e9f, float.NaN, float.NegativeInfinity];

    /// <summary>Adds the transform.</summary>
    /// <param name="graph">Receives it.</param>
    /// <param name="transform">The transform.</param>
    /// <param name="x">The features, [batch x features].</param>
    /// <returns>The network's input.</returns>
    /// <exception cref="NotSupportedException">The transform does more than is known here.</exception>
    public static string Write(OnnxGraph graph, InputTransform transform, string x)
    {
        Check(transform, transform.Width, transform.Apply);
        string isFinite = "";
        if (transform.Imputes)
        {
            // False for NaN, as every comparison with it.
            isFinite = graph.Apply("Less", graph.Apply("Abs", x), graph.Number(float.PositiveInfinity));
            x = graph.Apply("Where", isFinite, x, graph.Constant("fills", Numbers(transform, transform.Fills, embedded: 0), 1, transform.Features));
        }

        List<string> parts = [Scaled(graph, transform, x)];
        if (transform.Indicators.Count > 0)
        {
            string isMissing = graph.Apply("Cast", [graph.Apply("Not", isFinite)], new OnnxAttribute("to", typeof(float)));
            parts.Add(Columns(graph, isMissing, [.. transform.Indicators.Select(column => (long)column)]));
        }

        if (transform.Encoded.Count > 0)
            parts.Add(Encoded(graph, transform, x));
        return parts.Count == 1 ? parts[0] : graph.Apply("Concat", [.. parts], new OnnxAttribute("axis", 1L));
    }

    private static string Scaled(OnnxGraph graph, InputTransform transform, string x)
    {
        if (transform.Offsets.ContainsAnyExcept(0f))
            x = graph.Apply("Sub", x, graph.Constant("offsets", transform.Offsets, transform.Features));
        float[] scales = Numbers(transform, transform.Scales, embedded: 1);
        if (scales.AsSpan().ContainsAnyExcept(1f))
            x = graph.Apply("Mul", x, graph.Constant("scales", scales, transform.Features));
        return transform.Squashes ? Squashed(graph, transform, x) : x;
    }

    private static string Squashed(OnnxGraph graph, InputTransform transform, string x)
    {
        string y = Clamped(graph, x, graph.Number(-Largest), graph.Number(Largest));
        string share = graph.Apply("Div", y, graph.Number(Bound));
        string root = graph.Apply("Sqrt", graph.Apply("Add", graph.Apply("Mul", share, share), graph.Number(1)));
        y = graph.Apply("Div", y, root);
        if (transform.Embedded.Count == 0)
            return y;
        float[] marks = Numbers(transform, new float[transform.Features], embedded: 1);
        string isEmbedded = graph.Apply("Greater", graph.Constant("embedded", marks, 1, transform.Features), graph.Number(0));
        return graph.Apply("Where", isEmbedded, x, y);
    }

    // For each piece from a to b of a feature: (x - a) / (b - a), bounded, times two and less one.
    private static string Encoded(OnnxGraph graph, InputTransform transform, string x)
    {
        Piece[] pieces = Pieces(transform);
        string Constant(string word, Func<Piece, float> number) => graph.Constant(word, pieces.Select(number).ToArray(), 1, pieces.Length);
        string values = Columns(graph, x, [.. pieces.Select(piece => (long)piece.Feature)]);
        string share = graph.Apply("Div", graph.Apply("Sub", values, Constant("starts", piece => piece.Start)), Constant("widths", piece => piece.Width));
        share = Clamped(graph, share, Constant("least", piece => piece.Least), Constant("most", piece => piece.Most));
        return graph.Apply("Sub", graph.Apply("Mul", share, graph.Number(2)), graph.Number(1));
    }

    // By comparisons, which are false for NaN, so that NaN stays.
    internal static string Clamped(OnnxGraph graph, string x, string least, string most)
    {
        string y = graph.Apply("Where", graph.Apply("Less", x, least), least, x);
        return graph.Apply("Where", graph.Apply("Greater", y, most), most, y);
    }

    private static string Columns(OnnxGraph graph, string x, long[] columns) =>
        graph.Apply("Gather", [x, graph.Constant("columns", columns)], new OnnxAttribute("axis", 1L));

    // The outermost pieces go on for their own width beyond the range.
    private static Piece[] Pieces(InputTransform transform)
    {
        List<Piece> pieces = [];
        foreach (EncodedFeature encoded in transform.Encoded)
        {
            for (int i = 0; i < encoded.Pieces; i++)
            {
                float start = encoded.Knots[i], width = encoded.Knots[i + 1] - start;
                pieces.Add(new Piece(encoded.Feature, start, width, i == 0 ? -1 : 0, i == encoded.Pieces - 1 ? 2 : 1));
            }
        }

        return [.. pieces];
    }

    /// <summary>The numbers, with another for each embedded feature.</summary>
    private static float[] Numbers(InputTransform transform, ReadOnlySpan<float> numbers, float embedded)
    {
        float[] result = numbers.ToArray();
        foreach (CategoricalRange range in transform.Embedded)
            result.AsSpan(range.First, range.Count).Fill(embedded);
        return result;
    }

    /// <summary>
    /// Refuses a transform that does more than is known here: a stage that it learnt to do and this class did not would be left out in silence, and the file
    /// would give other scores.
    /// </summary>
    /// <param name="transform">What is known of it.</param>
    /// <param name="width">How many inputs it really makes.</param>
    /// <param name="apply">What it really makes of a row.</param>
    /// <exception cref="NotSupportedException">It does more.</exception>
    internal static void Check(InputTransform transform, int width, Action<ReadOnlySpan<float>, Span<float>> apply)
    {
        int pieces = transform.Encoded.Sum(encoded => encoded.Pieces);
        if (width != transform.Features + transform.Indicators.Count + pieces)
        {
            throw new NotSupportedException(
                $"The model makes {width} inputs of {transform.Features} features, {transform.Indicators.Count} indicators of missing ones and {pieces} pieces of " +
                "encoded ones; what makes others cannot be written as ONNX.");
        }

        float[] row = new float[transform.Features], inputs = new float[width];
        foreach (float probe in _probes)
        {
            for (int i = 0; i < row.Length; i++)
                row[i] = transform.Offsets[i] + (probe / (transform.Scales[i] > 0 ? transform.Scales[i] : 1));
            apply(row, inputs);
            int wrong = Known(transform, row).Zip(inputs).Select((pair, i) => IsClose(pair.First, pair.Second) ? -1 : i).Max();
            if (wrong >= 0)
            {
                throw new NotSupportedException(
                    $"The model makes the input {inputs[wrong]} of a row in which it should be {Known(transform, row).ElementAt(wrong)} by scaling, bounding, " +
                    "encoding and replacing missing values; what else it does to features cannot be written as ONNX.");
            }
        }
    }

    private static bool IsClose(float one, float other) => one.Equals(other) || Math.Abs(one - other) <= 1e-5f * Math.Max(1, Math.Abs(other));

    // What the operators above compute.
    private static IEnumerable<float> Known(InputTransform transform, float[] row)
    {
        float[] marks = Numbers(transform, new float[row.Length], embedded: 1);
        for (int i = 0; i < row.Length; i++)
        {
            bool isReplaced = transform.Imputes && !float.IsFinite(row[i]);
            if (marks[i] > 0)
            {
                yield return isReplaced ? 0 : row[i];
                continue;
            }

            float y = ((isReplaced ? transform.Fills[i] : row[i]) - transform.Offsets[i]) * transform.Scales[i];
            float bounded = y > Largest ? Largest : y < -Largest ? -Largest : y;
            yield return transform.Squashes ? bounded / MathF.Sqrt(1 + (bounded / Bound * (bounded / Bound))) : y;
        }

        foreach (int column in transform.Indicators)
            yield return float.IsFinite(row[column]) ? 0 : 1;
        foreach (Piece piece in Pieces(transform))
        {
            float x = transform.Imputes && !float.IsFinite(row[piece.Feature]) ? transform.Fills[piece.Feature] : row[piece.Feature];
            float share = (x - piece.Start) / piece.Width;
            yield return (2 * (share < piece.Least ? piece.Least : share > piece.Most ? piece.Most : share)) - 1;
        }
    }

    /// <summary>One piece of an encoded feature: where it begins, how wide it is, and the bounds of the share of it that lies below a value.</summary>
    private readonly record struct Piece(int Feature, float Start, float Width, float Least, float Most);
}
