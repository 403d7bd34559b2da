using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;

namespace MLNet.LrSchedule.Tests;

/// <summary>Marks a static method (string[] arguments, returning the text to print) as something that a child process can run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChildCommandAttribute : Attribute;

/// <summary>Runs methods of this assembly in processes of their own, where instruction sets are switched off or memory is limited.</summary>
internal static class ChildProcess
{
    /// <summary>The switches that leave the runtime only 256-bit, or only 128-bit, vectors.</summary>
    public static IReadOnlyDictionary<string, string> WithoutAvx512 { get; } = new Dictionary<string, string> { ["DOTNET_EnableAVX512"] = "0" };

    public static IReadOnlyDictionary<string, string> WithoutAvx2 { get; } =
        new Dictionary<string, string> { ["DOTNET_EnableAVX512"] = "0", ["DOTNET_EnableAVX2"] = "0" };

    public static int Main(string[] arguments)
    {
        var method = typeof(ChildProcess).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .SingleOrDefault(method => Name(method) == arguments.FirstOrDefault() && method.GetCustomAttribute<ChildCommandAttribute>() is not null);
        if (method is null)
        {
            Console.Error.WriteLine($"There is no child command '{arguments.FirstOrDefault()}'; the tests are run by `dotnet test`.");
            return 2;
        }

        Console.Write(((Func<string[], string>)Delegate.CreateDelegate(typeof(Func<string[], string>), method))(arguments[1..]));
        return 0;
    }

    /// <summary>Runs the command to its end and returns what it printed; fails when it fails.</summary>
    public static string Run(Func<string[], string> command, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        using var process = Start(command, environment, arguments);
        return Output(process, command);
    }

    /// <summary>As <see cref="Run"/>, from a copy of the assemblies in another folder.</summary>
    public static string RunIn(string folder, Func<string[], string> command)
    {
        string copy = Path.Combine(folder, Path.GetFileName(typeof(ChildProcess).Assembly.Location));
        using var process = Start(copy, command, null, []);
        return Output(process, command);
    }

    private static string Output(Process process, Func<string[], string> command)
    {
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"The child process '{Name(command.Method)}' ended with {process.ExitCode}: {errors.Result}");
    }

    /// <summary>Starts the command; the caller reads what it prints and waits for it, or kills it.</summary>
    public static Process Start(Func<string[], string> command, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments) =>
        Start(typeof(ChildProcess).Assembly.Location, command, environment, arguments);

    private static Process Start(string assembly, Func<string[], string> command, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && host.EndsWith("dotnet", StringComparison.Ordinal) ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { assembly, Name(command.Method) },
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.FullName}.{method.Name}";
}
