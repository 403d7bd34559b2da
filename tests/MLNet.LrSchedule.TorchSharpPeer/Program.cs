using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text.Json;
using MLNet.LrSchedule.TorchSharpPeer;
using TorchSharp;

// FOLDER THREADS: tells its versions, then answers each line "run WORKLOAD TIMES" with seconds per run and loss, in the words of the Python peers (peers.py).
if (args is not [var folder, var threadCount] || !int.TryParse(threadCount, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) || threads < 1)
{
    Console.Error.WriteLine("Give the folder of the workloads and the number of threads; the benchmarks' command `peers --torchsharp PATH` does.");
    return 2;
}

try
{
    // Loaded here because its own way tells neither the reason nor on which stream; on the first use of it there is nothing left to load.
    NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"));
}
catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
{
    Console.Error.WriteLine($"The native library of TorchSharp does not load: {exception.Message}");
    return 3;
}

torch.set_num_threads(threads);
Answer(new { version = $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {torch.__version__}" });
var descriptions = Description.Read(folder);
Dictionary<string, Workload> workloads = [];
while (Console.ReadLine() is { } line)
{
    string[] words = line.Split(' ');
    int times = int.Parse(words[2], CultureInfo.InvariantCulture);
    if (!workloads.TryGetValue(words[1], out var workload))
        workloads.Add(words[1], workload = new Workload(folder, descriptions[words[1]]));
    double seconds = 0, loss = 0;
    for (int i = 0; i < times; i++)
    {
        using Run run = new(workload);
        seconds += run.Train();
        if (i == times - 1)
            loss = run.MeanLoss();
    }

    Answer(new { seconds = seconds / times, loss });
}

foreach (var workload in workloads.Values)
    workload.Dispose();
return 0;

static void Answer(object values)
{
    Console.WriteLine(JsonSerializer.Serialize(values));
    Console.Out.Flush();
}
