using System;
using System.IO;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Reactive schedules and their states as JSON, with the rules of <see cref="ScheduleJson"/>.</summary>
/// <remarks>For example <c>{"reactive":"reduceOnPlateau","factor":0.5,"patience":5}</c>; properties at their default are left out.</remarks>
public static class ReactiveJson
{
    /// <summary>Gives a reactive schedule of your own a name, so that it can be saved and loaded.</summary>
    /// <typeparam name="TSchedule">The record.</typeparam>
    /// <param name="name">The name; it must stay the same for as long as saved files are to be read.</param>
    /// <exception cref="ArgumentException">The name is empty, or the name or the type is taken.</exception>
    public static void Register<TSchedule>(string name)
        where TSchedule : ReactiveSchedule => RecordNames.Reactive.Register(typeof(TSchedule), name);

    /// <summary>Gives the state of a reactive schedule of your own a name, so that it can be saved and loaded.</summary>
    /// <typeparam name="TState">The record.</typeparam>
    /// <param name="name">The name; it must stay the same for as long as saved files are to be read.</param>
    /// <exception cref="ArgumentException">The name is empty, or the name or the type is taken.</exception>
    public static void RegisterState<TState>(string name)
        where TState : ReactiveState => RecordNames.ReactiveStates.Register(typeof(TState), name);

    /// <summary>The reactive schedule as JSON text.</summary>
    /// <param name="schedule">The reactive schedule.</param>
    /// <param name="indented">Whether to break lines and indent. Default false.</param>
    /// <exception cref="InvalidOperationException">The schedule is an unregistered record.</exception>
    public static string Write(ReactiveSchedule schedule, bool indented = false) => JsonForm.Write(schedule, "reactive schedule", indented);

    /// <summary>The state as JSON text.</summary>
    /// <param name="state">The state.</param>
    /// <param name="indented">Whether to break lines and indent. Default false.</param>
    /// <exception cref="InvalidOperationException">The state is an unregistered record.</exception>
    public static string Write(ReactiveState state, bool indented = false) => JsonForm.Write(state, "reactive state", indented);

    /// <summary>Reads a reactive schedule.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text is not one reactive schedule; the message says why.</exception>
    public static ReactiveSchedule Read(string json) => JsonForm.Read<ReactiveSchedule>(json, "reactive schedule");

    /// <summary>Reads a state.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text is not one state; the message says why.</exception>
    public static ReactiveState ReadState(string json) => JsonForm.Read<ReactiveState>(json, "reactive state");
}
