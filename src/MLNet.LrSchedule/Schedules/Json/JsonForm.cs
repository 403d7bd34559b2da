using System;
using System.IO;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The strict JSON dialect of schedules: camel case, nothing unknown, nothing twice, nothing missing.</summary>
internal static class JsonForm
{
    public static readonly JsonSerializerOptions Options = Strict(indented: false);

    public static readonly JsonSerializerOptions IndentedOptions = Strict(indented: true);

    /// <summary>Writes a record of one of the families.</summary>
    public static string Write<T>(T record, string what, bool indented)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(record);
        try
        {
            return JsonSerializer.Serialize(record, indented ? IndentedOptions : Options);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidOperationException($"The {what} cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a whole text and turns everything that can be wrong with it into one kind of exception.</summary>
    public static T Read<T>(string json, string what)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > ScheduleJson.LargestText)
        {
            throw new InvalidDataException($"The {what} has {json.Length} characters; at most {ScheduleJson.LargestText} are read.");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("the text is null");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"This is not a valid {what}: {WithoutPath(exception.Message)}", exception);
        }
    }

    /// <summary>What an exception from reading a record of the given name means to the user, and where it happened.</summary>
    public static JsonException Explain(string name, Exception exception)
    {
        if (exception is TargetInvocationException { InnerException: { } inner })
        {
            return Explain(name, inner);
        }

        var place = exception is JsonException { Path: { } path } ? name + path.TrimStart('$') : name;
        return new JsonException($"{place}: {WithoutPath(exception.Message)}", exception);
    }

    // The serializer appends a path and a byte position that count from the middle of the text.
    private static string WithoutPath(string message)
    {
        var end = message.IndexOf(" Path: $", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static JsonSerializerOptions Strict(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        MaxDepth = ScheduleJson.LargestDepth,
        WriteIndented = indented,
        Converters = { new NumberConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };
}
