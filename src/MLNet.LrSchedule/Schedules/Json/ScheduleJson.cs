using System;
using System.IO;
using System.Text.Json;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Schedules as JSON: short names, readable durations, and the same schedule back.</summary>
/// <remarks>
/// <para>A number is the constant schedule; everything else is an object whose <c>schedule</c> property names the type:
/// <c>{"schedule":"warmup","over":"500 steps","from":0,"inner":{"schedule":"cosine","from":0.1,"to":1E-05}}</c>. Properties at their default are left out.</para>
/// <para>The types carry their converters, so a <see cref="Schedule"/> property of any object is read and written the same way by
/// <see cref="JsonSerializer"/>, which reports errors as <see cref="JsonException"/>.</para>
/// <para>A function (<see cref="Schedule.Custom"/>) is written as <c>{"schedule":"opaque"}</c> and read back as an <see cref="OpaqueSchedule"/>.</para>
/// </remarks>
public static class ScheduleJson
{
    /// <summary>Longest text that is read, in characters: far above any schedule, far below what could exhaust memory.</summary>
    public const int LargestText = 1 << 20;

    /// <summary>Deepest nesting of JSON objects and lists that is read or written.</summary>
    public const int LargestDepth = 64;

    /// <summary>Gives a schedule record of your own a name, so that it can be saved and loaded. Registering the same pair again does nothing.</summary>
    /// <typeparam name="TSchedule">The record; its constructor parameters are its properties, as of a positional record.</typeparam>
    /// <param name="name">The name, for example <c>"acme.sawtooth"</c>; it must stay the same for as long as saved files are to be read.</param>
    /// <exception cref="ArgumentException">The name is empty, or the name or the type is taken.</exception>
    public static void Register<TSchedule>(string name)
        where TSchedule : Schedule => RecordNames.Schedules.Register(typeof(TSchedule), name);

    /// <summary>The schedule as JSON text.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="indented">Whether to break lines and indent. Default false.</param>
    /// <exception cref="InvalidOperationException">The schedule, or a part of it, is an unregistered record or nested too deeply.</exception>
    public static string Write(Schedule schedule, bool indented = false) => JsonForm.Write(schedule, "schedule", indented);

    /// <summary>Reads a schedule written by <see cref="Write"/>.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">
    /// The text is not one schedule: broken JSON, an unknown name or property, a wrong type, a value out of range, too deep or too long. The message says which.
    /// </exception>
    public static Schedule Read(string json) => JsonForm.Read<Schedule>(json, "schedule");
}
