using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using ScottPlot;

namespace MLNet.LrSchedule.Charts;

/// <summary>A schedule and the name it has in a chart.</summary>
/// <param name="Name">The name in the legend; empty shows none.</param>
/// <param name="Schedule">The schedule.</param>
public sealed record NamedSchedule(string Name, Schedule Schedule);

/// <summary>Charts of schedules over a run, before a single step is trained: the value over the epochs, several schedules in one.</summary>
/// <example>
/// <code>
/// ScheduleChart.Save("schedule.svg", Schedule.Cosine(from: 0.1, to: 0).WithWarmup(over: Duration.Epochs(5)), epochs: 50);
/// </code>
/// </example>
public static class ScheduleChart
{
    /// <summary>Draws one schedule and writes the chart.</summary>
    /// <param name="path">Where to; the ending .svg or .png says as what. An existing file is replaced.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="epochs">Epochs of the run. Range: at least 1.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch. Range: at least 1. Default: 100, fine enough for a smooth curve.</param>
    /// <exception cref="ArgumentException">The path has another ending.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="System.IO.IOException">The file cannot be written.</exception>
    public static void Save(string path, Schedule schedule, int epochs, int stepsPerEpoch = 100) =>
        Save(path, [new NamedSchedule("", schedule)], TrainingRun.OfEpochs(epochs, stepsPerEpoch));

    /// <summary>Draws schedules over each other and writes the chart.</summary>
    /// <param name="path">Where to; the ending .svg or .png says as what. An existing file is replaced.</param>
    /// <param name="schedules">The schedules; at least one.</param>
    /// <param name="run">The run that they are drawn over.</param>
    /// <param name="title">The title. Default: none.</param>
    /// <param name="width">Width in pixels. Range: at least 100. Default: 800.</param>
    /// <param name="height">Height in pixels. Range: at least 100. Default: 400.</param>
    /// <exception cref="ArgumentException">There is no schedule, or the path has another ending.</exception>
    /// <exception cref="System.IO.IOException">The file cannot be written.</exception>
    public static void Save(
        string path, IReadOnlyList<NamedSchedule> schedules, TrainingRun run, string title = "", int width = 800, int height = 400)
    {
        ArgumentNullException.ThrowIfNull(schedules);
        ArgumentNullException.ThrowIfNull(run);
        if (schedules.Count == 0)
            throw new ArgumentException("A chart needs at least one schedule.", nameof(schedules));

        var panels = new Multiplot();
        panels.RemovePlot(panels.GetPlot(0));
        panels.AddPlot(Panel(schedules, run, title));
        ChartFile.Save(path, panels, width, height);
    }

    private static Plot Panel(IReadOnlyList<NamedSchedule> schedules, TrainingRun run, string title)
    {
        var plot = new Plot();
        if (title.Length > 0)
            plot.Title(title);
        var palette = new ScottPlot.Palettes.Category10();
        for (int i = 0; i < schedules.Count; i++)
            Line(plot, schedules[i], run, palette.GetColor(i));
        plot.XLabel("Epoch");
        plot.Axes.SetLimitsX(0, run.TotalEpochs);
        if (schedules.Any(schedule => schedule.Name.Length > 0))
            plot.ShowLegend(Edge.Right);
        return plot;
    }

    // A value holds for its step, so the curve goes in steps; what is drawn has no more points than a wide screen, but keeps the extremes of what it leaves out.
    private static void Line(Plot plot, NamedSchedule schedule, TrainingRun run, Color color)
    {
        const int MaximumPoints = 4000;
        double[] values = schedule.Schedule.Preview(run).Values.ToArray();
        int stride = Math.Max(1, (int)Math.Ceiling(values.Length / (double)MaximumPoints));
        var steps = new List<int>();
        for (int first = 0; first < values.Length; first += stride)
        {
            int end = Math.Min(values.Length, first + stride);
            var range = Enumerable.Range(first, end - first).ToArray();
            steps.AddRange(new[] { first, range.MinBy(step => values[step]), range.MaxBy(step => values[step]) }.Distinct().Order());
        }

        double perEpoch = run.StepsPerEpoch;
        double[] epochs = [.. steps.Select(step => step / perEpoch), values.Length / perEpoch];
        double[] drawn = [.. steps.Select(step => values[step]), values[^1]];
        var line = plot.Add.ScatterLine(epochs, drawn, color);
        line.LineWidth = 2;
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        line.LegendText = schedule.Name;
    }
}
