using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>One picture of the gallery: a name, a sentence, the line of C# and what it makes, over a run.</summary>
public sealed record GalleryEntry(string Name, string Description, Schedule Schedule, string Code, TrainingRun Run)
{
    /// <summary>The name as part of a file name.</summary>
    public string Slug => Name.ToLowerInvariant().Replace(' ', '-').Replace(",", "").Replace("(", "").Replace(")", "");
}
