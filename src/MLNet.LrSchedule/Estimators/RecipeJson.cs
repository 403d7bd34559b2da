using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>Options as JSON: every option by its name, schedules as <see cref="ScheduleJson"/> writes them, and equal options back.</summary>
/// <remarks>
/// Every option is written, also where it has its default, so that a text means the same when defaults change. What belongs to one run
/// (<see cref="MlpOptions.Progress"/>, <see cref="MlpOptions.CancellationToken"/>) is left out. Options that a text leaves out have their
/// defaults; names that are no options are refused.
/// </remarks>
/// <example>
/// <code>
/// string text = RecipeJson.Write(new MlpOptions { HiddenLayers = [34], LearningRate = 0.1 });
/// MlpOptions options = RecipeJson.Read(text);
/// </code>
/// </example>
public static class RecipeJson
{
    private const string ScheduleKey = "schedule";
    private const string ReactiveKey = "reactive";

    private static readonly JsonSerializerOptions _compact = Strict(indented: false);
    private static readonly JsonSerializerOptions _indented = Strict(indented: true);

    /// <summary>The options as JSON text.</summary>
    /// <param name="options">The options.</param>
    /// <param name="indented">Whether to break lines and indent. Default: false.</param>
    /// <exception cref="InvalidOperationException">A schedule is a record of your own that has no name yet; see <see cref="ScheduleJson.Register{TSchedule}"/>.</exception>
    public static string Write(MlpOptions options, bool indented = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return JsonSerializer.Serialize(options, indented ? _indented : _compact);
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The options cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Reads options written by <see cref="Write"/>.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text is not one set of options; the message says where and why.</exception>
    public static MlpOptions Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse<MlpOptions>(json, "set of options");
    }

    /// <summary>
    /// Reads the options a model was saved with. A schedule whose name nobody has registered in this process does not keep the model from
    /// loading: an <see cref="OpaqueSchedule"/> takes its place, which says so when it is asked for a value.
    /// </summary>
    internal static MlpOptions ReadOfModel(string json)
    {
        JsonNode? root = Parse<JsonNode>(json, "set of options");
        if (root is not JsonObject options)
        {
            return Read(json);
        }

        // Options that a model was saved without are younger than it, and it was trained without them.
        options.TryAdd(Key(nameof(TrainingRecipe.FeatureScaling)), Key(nameof(FeatureScaling.None)));
        options.TryAdd(Key(nameof(TrainingRecipe.NumericEncoding)), Key(nameof(NumericEncoding.None)));
        ReplaceUnknownSchedules(options);
        return Read(options.ToJsonString());
    }

    /// <summary>Any part of a model as JSON text, in the form options have.</summary>
    internal static string WritePart<T>(T part) => JsonSerializer.Serialize(part, _compact);

    /// <summary>Reads what <see cref="WritePart"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The text is something else.</exception>
    internal static T Parse<T>(string json, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, _compact) ?? throw new JsonException("the text is null");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException or NotSupportedException or InvalidOperationException)
        {
            throw new InvalidDataException($"This is not a valid {what}: {exception.Message}", exception);
        }
    }

    // A schedule is replaced as a whole, also where only a part of it is unknown; options that hold schedules, such as the optimizer, are searched.
    private static void ReplaceUnknownSchedules(JsonNode node)
    {
        JsonNode[] children = node switch
        {
            JsonObject record => [.. record.Select(property => property.Value).OfType<JsonNode>()],
            JsonArray list => [.. list.OfType<JsonNode>()],
            _ => [],
        };
        foreach (JsonNode child in children)
        {
            if (child is JsonObject schedule && schedule.ContainsKey(ScheduleKey))
            {
                if (HasUnknown(schedule, ScheduleKey, RecordNames.Schedules))
                {
                    schedule.ReplaceWith(JsonSerializer.SerializeToNode<Schedule>(new OpaqueSchedule(), _compact));
                }
            }
            else if (child is JsonObject reactive && reactive.ContainsKey(ReactiveKey))
            {
                if (HasUnknown(reactive, ReactiveKey, RecordNames.Reactive))
                {
                    reactive.ReplaceWith(JsonSerializer.SerializeToNode<ReactiveSchedule>(new OpaqueReactiveSchedule(), _compact));
                }
            }
            else
            {
                ReplaceUnknownSchedules(child);
            }
        }
    }

    private static string Key(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static bool HasUnknown(JsonNode? node, string discriminator, RecordNames known) => node switch
    {
        JsonObject record => (record[discriminator] is JsonValue name && name.TryGetValue(out string? text) && !known.TryGetType(text, out _))
            || record.Any(property => HasUnknown(property.Value, discriminator, known)),
        JsonArray list => list.Any(item => HasUnknown(item, discriminator, known)),
        _ => false,
    };

    private static JsonSerializerOptions Strict(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        WriteIndented = indented,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new NumberConverter(),
            new ActivationConverter(),
            new LossConverter(),
            new WeightInitializerConverter(),
            new HiddenLayerConverter(),
            new HiddenLayerListConverter(),
            new ClassWeightsConverter(),
            new LayerDefinitionConverter(),
        },
    };
}
