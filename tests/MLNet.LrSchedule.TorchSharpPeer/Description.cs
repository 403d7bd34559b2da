using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace MLNet.LrSchedule.TorchSharpPeer;

/// <summary>A workload of the command <c>peers</c>: what its file workloads.json says of it.</summary>
internal sealed record Description(string Name, int[] Widths, int Batch, int Rows, int Epochs, double Rate, double Momentum)
{
    private static readonly JsonSerializerOptions _names = new(JsonSerializerDefaults.Web);

    public static Dictionary<string, Description> Read(string folder) =>
        JsonSerializer.Deserialize<Description[]>(File.ReadAllText(Path.Combine(folder, "workloads.json")), _names)!.ToDictionary(workload => workload.Name);
}
