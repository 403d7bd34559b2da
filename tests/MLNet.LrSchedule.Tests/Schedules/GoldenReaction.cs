using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>One reference run of a reactive schedule: metrics in, rates out. A metric is a number, or "missing".</summary>
public sealed record GoldenReaction(
    string Id,
    string Family,
    string Source,
    JsonElement Parameters,
    double InitialLr,
    int Count,
    JsonElement[] Metrics,
    double[] Values,
    int[] Reductions,
    string? Unit = null,
    string? Notes = null,
    string? Meaning = null,
    int? StoppedAt = null)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static IReadOnlyDictionary<string, GoldenReaction> All { get; } = JsonSerializer
        .Deserialize<GoldenReaction[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "reactive.json")), Options)!
        .ToDictionary(golden => golden.Id);

    /// <summary>The metrics; null where the metric was missing.</summary>
    public IEnumerable<double?> Observed => Metrics.Select(metric => metric.ValueKind == JsonValueKind.Number
        ? metric.GetDouble()
        : metric.GetString() == "missing" ? null : (double?)double.Parse(metric.GetString()!, CultureInfo.InvariantCulture));
}
