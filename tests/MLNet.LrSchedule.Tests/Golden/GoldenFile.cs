using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNet.LrSchedule.Tests.Golden;

/// <summary>Numbers from the reference libraries, stored beside the tests as JSON.</summary>
internal static class GoldenFile
{
    private static readonly JsonSerializerOptions Named = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static JsonNode Read(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name)))!;

    public static double[] Doubles(this JsonNode node) => node.Deserialize<double[]>(Named)!;

    public static double[][] Rows(this JsonNode node) => [.. node.AsArray().Select(row => row!.Doubles())];
}
