using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace MLNet.LrSchedule.Benchmarks.Peers;

/// <summary>
/// Whole training runs here and in other libraries, in turns, from the same weights over the same batches. Run by
/// <c>-- peers [--workloads W1,W3] [--rounds 5] [--threads 1,2] [--python PATH] [--torchsharp PATH] [--output FILE]</c>; ends with 1 where a peer reached another loss.
/// </summary>
internal static class PeerComparison
{
    private const double SecondsPerMeasurement = 0.1;
    // The runtime compiles the loop a second time when it has seen it run for a while.
    private const double WarmupSeconds = 1;

    // Long enough for the threads of the one before to fall asleep.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    public static int Run(string[] arguments)
    {
        if (PeerOptions.Parse(arguments) is not { } options)
            return 2;

        string folder = Directory.CreateTempSubdirectory("peers").FullName;
        List<IContestant> contestants = [];
        try
        {
            var data = options.Workloads.ToDictionary(workload => workload, workload => workload.CreateData());
            PeerWorkload.WriteDescriptions(folder, options.Workloads);
            foreach (var (workload, rows) in data)
                workload.Write(folder, rows);

            var (interpreter, peers) = Interpreter(options.Python);
            foreach (int threads in options.Threads)
            {
                contestants.Add(new OwnTraining(data, threads));
                foreach (string peer in peers)
                    contestants.Add(PeerProcess.OfPython(interpreter, peer, folder, threads));
                if (options.TorchSharp is { } program && TorchSharp(program, folder, threads) is { } torchSharp)
                    contestants.Add(torchSharp);
            }

            // The first time, the compiler has not done with it.
            _ = KernelPeak.PeakPerSecond();
            var table = new PeerTable(contestants);
            foreach (var workload in options.Workloads)
                table.Add(Measure(workload, contestants, options.Rounds));
            Console.WriteLine(table.ToMarkdown());
            if (options.Output is { } output)
                File.WriteAllText(output, table.ToMarkdown() + Environment.NewLine + table.Machine());
            return table.HasOtherLosses ? 1 : 0;
        }
        catch (PeerEndedException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }
        finally
        {
            contestants.ForEach(contestant => contestant.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private static PeerProcess? TorchSharp(string program, string folder, int threads)
    {
        try
        {
            return PeerProcess.OfTorchSharp(program, folder, threads);
        }
        catch (PeerEndedException)
        {
            Console.Error.WriteLine($"TorchSharp on {threads} thread(s) does not start, as it says above, and is left out.");
            return null;
        }
    }

    private static (string Interpreter, string[] Peers) Interpreter(string? chosen)
    {
        string[] candidates = chosen is null ? ["/usr/bin/python3", "python3"] : [chosen];
        foreach (string candidate in candidates)
        {
            if (PeerProcess.In(candidate) is { Length: > 0 } peers)
                return (candidate, peers);
        }

        Console.Error.WriteLine($"Neither PyTorch nor scikit-learn is installed for {string.Join(" or ", candidates)}; only this package is measured.");
        return ("", []);
    }

    private static PeerMeasurement Measure(PeerWorkload workload, List<IContestant> contestants, int rounds)
    {
        int[] times = [.. contestants.Select(contestant => WarmUp(contestant, workload))];
        List<double> peaks = [];
        double[] afterPause = new double[contestants.Count];
        List<PeerRun>[] runs = [.. contestants.Select(_ => new List<PeerRun>())];
        for (int round = 0; round < rounds; round++)
        {
            peaks.Add(KernelPeak.PeakPerSecond());
            for (int turn = 0; turn < contestants.Count; turn++)
            {
                // Every other round in the opposite order: what one leaves behind, in caches and in the processors' temperature, is not always met by the same.
                int i = round % 2 == 0 ? turn : contestants.Count - 1 - turn;
                Thread.Sleep(_pause);
                // After the pause the processors take some ten milliseconds to come to their speed, two of them longest, which is nobody's merit.
                afterPause[i] = contestants[i].Run(workload, times[i]).Seconds;
                runs[i].Add(contestants[i].Run(workload, times[i]));
            }

            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{workload.Name} round {round + 1}: {string.Join(", ", contestants.Select((c, i) => $"{c.Name} x{c.Threads} {runs[i][^1].Seconds * 1e3:F1} ms (after the pause {afterPause[i] * 1e3:F1})"))}"));
        }

        return new PeerMeasurement(workload, Medians.Of(peaks), [.. runs.Select(list => new PeerRun(Medians.Of(list.Select(run => run.Seconds)), list[^1].Loss))]);
    }

    // Returns how many runs make a measurement long enough for the clock.
    private static int WarmUp(IContestant contestant, PeerWorkload workload)
    {
        Thread.Sleep(_pause);
        double spent = 0, last;
        do
        {
            last = contestant.Run(workload, 1).Seconds;
            spent += last;
        }
        while (spent < WarmupSeconds);
        return Math.Max(1, (int)Math.Ceiling(SecondsPerMeasurement / last));
    }
}
