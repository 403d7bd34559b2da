using System;
using System.Collections.Generic;
using System.Linq;
using MathNet.Numerics.Statistics;
using Spectre.Console;

namespace MLNet.LrSchedule.Samples.Ionosphere;

/// <summary>The table at the end: what the seeds gave, beside what the tutorial reports.</summary>
internal static class ResultTable
{
    // 115 of the 116 validation rows; the tutorial prints it as 99.14 %.
    private const double TutorialBest = 115.0 / 116;

    public static Table Build(IEnumerable<(Experiment Experiment, IReadOnlyList<RunResult> Runs)> results)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("Validation accuracy of the last epoch");
        table.AddColumn("experiment");
        foreach (string column in new[] { "tutorial", "median", "mean", "minimum", "at 99.14 %\nor better", "mean validation\nloss", "ms per run\n(median)" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var (experiment, runs) in results)
        {
            double[] accuracies = [.. runs.Select(run => run.ValidationAccuracy)];
            table.AddRow(
                experiment.Name,
                Percent(experiment.TutorialAccuracy),
                Percent(accuracies.Median()),
                Percent(accuracies.Mean()),
                Percent(accuracies.Min()),
                // Half a row of slack, so that no rounding of 115/116 decides.
                $"{accuracies.Count(accuracy => accuracy > TutorialBest - 0.5 / 116) / (double)accuracies.Length:F2}",
                $"{runs.Average(run => run.ValidationLoss):F4}",
                $"{runs.Select(run => run.Elapsed.TotalMilliseconds).Median():F1}");
        }

        return table;
    }

    public static string Percent(double share) => FormattableString.Invariant($"{100 * share:F2} %");
}
