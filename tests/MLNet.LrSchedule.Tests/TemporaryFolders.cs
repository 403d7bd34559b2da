using System;
using System.Collections.Concurrent;
using System.IO;

namespace MLNet.LrSchedule.Tests;

/// <summary>Folders for the files of tests, deleted when the test process ends.</summary>
internal static class TemporaryFolders
{
    private static readonly ConcurrentBag<DirectoryInfo> _folders = [];

    static TemporaryFolders() => AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteAll();

    /// <summary>The path of a new folder whose name begins as given.</summary>
    public static string Create(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory(prefix);
        _folders.Add(folder);
        return folder.FullName;
    }

    private static void DeleteAll()
    {
        foreach (var folder in _folders)
        {
            try
            {
                folder.Delete(recursive: true);
            }
            catch (IOException)
            {
                // Somebody still holds a file of it, or a test has deleted it; the operating system clears the rest.
            }
        }
    }
}
