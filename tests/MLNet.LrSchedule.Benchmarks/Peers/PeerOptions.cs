using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace MLNet.LrSchedule.Benchmarks.Peers;

/// <summary>The command line of <see cref="PeerComparison"/>.</summary>
internal sealed record PeerOptions
{
    public IReadOnlyList<PeerWorkload> Workloads { get; private init; } = PeerWorkload.All;

    public int Rounds { get; private init; } = 5;

    public IReadOnlyList<int> Threads { get; private init; } = [1, 2];

    /// <summary>The interpreter; null looks for one.</summary>
    public string? Python { get; private init; }

    /// <summary>The built program of TorchSharp's peer; null leaves it out.</summary>
    public string? TorchSharp { get; private init; }

    /// <summary>Where the table is written to; null nowhere.</summary>
    public string? Output { get; private init; }

    /// <summary>Reads the command line; null, and a line on the error stream, where it cannot be read.</summary>
    public static PeerOptions? Parse(string[] arguments)
    {
        var options = new PeerOptions();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            PeerOptions? next = (arguments[i], value) switch
            {
                (_, null) => null,
                ("--workloads", _) => Named(value.Split(',')) is { Count: > 0 } workloads ? options with { Workloads = workloads } : null,
                ("--rounds", _) => Number(value) is { } rounds ? options with { Rounds = rounds } : null,
                ("--threads", _) => value.Split(',').Select(Number).ToList() is var threads && threads.TrueForAll(number => number is not null)
                    ? options with { Threads = [.. threads.Select(number => number!.Value)] }
                    : null,
                ("--python", _) => options with { Python = value },
                ("--torchsharp", _) => options with { TorchSharp = value },
                ("--output", _) => options with { Output = value },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine($"'{arguments[i]} {value}' cannot be read; known are --workloads W1,W2.., --rounds N, --threads 1,2, --python PATH, --torchsharp PATH, --output FILE.");
                return null;
            }

            options = next;
        }

        return options;
    }

    private static List<PeerWorkload> Named(string[] names)
    {
        var found = PeerWorkload.All.Where(workload => names.Contains(workload.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        return found.Count == names.Length ? found : [];
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
