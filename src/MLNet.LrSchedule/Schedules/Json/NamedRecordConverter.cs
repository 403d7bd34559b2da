using System;
using System.Buffers;
using System.Collections.Generic;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Reads and writes records of an open family: one property names the record, the others are its own, save those at their default.</summary>
/// <typeparam name="TBase">Base type of the family.</typeparam>
/// <param name="discriminator">Name of the property that names the record.</param>
/// <param name="names">The names of the family.</param>
internal abstract class NamedRecordConverter<TBase>(string discriminator, RecordNames names) : JsonConverter<TBase>
    where TBase : class
{
    public override TBase Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return ReadNumber(reader.GetDouble());
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"expected an object with a '{discriminator}' property, found {Describe(reader.TokenType)}");
        }

        using var document = JsonDocument.ParseValue(ref reader);
        return ReadObject(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, TBase value, JsonSerializerOptions options)
    {
        if (AsNumber(value) is { } number)
        {
            NumberConverter.Write(writer, number);
            return;
        }

        if (writer.CurrentDepth >= ScheduleJson.LargestDepth - 1)
        {
            throw new JsonException($"it is nested more than {ScheduleJson.LargestDepth - 1} levels deep");
        }

        var record = Saved(value);
        var type = record.GetType();
        if (!names.TryGetName(type, out var name))
        {
            throw new JsonException($"{type} has no name; register one with {Registration}");
        }

        writer.WriteStartObject();
        writer.WriteString(discriminator, name);
        foreach (var property in SavedProperties.Of(type))
        {
            var item = property.Property.GetValue(record);
            if (!property.IsDefault(item))
            {
                writer.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(property.Property.Name));
                JsonSerializer.Serialize(writer, item, property.Property.PropertyType, JsonForm.Options);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>The record a plain number stands for.</summary>
    protected virtual TBase ReadNumber(double value) => throw new JsonException($"expected an object with a '{discriminator}' property, found a number");

    /// <summary>The plain number that stands for this record, if one does.</summary>
    protected virtual double? AsNumber(TBase value) => null;

    /// <summary>What is saved in place of a record that cannot be saved itself.</summary>
    protected virtual TBase Saved(TBase value) => value;

    private static string Registration => typeof(TBase) == typeof(Schedule)
        ? $"{nameof(ScheduleJson)}.{nameof(ScheduleJson.Register)}"
        : typeof(TBase) == typeof(ReactiveSchedule) ? $"{nameof(ReactiveJson)}.{nameof(ReactiveJson.Register)}"
        : $"{nameof(ReactiveJson)}.{nameof(ReactiveJson.RegisterState)}";

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Null => "null",
        JsonTokenType.True or JsonTokenType.False => "a truth value",
        _ => token.ToString(),
    };

    private TBase ReadObject(JsonElement element)
    {
        if (!element.TryGetProperty(discriminator, out var named) || named.ValueKind != JsonValueKind.String)
        {
            throw new JsonException($"an object has no '{discriminator}' property with a name");
        }

        var name = named.GetString()!;
        if (!names.TryGetType(name, out var type) || !type.IsAssignableTo(typeof(TBase)))
        {
            throw new JsonException(
                $"'{name}' is not the name of a {discriminator}; a record of your own must be registered with {Registration} first");
        }

        try
        {
            return (TBase)JsonSerializer.Deserialize(WithoutName(element), type, JsonForm.Options)!;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException or TargetInvocationException)
        {
            throw JsonForm.Explain(name, exception);
        }
    }

    private ReadOnlySpan<byte> WithoutName(JsonElement element)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in element.EnumerateObject())
            {
                if (!seen.Add(property.Name))
                {
                    throw new JsonException($"'{property.Name}' appears twice");
                }

                if (property.Name != discriminator)
                {
                    property.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
