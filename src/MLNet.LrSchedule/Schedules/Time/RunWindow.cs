using System.Collections.Generic;
using System.Globalization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The window a schedule gets in a run, and what seems wrong with it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Length">Length of the window in steps.</param>
/// <param name="Warnings">Collects one sentence for each thing that seems wrong.</param>
internal readonly record struct RunWindow(TrainingRun Run, double Length, List<string> Warnings)
{
    public RunWindow OfLength(double length) => this with { Length = length };

    /// <summary>Warns if a length does not fit into the window.</summary>
    /// <param name="what">What is so long, for example "The warmup".</param>
    /// <param name="length">How long it is.</param>
    /// <param name="consequence">What follows, for example "the schedule behind it is never reached".</param>
    /// <param name="mayFill">Whether a length that fills the window exactly is fine.</param>
    public void WarnIfLonger(string what, Duration length, string consequence, bool mayFill) =>
        WarnIfLonger(what, length.ToString(), length.InSteps(Run), consequence, mayFill);

    public void WarnIfLonger(string what, string text, double steps, string consequence, bool mayFill)
    {
        if (steps < Length || (steps == Length && mayFill))
        {
            return;
        }

        var size = text.EndsWith("steps", System.StringComparison.Ordinal) || text.EndsWith("step", System.StringComparison.Ordinal)
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text} ({steps:0.##} steps)");
        Warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{what} takes {size}, but there are only {Length:0.##} steps for it: {consequence}."));
    }
}
