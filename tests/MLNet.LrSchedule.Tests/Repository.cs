using System;
using System.IO;

namespace MLNet.LrSchedule.Tests;

/// <summary>The working copy that the tests were built in, for tests about the sources themselves.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    // Not by [CallerFilePath]: a deterministic build rewrites source paths.
    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MLNet.LrSchedule.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds MLNet.LrSchedule.sln.");
    }
}
