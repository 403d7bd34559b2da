using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Durations in their text form.</summary>
internal sealed class DurationConverter : JsonConverter<Duration>
{
    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("expected a duration such as \"500 steps\", \"10 epochs\" or \"30%\"");
        }

        try
        {
            return Duration.Parse(reader.GetString()!);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
