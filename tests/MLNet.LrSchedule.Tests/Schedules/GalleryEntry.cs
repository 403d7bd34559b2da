using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>One picture of the gallery: a name, a sentence, the line of C# and what it makes, over a run.</summary>
public sealed record GalleryEntry(string Name, string Description, Schedule Schedule, string Code, TrainingRun Run)
{
    /// <summary>The file of its chart, beside the page. PNG, because half a hundred vector charts of a thousand steps are ten times as large.</summary>
    public string FileName => Name.ToLowerInvariant().Replace(' ', '-').Replace(",", "") + ".png";
}
