using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>An activation as its name.</summary>
internal sealed class ActivationConverter : JsonConverter<Activation>
{
    private static readonly Activation[] _known = [Activation.Identity, Activation.Relu, Activation.Tanh, Activation.Sigmoid];

    public override Activation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? name = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException("an activation is a text");
        return Array.Find(_known, activation => activation.Name == name)
            ?? throw new JsonException($"'{name}' names no activation; known are {string.Join(", ", _known.Select(activation => activation.Name))}");
    }

    public override void Write(Utf8JsonWriter writer, Activation value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}

/// <summary>A weight initialiser as its text.</summary>
internal sealed class WeightInitializerConverter : JsonConverter<WeightInitializer>
{
    public override WeightInitializer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException("a weight initialiser is a text");
        try
        {
            return WeightInitializer.Parse(text!);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, WeightInitializer value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}

/// <summary>A hidden layer as its number of units; as an object where it has more of its own.</summary>
internal sealed class HiddenLayerConverter : JsonConverter<HiddenLayer>
{
    // A null comes here too, so that a list of layers cannot hold one.
    public override bool HandleNull => true;

    public override HiddenLayer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return Layer(reader.TryGetInt32(out int units) ? units : throw new JsonException("a hidden layer's units are a whole number"));
        }

        Form form = JsonSerializer.Deserialize<Form>(ref reader, options) ?? throw new JsonException("a hidden layer is null");
        return Layer(form.Units) with { Activation = form.Activation, LearningRateMultiplier = form.LearningRateMultiplier ?? 1.0 };
    }

    public override void Write(Utf8JsonWriter writer, HiddenLayer value, JsonSerializerOptions options)
    {
        if (value == new HiddenLayer(value.Units))
        {
            writer.WriteNumberValue(value.Units);
            return;
        }

        HiddenLayer plain = new(value.Units);
        Form form = new(value.Units)
        {
            Activation = value.Activation,
            LearningRateMultiplier = value.LearningRateMultiplier == plain.LearningRateMultiplier ? null : value.LearningRateMultiplier,
        };
        JsonSerializer.Serialize(writer, form, options);
    }

    private static HiddenLayer Layer(int units)
    {
        try
        {
            return new HiddenLayer(units);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    private sealed record Form(int Units)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Activation? Activation { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Schedule? LearningRateMultiplier { get; init; }
    }
}

/// <summary>The hidden layers as a list.</summary>
internal sealed class HiddenLayerListConverter : JsonConverter<HiddenLayerList>
{
    public override HiddenLayerList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        return [.. JsonSerializer.Deserialize<HiddenLayer[]>(ref reader, options) ?? throw new JsonException("the hidden layers are null")];
    }

    public override void Write(Utf8JsonWriter writer, HiddenLayerList value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (HiddenLayer layer in value)
        {
            JsonSerializer.Serialize(writer, layer, options);
        }

        writer.WriteEndArray();
    }
}

/// <summary>Class weights as a list, or as the text <c>balanced</c>.</summary>
internal sealed class ClassWeightsConverter : JsonConverter<ClassWeights>
{
    private const string Balanced = "balanced";

    public override ClassWeights Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString() == Balanced ? ClassWeights.Balanced : throw new JsonException($"class weights are a list or the text '{Balanced}'");
        }

        try
        {
            return ClassWeights.Create(JsonSerializer.Deserialize<double[]>(ref reader, options));
        }
        catch (ArgumentException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, ClassWeights value, JsonSerializerOptions options)
    {
        if (value.IsBalanced)
        {
            writer.WriteStringValue(Balanced);
            return;
        }

        JsonSerializer.Serialize(writer, value.ToArray(), options);
    }
}

/// <summary>A layer of a network as an object whose property <c>layer</c> says which kind it is.</summary>
internal sealed class LayerDefinitionConverter : JsonConverter<LayerDefinition>
{
    private const string Dense = "dense";

    // A null comes here too, so that a list of layers cannot hold one.
    public override bool HandleNull => true;

    public override LayerDefinition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Form form = JsonSerializer.Deserialize<Form>(ref reader, options) ?? throw new JsonException("a layer is null");
        if (form.Layer != Dense)
        {
            throw new JsonException($"'{form.Layer}' is no kind of layer; known is {Dense}");
        }

        return form.Outputs > 0
            ? new DenseDefinition(form.Outputs, form.Activation)
            : throw new JsonException($"a layer has at least one output, not {form.Outputs}");
    }

    public override void Write(Utf8JsonWriter writer, LayerDefinition value, JsonSerializerOptions options)
    {
        if (value is not DenseDefinition dense)
        {
            throw new JsonException($"a layer of type {value.GetType()} has no form in JSON");
        }

        JsonSerializer.Serialize(writer, new Form(Dense, dense.Outputs, dense.Activation), options);
    }

    private sealed record Form(string Layer, int Outputs, Activation Activation);
}
