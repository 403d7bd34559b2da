using System;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Numbers that read back to the same bits. NaN and the infinities are texts.</summary>
internal sealed class NumberConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetDouble();
        }

        // A metric that waits to be averaged may be one of these; a value of a schedule may not, and says so itself.
        return reader.TokenType == JsonTokenType.String && reader.GetString() is "NaN" or "Infinity" or "-Infinity"
            ? double.Parse(reader.GetString()!, CultureInfo.InvariantCulture)
            : throw new JsonException("expected a number");
    }

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => Write(writer, value);

    public static void Write(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteRawValue(RoundTrip.Text(value), skipInputValidation: true);
            return;
        }

        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    public static void Write(Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value))
        {
            writer.WriteRawValue(RoundTrip.Text(value), skipInputValidation: true);
            return;
        }

        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
