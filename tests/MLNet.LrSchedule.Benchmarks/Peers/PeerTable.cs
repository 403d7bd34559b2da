using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace MLNet.LrSchedule.Benchmarks.Peers;

/// <summary>What all contestants took for a workload, in their order.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="PeakPerSecond">Floating-point operations per second of a loop of fused multiply-adds on one core, measured between the runs.</param>
/// <param name="Runs">Medians of time, and losses.</param>
internal sealed record PeerMeasurement(PeerWorkload Workload, double PeakPerSecond, PeerRun[] Runs);

/// <summary>The comparison as markdown.</summary>
internal sealed class PeerTable(IReadOnlyList<IContestant> contestants)
{
    /// <summary>How far a peer's loss may be from ours, as a share: the same work gives the same loss but for rounding.</summary>
    private const double LossTolerance = 0.01;

    private readonly List<PeerMeasurement> _measurements = [];

    public bool HasOtherLosses => _measurements.Any(measurement => !measurement.Runs.All(run => HasSameLoss(run, measurement.Runs[0])));

    public void Add(PeerMeasurement measurement) => _measurements.Add(measurement);

    public string ToMarkdown()
    {
        string[] names = [.. contestants.Select(contestant => contestant.Name).Distinct()];
        int[] threadCounts = [.. contestants.Select(contestant => contestant.Threads).Distinct()];
        var text = new StringBuilder();
        text.AppendLine($"| workload | threads | {string.Join(" | ", names.Select(name => $"{name}, rows/s"))} | ours / best peer | GFLOP/s | share of peak | over one thread | loss |");
        text.AppendLine($"| --- | --- |{string.Concat(names.Select(_ => " ---: |"))} ---: | ---: | ---: | ---: | --- |");
        foreach (var measurement in _measurements)
        {
            foreach (int threads in threadCounts)
                text.AppendLine(Line(measurement, threads));
        }

        return text.ToString();
    }

    /// <summary>What was measured on, as a list.</summary>
    public string Machine()
    {
        var text = new StringBuilder();
        text.AppendLine($"- {Processor()}, {Environment.ProcessorCount} logical cores, {RuntimeInformation.OSArchitecture}");
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"- peak of a core: {Medians.Of(_measurements.Select(m => m.PeakPerSecond)) / 1e9:F0} GFLOP/s of fused multiply-adds"));
        foreach (string version in contestants.Select(contestant => contestant.Version).Distinct())
            text.AppendLine($"- {version}");
        return text.ToString();
    }

    private string Line(PeerMeasurement measurement, int threads)
    {
        var workload = measurement.Workload;
        var entries = contestants.Zip(measurement.Runs, (contestant, run) => (Contestant: contestant, Run: run, Rate: (double)workload.Rows * workload.Epochs / run.Seconds)).ToList();
        var here = entries.Where(entry => entry.Contestant.Threads == threads).ToList();
        double ours = here[0].Rate;
        string ratio = here.Count > 1 ? Text(ours / here.Skip(1).Max(entry => entry.Rate), "F2") : "-";
        var single = entries.Find(entry => entry.Contestant is OwnTraining && entry.Contestant.Threads == 1);
        string scaling = threads > 1 && single.Contestant is not null ? Text(ours / single.Rate, "F2") : "";
        double operations = workload.OperationsPerRow * ours;
        var other = here.Where(entry => !HasSameLoss(entry.Run, measurement.Runs[0])).Select(entry => $"{entry.Contestant.Name} {Text(entry.Run.Loss, "G5")}").ToList();
        string loss = Text(here[0].Run.Loss, "G5") + (other.Count > 0 ? $", BUT {string.Join(", ", other)}" : "");
        return $"| {workload.Name} {string.Join('-', workload.Widths)}, batch {workload.Batch} | {threads} | "
            + $"{string.Join(" | ", here.Select(entry => Text(entry.Rate, "N0")))} | {ratio} | {Text(operations / 1e9, "F1")} | "
            + $"{Text(100 * operations / (measurement.PeakPerSecond * threads), "F0")} % | {scaling} | {loss} |";
    }

    // Written so that a loss that is not a number is another one.
    private static bool HasSameLoss(PeerRun run, PeerRun ours) => Math.Abs(run.Loss - ours.Loss) <= LossTolerance * Math.Abs(ours.Loss);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Processor()
    {
        const string File = "/proc/cpuinfo";
        if (!System.IO.File.Exists(File))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";
        var fields = System.IO.File.ReadLines(File).TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2).DistinctBy(parts => parts[0]).ToDictionary(parts => parts[0], parts => parts[1]);
        string Field(string name) => fields.GetValueOrDefault(name, "unknown");
        return $"{Field("model name")} (family {Field("cpu family")}, model {Field("model")})";
    }
}
