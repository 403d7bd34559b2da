using System;
using System.Linq;
using MLNet.LrSchedule.Training;
using ScottPlot;

namespace MLNet.LrSchedule.Charts;

/// <summary>Charts of a learning-rate range test: the smoothed loss of each seed over the rate, and where the suggestions lie.</summary>
/// <example><code>RangeTestChart.Save("range-test.svg", trainer.FindLearningRate(data));</code></example>
public static class RangeTestChart
{
    /// <summary>Draws the test and writes the chart.</summary>
    /// <param name="path">Where to; the ending .svg or .png says as what. An existing file is replaced.</param>
    /// <param name="result">What the test found.</param>
    /// <param name="width">Width in pixels. Range: at least 100. Default: 800.</param>
    /// <param name="height">Height in pixels. Range: at least 100. Default: 450.</param>
    /// <exception cref="ArgumentException">The path has another ending.</exception>
    /// <exception cref="System.IO.IOException">The file cannot be written.</exception>
    public static void Save(string path, LearningRateFinderResult result, int width = 800, int height = 450)
    {
        ArgumentNullException.ThrowIfNull(result);
        var plot = new Plot();
        plot.Title(result.Refusal is null ? "Learning-rate range test" : "Learning-rate range test: no suggestion");
        plot.XLabel("Learning rate (power of 10)");
        plot.YLabel("Smoothed loss");
        var palette = new ScottPlot.Palettes.Category10();
        for (int i = 0; i < result.Curves.Count; i++)
        {
            var curve = result.Curves[i];
            double[] rates = [.. curve.LearningRates.Select(Math.Log10)], losses = [.. curve.SmoothedLosses];
            var line = plot.Add.ScatterLine(rates, losses, palette.GetColor(i));
            line.LineWidth = 2;
            line.LegendText = $"test {i + 1}";
        }

        // An exploding end would press the fall, which is what matters, flat.
        double[] all = [.. result.Curves.SelectMany(curve => curve.SmoothedLosses)];
        if (all.Length > 0)
        {
            double lowest = all.Min(), start = result.Curves.Max(curve => curve.SmoothedLosses.Count > 0 ? curve.SmoothedLosses[0] : lowest);
            plot.Axes.SetLimitsY(lowest - 0.1 * Math.Abs(start), start + Math.Max(0.1 * Math.Abs(start), start - lowest));
        }

        Mark(plot, "valley", result.Valley, palette.GetColor(3));
        Mark(plot, "slide", result.Slide, palette.GetColor(4));
        Mark(plot, "steepest", result.Steepest, palette.GetColor(5));
        Mark(plot, "minimum / 10", result.MinimumTenth, palette.GetColor(6));
        plot.ShowLegend(Edge.Right);
        var panels = new Multiplot();
        panels.RemovePlot(panels.GetPlot(0));
        panels.AddPlot(plot);
        ChartFile.Save(path, panels, width, height);
    }

    private static void Mark(Plot plot, string name, RateSuggestion? suggestion, Color color)
    {
        if (suggestion is not { } rate)
            return;
        var line = plot.Add.VerticalLine(Math.Log10(rate.LearningRate), 1.5f, color, LinePattern.Dashed);
        line.LegendText = FormattableString.Invariant($"{name}: {rate.LearningRate:G2}");
    }
}
