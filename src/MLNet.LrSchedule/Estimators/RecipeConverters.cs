using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>A value as the text that names it, with its parameter.</summary>
internal abstract class NamedValueConverter<T>(string what) : JsonConverter<T>
    where T : class
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException($"{what} is a text");
        try
        {
            return Parse(text!);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

    protected abstract T Parse(string text);

    protected abstract string Text(T value);
}

/// <summary>An activation as its name.</summary>
internal sealed class ActivationConverter() : NamedValueConverter<Activation>("an activation")
{
    protected override Activation Parse(string text) => Activation.Parse(text);

    protected override string Text(Activation value) => value.Name;
}

/// <summary>A loss as its text.</summary>
internal sealed class LossConverter() : NamedValueConverter<Loss>("a loss")
{
    protected override Loss Parse(string text) => Loss.Parse(text);

    protected override string Text(Loss value) => value.Text;
}

/// <summary>A weight initialiser as its text.</summary>
internal sealed class WeightInitializerConverter() : NamedValueConverter<WeightInitializer>("a weight initialiser")
{
    protected override WeightInitializer Parse(string text) => WeightInitializer.Parse(text);

    protected override string Text(WeightInitializer value) => value.Text;
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
        return Layer(form.Units) with
        {
            Activation = form.Activation,
            WeightInitializer = form.WeightInitializer,
            Normalization = form.Normalization,
            Dropout = form.Dropout ?? 0.0,
            IsResidual = form.IsResidual,
            LearningRateMultiplier = form.LearningRateMultiplier ?? 1.0,
        };
    }

    public override void Write(Utf8JsonWriter writer, HiddenLayer value, JsonSerializerOptions options)
    {
        HiddenLayer plain = new(value.Units);
        if (value == plain)
        {
            writer.WriteNumberValue(value.Units);
            return;
        }

        Form form = new(value.Units)
        {
            Activation = value.Activation,
            WeightInitializer = value.WeightInitializer,
            Normalization = value.Normalization,
            Dropout = value.Dropout == plain.Dropout ? null : value.Dropout,
            IsResidual = value.IsResidual,
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

    // What a layer does not say is left out.
    private sealed record Form(int Units)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Activation? Activation { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public WeightInitializer? WeightInitializer { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public Normalization Normalization { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Schedule? Dropout { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public bool IsResidual { get; init; }

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
    // A null comes here too, so that a list of layers cannot hold one.
    public override bool HandleNull => true;

    public override LayerDefinition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Form form = JsonSerializer.Deserialize<Form>(ref reader, options) ?? throw new JsonException("a layer is null");
        LayerDefinition definition = form switch
        {
            { Layer: "dense", Outputs: > 0 and int outputs, Activation: { } activation } => new DenseDefinition(outputs, activation, form.HasBias ?? true),
            { Layer: "dense" } => throw new JsonException("a dense layer has at least one output, and an activation"),
            { Layer: "activation", Activation: { } activation } => new ActivationDefinition(activation),
            { Layer: "batchNormalization" } => new BatchNormalizationDefinition(),
            { Layer: "layerNormalization" } => new LayerNormalizationDefinition(),
            { Layer: "dropout" } => new DropoutDefinition(),
            { Layer: "residual", Source: int source } => new ResidualDefinition(source),
            { Layer: "embedding", Tables: { } tables } => Embeddings(tables),
            _ => throw new JsonException(
                $"'{form.Layer}' is no kind of layer, or lacks a property; known are embedding, dense, activation, batchNormalization, layerNormalization, dropout, residual"),
        };

        // What belongs to another kind of layer is no less a mistake than a property that no layer has.
        return ToForm(definition) == form with { HasBias = form.HasBias == true ? null : form.HasBias }
            ? definition
            : throw new JsonException($"a layer of kind '{form.Layer}' has a property that only others have");
    }

    public override void Write(Utf8JsonWriter writer, LayerDefinition value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, ToForm(value), options);

    private static Form ToForm(LayerDefinition definition) => definition switch
    {
        DenseDefinition dense => new Form("dense") { Outputs = dense.Outputs, Activation = dense.Activation, HasBias = dense.HasBias ? null : false },
        ActivationDefinition { Activation: var activation } => new Form("activation") { Activation = activation },
        BatchNormalizationDefinition => new Form("batchNormalization"),
        LayerNormalizationDefinition => new Form("layerNormalization"),
        DropoutDefinition => new Form("dropout"),
        ResidualDefinition { Source: var source } => new Form("residual") { Source = source },
        EmbeddingDefinition embeddings => new Form("embedding") { Tables = [.. embeddings.Tables.ToArray().Select(Table.Of)] },
        _ => throw new JsonException($"a layer of type {definition.GetType()} has no form in JSON"),
    };

    private static EmbeddingDefinition Embeddings(ValueList<Table> tables)
    {
        try
        {
            return new EmbeddingDefinition(tables.Select(table => new EmbeddingTable(table.First, table.Categories, table.Dimension)));
        }
        catch (ArgumentException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    [method: JsonConstructor]
    private readonly record struct Table(int First, int Categories, int Dimension)
    {
        public static Table Of(EmbeddingTable table) => new(table.First, table.Categories, table.Dimension);
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Form(string Layer)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Outputs { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Activation? Activation { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public bool? HasBias { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Source { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public ValueList<Table>? Tables { get; init; }
    }
}
