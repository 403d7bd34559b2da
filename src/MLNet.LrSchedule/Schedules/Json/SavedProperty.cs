using System.Reflection;

namespace MLNet.LrSchedule.Schedules;

/// <summary>One saved property of a record.</summary>
/// <param name="Property">The property.</param>
/// <param name="HasDefault">Whether reading the record without it gives it a value.</param>
/// <param name="Default">That value.</param>
internal sealed record SavedProperty(PropertyInfo Property, bool HasDefault, object? Default)
{
    public bool IsDefault(object? value) => HasDefault && Equals(value, Default);
}
