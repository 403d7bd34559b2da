using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Metrics by name; one that is not built in brings its direction along.</summary>
internal sealed class MetricConverter : JsonConverter<Metric>
{
    public override Metric Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var name = reader.GetString();
            return Metric.Known.FirstOrDefault(metric => metric.Name == name)
                ?? throw new JsonException($"'{name}' is not a built-in metric; expected one of {string.Join(", ", Metric.Known.Select(metric => metric.Name))}, or an object with name and direction");
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("expected the name of a metric, or an object with name and direction");
        }

        var custom = JsonSerializer.Deserialize<Custom>(ref reader, JsonForm.Options)!;
        try
        {
            return new(custom.Name, custom.Direction);
        }
        catch (ArgumentException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, Metric value, JsonSerializerOptions options)
    {
        if (Metric.Known.Contains(value))
        {
            writer.WriteStringValue(value.Name);
            return;
        }

        JsonSerializer.Serialize(writer, new Custom(value.Name, value.Direction), JsonForm.Options);
    }

    private sealed record Custom(string Name, MetricDirection Direction);
}
