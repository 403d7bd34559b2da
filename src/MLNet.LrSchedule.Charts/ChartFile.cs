using System;
using System.IO;
using ScottPlot;
using SkiaSharp;

namespace MLNet.LrSchedule.Charts;

/// <summary>Writes panels, one below the other, as SVG or PNG: the file's ending says which.</summary>
internal static class ChartFile
{
    public static void Save(string path, Multiplot panels, int width, int height)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 100);
        string ending = Path.GetExtension(path);
        if (ending.Equals(".png", StringComparison.OrdinalIgnoreCase))
        {
            panels.SavePng(path, width, height);
            return;
        }

        if (!ending.Equals(".svg", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"'{path}' ends in neither .svg nor .png.", nameof(path));

        // ScottPlot writes a single plot as SVG; a column of plots is drawn on SkiaSharp's SVG canvas in the same way.
        using var stream = new SKFileWStream(path);
        if (!stream.IsValid)
            throw new IOException($"The chart '{path}' cannot be written.");
        using var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream);
        panels.Render(canvas, new PixelRect(0, width, height, 0));
    }
}
