using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The names under which records are saved: those built in, and those users register.</summary>
internal static class ScheduleNames
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal);
    private static readonly Dictionary<Type, string> Names = [];

    static ScheduleNames()
    {
        foreach (var (name, type) in BuiltIn)
        {
            Types.Add(name, type);
            Names.Add(type, name);
        }
    }

    private static IEnumerable<(string Name, Type Type)> BuiltIn =>
    [
        ("constant", typeof(ConstantSchedule)),
        ("polynomial", typeof(PolynomialDecay)),
        ("cosine", typeof(CosineAnnealing)),
        ("timeBased", typeof(TimeBasedDecay)),
        ("compounding", typeof(CompoundingDecay)),
        ("stepDecay", typeof(StepDecay)),
        ("exponential", typeof(ExponentialDecay)),
        ("opaque", typeof(OpaqueSchedule)),
        ("phase", typeof(Phase)),
        ("sequence", typeof(Sequence)),
        ("warmup", typeof(Warmup)),
        ("restarts", typeof(Restarts)),
        ("staircase", typeof(Staircase)),
        ("clamp", typeof(Clamped)),
        ("advance", typeof(Advanced)),
        ("product", typeof(Product)),
        ("sum", typeof(Sum)),
        ("smallest", typeof(Smallest)),
        ("largest", typeof(Largest)),
    ];

    public static void Register(Type type, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        lock (Gate)
        {
            if (Types.TryGetValue(name, out var taken) && taken != type)
            {
                throw new ArgumentException($"The name '{name}' already belongs to {taken}.", nameof(name));
            }

            if (Names.TryGetValue(type, out var other) && other != name)
            {
                throw new ArgumentException($"{type} is already registered as '{other}'.", nameof(name));
            }

            Types[name] = type;
            Names[type] = name;
        }
    }

    public static bool TryGetType(string name, [NotNullWhen(true)] out Type? type)
    {
        lock (Gate)
        {
            return Types.TryGetValue(name, out type);
        }
    }

    public static bool TryGetName(Type type, [NotNullWhen(true)] out string? name)
    {
        lock (Gate)
        {
            return Names.TryGetValue(type, out name);
        }
    }
}
