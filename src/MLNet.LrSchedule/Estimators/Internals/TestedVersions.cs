using System;
using System.Diagnostics;
using Microsoft.ML;

namespace MLNet.LrSchedule.Internals;

/// <summary>
/// Which ML.NET the seam was tested with, for the case that another one lacks something. The runtime looks members up when it compiles the
/// method that uses them, so what may fail is called from here, in a method of its own.
/// </summary>
internal static class TestedVersions
{
    /// <summary>The versions the seam was tested with.</summary>
    public const string Range = "5.0.x";

    /// <summary>Does what touches ML.NET's internals; where a member is missing, says which ML.NET is needed.</summary>
    /// <exception cref="InvalidOperationException">The ML.NET that is loaded lacks a type or a member, or keeps it from us.</exception>
    public static T Touch<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is TypeLoadException or MissingMemberException or MemberAccessException or TypeInitializationException)
        {
            throw new InvalidOperationException(
                $"{typeof(TestedVersions).Assembly.GetName().Name} works with Microsoft.ML {Range}; the one loaded is {Loaded()} and lacks something it needs: " +
                exception.Message, exception);
        }
    }

    private static string Loaded() => FileVersionInfo.GetVersionInfo(typeof(MLContext).Assembly.Location) is { FileVersion: { } version } ? version : "unknown";
}
