using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using Xunit;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>One curve of a reference library: the rate used for each step or epoch, with everything it was made from.</summary>
public sealed record GoldenCase(
    string Id,
    string Family,
    string Source,
    JsonElement Parameters,
    string Unit,
    int Count,
    double[] Values,
    string? Notes = null,
    double[]? Momentum = null,
    int[]? FragileIndices = null,
    int? RaisesAt = null,
    double[]? Steps = null,
    double[]? Positions = null,
    [property: JsonPropertyName("values_group1")] double[]? ValuesOfSecondGroup = null)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static IReadOnlyDictionary<string, GoldenCase> All { get; } = JsonSerializer
        .Deserialize<GoldenCase[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "schedules.json")), Options)!
        .ToDictionary(golden => golden.Id);

    /// <summary>The tolerance the numbers are known to: 1e-12 of the value and of the largest value of the case.</summary>
    public static void AssertEqual(double[] expected, IReadOnlyList<double> actual, string what, IReadOnlyCollection<int>? except = null)
    {
        var largest = expected.Max(Math.Abs);
        for (var index = 0; index < expected.Length; index++)
        {
            if (except?.Contains(index) == true)
            {
                continue;
            }

            var allowed = 1e-12 * (Math.Abs(expected[index]) + largest);
            Assert.True(
                Math.Abs(actual[index] - expected[index]) <= allowed,
                $"{what}: value {index} should be {expected[index]:R} but is {actual[index]:R}");
        }
    }
}
