using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;

namespace MLNet.LrSchedule.Benchmarks.Peers;

/// <summary>A peer in a process of its own, which lives as long as the comparison, so that runs take turns.</summary>
internal sealed class PeerProcess : IContestant
{
    private static readonly string _script = Path.Combine(AppContext.BaseDirectory, "Peers", "peers.py");

    private readonly Process _process;

    private PeerProcess(string name, int threads, Process process)
    {
        Name = name;
        Threads = threads;
        _process = process;
        try
        {
            using var answer = Answer();
            Version = answer.RootElement.GetProperty("version").GetString()!;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; }

    public string Version { get; }

    public int Threads { get; }

    /// <summary>A peer of <see cref="In"/>, in its interpreter.</summary>
    /// <exception cref="PeerEndedException">It does not start.</exception>
    public static PeerProcess OfPython(string interpreter, string name, string folder, int threads) =>
        new(name, threads, Start(interpreter, threads, _script, name, folder, threads.ToString(CultureInfo.InvariantCulture)));

    /// <summary>PyTorch's own library behind TorchSharp.</summary>
    /// <param name="program">The built program of the project MLNet.LrSchedule.TorchSharpPeer.</param>
    /// <param name="folder">Where the workloads are.</param>
    /// <param name="threads">Threads that it may use.</param>
    /// <exception cref="PeerEndedException">It does not start, for one thing because the native library does not load here.</exception>
    public static PeerProcess OfTorchSharp(string program, string folder, int threads) =>
        new("torchsharp", threads, Start("dotnet", threads, program, folder, threads.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The peers that an interpreter can import; none where there is no such interpreter.</summary>
    public static string[] In(string interpreter)
    {
        try
        {
            using var process = Start(interpreter, threads: 1, _script, "list");
            string names = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [];
        }
        catch (Win32Exception)
        {
            return [];
        }
    }

    public PeerRun Run(PeerWorkload workload, int times)
    {
        try
        {
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {workload.Name} {times}"));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Ended();
        }

        using var answer = Answer();
        return new PeerRun(answer.RootElement.GetProperty("seconds").GetDouble(), answer.RootElement.GetProperty("loss").GetDouble());
    }

    public void Dispose()
    {
        // It ends with its input.
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill();
        _process.Dispose();
    }

    private static Process Start(string program, int threads, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);

        // OpenBLAS takes a processor that is newer than itself for one with nothing but SSE, a fifth of the speed, so it is told what the processor has.
        if (Avx512F.IsSupported)
            start.Environment["OPENBLAS_CORETYPE"] = "SKYLAKEX";
        else if (Avx2.IsSupported && Fma.IsSupported)
            start.Environment["OPENBLAS_CORETYPE"] = "HASWELL";
        else
            start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        // OpenMP's threads would otherwise spin for a while behind every step, on the cores that OpenBLAS's threads need: with other work on the machine
        // PyTorch is then fifty times slower.
        start.Environment.TryAdd("OMP_WAIT_POLICY", "PASSIVE");
        foreach (string variable in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    private JsonDocument Answer() => _process.StandardOutput.ReadLine() is { } line
        ? JsonDocument.Parse(line)
        : throw Ended();

    private PeerEndedException Ended() =>
        new($"The peer {Name} on {Threads} thread(s) ended, so there is nothing to compare with; what it wrote to its error stream says why.");
}

/// <summary>A peer's process ended before it had answered.</summary>
internal sealed class PeerEndedException(string message) : Exception(message);
