using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule;

/// <summary>
/// A whole model as JSON for others to read:
/// <code>
/// {"task":"regression","inputs":2,"outputs":1,"labelScale":{"offset":0,"factor":1},
///  "layers":[{"layer":"dense","inputs":2,"outputs":1,"activation":"identity","weights":[[0.5],[-1]],"biases":[0]}],
///  "options":{...},"schedule":{...},"history":{...}}
/// </code>
/// Weights of a dense layer are a list for each input with a number for each output. In regression, label = offset + factor x output (after the
/// exponential, where the loss is Poisson's). A model that learnt what its network sees of the features has an inputTransform, with the numbers of
/// <see cref="InputTransform"/> (embedded: the first and last of each run of features that it leaves alone). A layer of embeddings has its tables,
/// <c>{"firstSlot":2,"categories":3,"dimension":2,"rows":[[...],[...],[...]],"missing":[...]}</c>, in place of weights and biases: it gives the inputs of no
/// table in their order, then for each table the sum of input x row, or "missing" where all of the inputs are 0.
/// </summary>
internal static class ModelJson
{
    public static void Write(Stream stream, LearningTask task, MlpModelContent content, IReadOnlyList<MlpLayer> layers, bool indented)
    {
        // Before the first byte goes out, because it can refuse.
        using JsonDocument options = JsonDocument.Parse(content.SavedOptions ?? RecipeJson.Write(content.Options));
        using JsonDocument history = JsonDocument.Parse(RecipeJson.WritePart(content.History));
        using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = indented });
        writer.WriteStartObject();
        writer.WriteString("task", JsonNamingPolicy.CamelCase.ConvertName(task.ToString()));
        writer.WriteNumber("inputs", content.Network.Inputs);
        writer.WriteNumber("outputs", content.Network.Outputs);
        if (task == LearningTask.Regression)
        {
            writer.WriteStartObject("labelScale");
            writer.WritePropertyName("offset");
            NumberConverter.Write(writer, content.LabelScale.Offset);
            writer.WritePropertyName("factor");
            NumberConverter.Write(writer, content.LabelScale.Factor);
            writer.WriteEndObject();
        }

        if (content.Inputs is { } inputs)
        {
            Write(writer, inputs);
        }

        writer.WriteStartArray("layers");
        foreach (MlpLayer layer in layers)
        {
            Write(writer, layer, content.Network);

            // What the writer holds back is at most a layer.
            writer.Flush();
        }

        writer.WriteEndArray();
        Write(writer, "options", options.RootElement);
        JsonElement rate = options.RootElement.GetProperty("learningRate");
        Write(writer, "schedule", rate.ValueKind == JsonValueKind.Null ? JsonSerializer.SerializeToElement(JsonNode.Parse(RecipeJson.WritePart(content.LearningRate))) : rate);
        Write(writer, "history", history.RootElement);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, InputTransform inputs)
    {
        writer.WriteStartObject("inputTransform");
        writer.WritePropertyName("offsets");
        Write(writer, inputs.Offsets);
        writer.WritePropertyName("scales");
        Write(writer, inputs.Scales);
        writer.WritePropertyName("fills");
        Write(writer, inputs.Fills);
        writer.WriteStartArray("indicators");
        foreach (int column in inputs.Indicators)
        {
            writer.WriteNumberValue(column);
        }

        writer.WriteEndArray();
        writer.WriteBoolean("squashes", inputs.Squashes);
        writer.WriteStartArray("encoded");
        foreach (EncodedFeature encoded in inputs.Encoded)
        {
            writer.WriteStartObject();
            writer.WriteNumber("feature", encoded.Feature);
            writer.WritePropertyName("knots");
            Write(writer, encoded.Knots);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("embedded");
        foreach (CategoricalRange range in inputs.Embedded)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(range.First);
            writer.WriteNumberValue(range.First + range.Count - 1);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, MlpLayer layer, MlpNetwork network)
    {
        writer.WriteStartObject();
        writer.WriteString("layer", layer.Kind);
        writer.WriteNumber("inputs", layer.Inputs);
        writer.WriteNumber("outputs", layer.Outputs);
        writer.WriteString("activation", layer.Activation.Name);
        if (layer.Kind == "embedding")
        {
            Write(writer, MlpEmbedding.Of(network));
            writer.WriteEndObject();
            return;
        }

        writer.WritePropertyName("weights");
        if (layer.Weights.Length == layer.Outputs && layer.Kind != "dense")
        {
            Write(writer, layer.Weights);
        }
        else
        {
            writer.WriteStartArray();
            for (ReadOnlySpan<float> rest = layer.Weights; !rest.IsEmpty; rest = rest[layer.Outputs..])
            {
                Write(writer, rest[..layer.Outputs]);
            }

            writer.WriteEndArray();
        }

        writer.WritePropertyName("biases");
        Write(writer, layer.Biases);
        if (!layer.Statistics.IsEmpty)
        {
            writer.WritePropertyName("statistics");
            Write(writer, layer.Statistics);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<MlpEmbedding> embeddings)
    {
        writer.WriteStartArray("embeddings");
        foreach (MlpEmbedding embedding in embeddings)
        {
            writer.WriteStartObject();
            writer.WriteNumber("firstSlot", embedding.FirstSlot);
            writer.WriteNumber("categories", embedding.Categories);
            writer.WriteNumber("dimension", embedding.Dimension);
            writer.WriteStartArray("rows");
            for (int i = 0; i < embedding.Categories; i++)
            {
                Write(writer, embedding.Row(i));
            }

            writer.WriteEndArray();
            writer.WritePropertyName("missing");
            Write(writer, embedding.MissingRow);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement part)
    {
        writer.WritePropertyName(name);
        part.WriteTo(writer);
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<float> numbers)
    {
        writer.WriteStartArray();
        foreach (float number in numbers)
        {
            NumberConverter.Write(writer, number);
        }

        writer.WriteEndArray();
    }
}
