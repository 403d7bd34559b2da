using System;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Rules for lists of moments.</summary>
internal static class Milestones
{
    /// <summary>Refuses moments that are out of order. Different units can only be compared once the run is known.</summary>
    public static ValueList<Duration> Ordered(ValueList<Duration> moments, bool mayRepeat, string name)
    {
        for (var index = 1; index < moments.Count; index++)
        {
            var (before, after) = (moments[index - 1], moments[index]);
            if (before.Unit == after.Unit && (before.Amount > after.Amount || (before.Amount == after.Amount && !mayRepeat)))
            {
                throw new ArgumentException($"{name} must be in order, but {before} comes before {after}.", name);
            }
        }

        return moments;
    }

    public static RunKnowledge Needs(ValueList<Duration> moments) =>
        moments.Aggregate(RunKnowledge.None, (needs, moment) => needs | moment.Needs);
}
