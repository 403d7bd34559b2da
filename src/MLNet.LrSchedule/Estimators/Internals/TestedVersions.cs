using System;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using Microsoft.ML;

namespace MLNet.LrSchedule.Internals;

/// <summary>
/// Which ML.NET the seam was tested with, for the case that another one lacks something. The runtime looks members up when it compiles the
/// method that uses them, so what may fail is called from here, in a method of its own. An ML.NET outside the tested range is looked through at the first
/// call, so that nobody trains for an hour before something turns out to be missing.
/// </summary>
internal static class TestedVersions
{
    /// <summary>The versions the seam was tested with.</summary>
    public const string Range = "5.0.x";

    private const string RangePrefix = "5.0.";

    // The members that an assembly refers to are numbered from 1 on, behind the number of their table.
    private const int FirstMemberReference = 0x0A000001;

    private static readonly Lazy<Exception?> _missing = new(() => Loaded().StartsWith(RangePrefix, StringComparison.Ordinal) ? null : FindMissing());

    /// <summary>Does what touches ML.NET's internals; where a member is missing, says which ML.NET is needed.</summary>
    /// <exception cref="InvalidOperationException">The ML.NET that is loaded lacks a type or a member, or keeps it from us.</exception>
    public static T Touch<T>(Func<T> action)
    {
        if (_missing.Value is { } missing)
        {
            throw Untested(missing);
        }

        try
        {
            return action();
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            throw Untested(exception);
        }
    }

    private static InvalidOperationException Untested(Exception cause) => new(
        $"{typeof(TestedVersions).Assembly.GetName().Name} works with Microsoft.ML {Range}; the one loaded is {Loaded()} and lacks something it needs: " +
        cause.Message, cause);

    private static bool IsMissing(Exception exception) =>
        exception is TypeLoadException or MissingMemberException or MemberAccessException or TypeInitializationException;

    // What the runtime would stumble over later: a base class or an abstract member that is no longer what a type of ours needs, or a member that is called.
    private static Exception? FindMissing()
    {
        Module module = typeof(TestedVersions).Module;
        try
        {
            module.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.LoaderExceptions.FirstOrDefault() ?? exception;
        }

        for (int token = FirstMemberReference; ; token++)
        {
            try
            {
                module.ResolveMember(token);
            }
            catch (ArgumentOutOfRangeException)
            {
                return null;
            }
            catch (Exception exception) when (IsMissing(exception))
            {
                return exception;
            }
            catch (Exception exception) when (exception is ArgumentException or BadImageFormatException)
            {
                // A member of a generic type whose arguments only the caller knows cannot be looked up alone.
            }
        }
    }

    private static string Loaded() => FileVersionInfo.GetVersionInfo(typeof(MLContext).Assembly.Location) is { FileVersion: { } version } ? version : "unknown";
}
