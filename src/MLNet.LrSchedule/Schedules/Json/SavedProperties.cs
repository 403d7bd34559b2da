using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.Json;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The properties of a record that are saved: those that can be set, constructor parameters first; and which value of each need not be written.</summary>
internal static class SavedProperties
{
    private static readonly ConcurrentDictionary<Type, SavedProperty[]> Known = new();

    public static IReadOnlyList<SavedProperty> Of(Type type) => Known.GetOrAdd(type, Find);

    private static SavedProperty[] Find(Type type)
    {
        if (type.GetConstructors() is not [var constructor])
        {
            throw new JsonException($"{type} needs exactly one public constructor to be saved");
        }

        var parameters = constructor.GetParameters();
        var settable = type
            .GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.SetMethod is { IsPublic: true } && property.GetMethod is { IsPublic: true })
            .ToArray();
        var written = new List<SavedProperty>();
        foreach (var parameter in parameters)
        {
            var property = settable.FirstOrDefault(property => string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase))
                ?? throw new JsonException($"{type} has no public property that can be set for its constructor parameter '{parameter.Name}'");
            written.Add(new(property, parameter.HasDefaultValue, parameter.HasDefaultValue ? DefaultOf(parameter) : null));
        }

        // A property outside the constructor starts with the value its initializer gives it; only a record without parameters can be made to see which.
        var blank = parameters.Length == 0 ? constructor.Invoke(null) : null;
        foreach (var property in settable.Where(property => written.All(saved => saved.Property != property)))
        {
            written.Add(new(property, blank is not null, blank is null ? null : property.GetValue(blank)));
        }

        return [.. written];
    }

    private static object? DefaultOf(ParameterInfo parameter) =>
        parameter.DefaultValue ?? (parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null);
}
