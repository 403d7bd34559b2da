using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.ML;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Scores data with a saved model in a process that knows ML.NET alone.</summary>
internal sealed class FreshProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnet-lrschedule-");

    /// <summary>The type the process made of the file.</summary>
    public string TransformerType { get; private set; } = "";

    /// <summary>The columns of the schema the model was saved with.</summary>
    public string[] InputColumns { get; private set; } = [];

    /// <summary>For each row the bits of its scores, by Transform and by a prediction engine.</summary>
    public IReadOnlyList<(string Transformed, string Predicted)> Scores { get; private set; } = [];

    /// <summary>Saves the model and the data, and lets the process score one by the other.</summary>
    public static FreshProcess Score(MLContext context, ITransformer model, IDataView data)
    {
        FreshProcess process = new();
        string modelPath = Path.Combine(process._folder.FullName, "model.zip"), dataPath = Path.Combine(process._folder.FullName, "data.idv");
        context.Model.Save(model, data.Schema, modelPath);
        using (FileStream stream = File.Create(dataPath))
        {
            context.Data.SaveAsBinary(data, stream);
        }

        try
        {
            process.Run(modelPath, dataPath);
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Run(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MLNet.LrSchedule.FreshProcess.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The fresh process was not done after {_patience}.");
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The fresh process ended with {process.ExitCode}: {errors.Result}");
        }

        string[] lines = output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        TransformerType = lines[0];
        InputColumns = lines[1].Split(',');
        Scores = [.. lines.Skip(2).Select(line => line.Split(' ')).Select(pair => (pair[0], pair[1]))];
    }
}
