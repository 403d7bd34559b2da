using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Training;
using ScottPlot;

namespace MLNet.LrSchedule.Charts;

/// <summary>A training run and the name it has in a chart.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="History">What the run recorded.</param>
public sealed record TrainingRunHistory(string Name, TrainingHistory History);

/// <summary>
/// Charts of training runs by epoch: the learning rate, the loss, and (for classification) the accuracy, in a panel each.
/// </summary>
/// <example><code>TrainingChart.Save("training.svg", [new("time-based", model.History)]);</code></example>
public static class TrainingChart
{
    /// <summary>Draws runs over each other and writes the chart.</summary>
    /// <param name="path">Where to; the ending .svg or .png says as what. An existing file is replaced.</param>
    /// <param name="runs">The runs; at least one.</param>
    /// <param name="width">Width in pixels. Range: at least 100. Default: 900.</param>
    /// <param name="height">Height in pixels. Range: at least 100. Default: 1000.</param>
    /// <exception cref="ArgumentException">There is no run, or the path has another ending.</exception>
    /// <exception cref="System.IO.IOException">The file cannot be written.</exception>
    public static void Save(string path, IReadOnlyList<TrainingRunHistory> runs, int width = 900, int height = 1000)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0)
            throw new ArgumentException("A chart needs at least one run.", nameof(runs));

        var panels = new Multiplot();
        panels.RemovePlot(panels.GetPlot(0));
        // A rate holds for its epoch, so it is drawn in steps.
        panels.AddPlot(Panel("Learning rate", runs, (epoch => epoch.LearningRate, null)));
        panels.AddPlot(Panel("Loss", runs, (epoch => epoch.TrainingLoss, epoch => epoch.ValidationLoss)));
        if (runs.Any(run => run.History.Epochs.Any(epoch => epoch.TrainingAccuracy is not null)))
            panels.AddPlot(Panel("Accuracy", runs, (epoch => epoch.TrainingAccuracy, epoch => epoch.ValidationAccuracy)));
        panels.GetPlots()[^1].XLabel("Epoch");
        ChartFile.Save(path, panels, width, height);
    }

    // One colour per run; what is measured on the training rows is dotted where the panel shows both.
    private static Plot Panel(
        string title, IReadOnlyList<TrainingRunHistory> runs, (Func<EpochRecord, double?> Training, Func<EpochRecord, double?>? Validation) values)
    {
        var plot = new Plot();
        plot.Title(title);
        var palette = new ScottPlot.Palettes.Category10();
        for (int i = 0; i < runs.Count; i++)
        {
            bool both = values.Validation is not null && runs[i].History.Epochs.Any(epoch => values.Validation(epoch) is not null);
            Line(plot, runs[i], values.Training, both ? "training" : null, palette.GetColor(i), both ? LinePattern.Dotted : LinePattern.Solid, inSteps: values.Validation is null);
            if (both)
                Line(plot, runs[i], values.Validation!, "validation", palette.GetColor(i), LinePattern.Solid, inSteps: false);
        }

        plot.ShowLegend(Edge.Right);
        // The same frame in every panel, whatever its legend, so that epochs stand below each other.
        plot.Layout.Fixed(new PixelPadding(left: 60, right: 235, bottom: 45, top: 40));
        plot.Axes.SetLimitsX(0, Math.Max(1, runs.Max(run => run.History.Epochs.Count) - 1));
        return plot;
    }

    private static void Line(
        Plot plot, TrainingRunHistory run, Func<EpochRecord, double?> value, string? part, Color color, LinePattern pattern, bool inSteps)
    {
        double[] epochs = [.. run.History.Epochs.Select(epoch => (double)epoch.Epoch)];
        double[] values = [.. run.History.Epochs.Select(epoch => value(epoch) ?? double.NaN)];
        var line = plot.Add.ScatterLine(epochs, values, color);
        line.LineWidth = 2;
        line.LinePattern = pattern;
        line.ConnectStyle = inSteps ? ConnectStyle.StepHorizontal : ConnectStyle.Straight;
        line.LegendText = part is null ? run.Name : $"{run.Name}, {part}";
    }
}
