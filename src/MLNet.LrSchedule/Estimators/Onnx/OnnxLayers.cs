using System;
using System.Linq;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>The layers of a network as operators of ONNX, as they are in evaluation.</summary>
internal static class OnnxLayers
{
    /// <summary>Adds all layers.</summary>
    /// <param name="graph">Receives them.</param>
    /// <param name="network">The network.</param>
    /// <param name="input">What the network sees, [batch x inputs].</param>
    /// <returns>The last layer's output.</returns>
    /// <exception cref="NotSupportedException">A layer has no form here.</exception>
    public static string Write(OnnxGraph graph, MlpNetwork network, string input)
    {
        string[] outputs = new string[network.Layers.Count];
        string current = input;
        for (int i = 0; i < outputs.Length; i++)
        {
            Layer layer = network.Layers[i];
            LayerNumbers numbers = new(graph, network, layer, $"layer{i}");
            current = network.Definition.Layers[i] switch
            {
                DenseDefinition dense => OnnxActivations.Write(graph, dense.Activation, Dense(numbers, current)),
                ActivationDefinition function => OnnxActivations.Write(graph, function.Activation, current),
                BatchNormalizationDefinition => BatchNormalization(numbers, current),
                LayerNormalizationDefinition => LayerNormalization(numbers, current),
                ResidualDefinition { Source: var source } => graph.Apply("Add", current, source < 0 ? input : outputs[source]),
                DropoutDefinition => current,
                EmbeddingDefinition embeddings => OnnxEmbeddings.Write(graph, embeddings.Tables, numbers.Span(ParameterKind.Weight), layer.Inputs, current),
                var other => throw new NotSupportedException($"Layer {i}, {other.Name}, cannot be written as ONNX."),
            };
            outputs[i] = current;
        }

        return current;
    }

    private static string Dense(LayerNumbers layer, string x)
    {
        string weights = layer.Constant(ParameterKind.Weight, layer.Layer.Inputs, layer.Layer.Outputs);
        // Gemm has to have a bias before version 11.
        return layer.Has(ParameterKind.Bias)
            ? layer.Graph.Apply("Gemm", x, weights, layer.Constant(ParameterKind.Bias, layer.Layer.Outputs))
            : layer.Graph.Apply("MatMul", x, weights);
    }

    // The operator of the same name would do, but folds the mean into the shift, which loses digits where the mean is far from zero.
    private static string BatchNormalization(LayerNumbers layer, string x)
    {
        int width = layer.Layer.Outputs;
        ReadOnlySpan<float> scale = layer.Span(ParameterKind.Scale), statistics = layer.Span(ParameterKind.Statistic);
        float[] factors = new float[width];
        for (int i = 0; i < width; i++)
            factors[i] = (float)(scale[i] / Math.Sqrt(statistics[width + i] + BatchNormalizationLayer.Epsilon));
        string centred = layer.Graph.Apply("Sub", x, layer.Constant("mean", statistics[..width]));
        string scaled = layer.Graph.Apply("Mul", centred, layer.Constant("factors", factors));
        return layer.Graph.Apply("Add", scaled, layer.Constant(ParameterKind.Bias, width));
    }

    private static string LayerNormalization(LayerNumbers layer, string x)
    {
        OnnxGraph graph = layer.Graph;
        int width = layer.Layer.Outputs;
        string centred = graph.Apply("Sub", x, Mean(graph, x));
        string variance = Mean(graph, graph.Apply("Mul", centred, centred));
        string deviation = graph.Apply("Sqrt", graph.Apply("Add", variance, graph.Number(LayerNormalizationLayer.Epsilon)));
        string scaled = graph.Apply("Mul", graph.Apply("Div", centred, deviation), layer.Constant(ParameterKind.Scale, width));
        return graph.Apply("Add", scaled, layer.Constant(ParameterKind.Bias, width));
    }

    private static string Mean(OnnxGraph graph, string x) =>
        graph.Apply("ReduceMean", [x], new OnnxAttribute("axes", new[] { 1L }), new OnnxAttribute("keepdims", 1L));

    /// <summary>A layer with its numbers, and the graph that takes them.</summary>
    private readonly ref struct LayerNumbers(OnnxGraph graph, MlpNetwork network, Layer layer, string name)
    {
        private readonly ReadOnlySpan<float> _parameters = network.Parameters.Span;

        public OnnxGraph Graph { get; } = graph;

        public Layer Layer { get; } = layer;

        public bool Has(ParameterKind kind) => Layer.Parameters.Any(block => block.Kind == kind);

        public ReadOnlySpan<float> Span(ParameterKind kind)
        {
            ParameterBlock block = Layer.Parameters.Single(block => block.Kind == kind);
            return _parameters.Slice(block.Offset, block.Length);
        }

        public string Constant(ParameterKind kind, params long[] dimensions) => Graph.Constant($"{name}_{kind.ToString().ToLowerInvariant()}", Span(kind), dimensions);

        public string Constant(string word, ReadOnlySpan<float> values) => Graph.Constant($"{name}_{word}", values, values.Length);
    }
}
