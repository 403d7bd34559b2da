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
        var table = new Table().Border(TableBorder.Rounded).Title("Validation accuracy of the last epoch over the seeds; mean loss; median time of a run");
        table.AddColumn(new TableColumn("experiment").NoWrap());
        foreach (string column in new[] { "tutorial\n%", "median\n%", "mean\n%", "min\n%", "share at\n99.14 %", "loss", "ms" })
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        foreach (var (experiment, runs) in results)
        {
            double[] accuracies = [.. runs.Select(run => run.ValidationAccuracy)];
            table.AddRow(
                experiment.Name,
                Number(experiment.TutorialAccuracy),
                Number(accuracies.Median()),
                Number(accuracies.Mean()),
                Number(accuracies.Min()),
                // Half a row of slack, so that no rounding of 115/116 decides.
                $"{accuracies.Count(accuracy => accuracy > TutorialBest - 0.5 / 116) / (double)accuracies.Length:F2}",
                $"{runs.Average(run => run.ValidationLoss):F4}",
                $"{runs.Select(run => run.Elapsed.TotalMilliseconds).Median():F1}");
        }

        return table;
    }

    private static string Number(double share) => FormattableString.Invariant($"{100 * share:F2}");

    public static string Percent(double share) => FormattableString.Invariant($"{100 * share:F2} %");
}
