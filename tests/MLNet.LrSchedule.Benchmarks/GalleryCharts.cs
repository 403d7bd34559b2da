using System;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Charts;
using MLNet.LrSchedule.Tests.Schedules;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>Draws the charts of docs/schedules.md: one for each entry of the gallery.</summary>
/// <remarks><c>dotnet run -c Release --project tests/MLNet.LrSchedule.Benchmarks -- gallery docs/images/schedules</c></remarks>
internal static class GalleryCharts
{
    private const int Width = 640;
    private const int Height = 240;

    public static int Draw(string[] arguments)
    {
        if (arguments is not [var folder])
        {
            Console.Error.WriteLine("Name the folder for the charts, for example: gallery docs/images/schedules");
            return 2;
        }

        Directory.CreateDirectory(folder);
        foreach (var entry in ScheduleGallery.All)
        {
            ScheduleChart.Save(Path.Combine(folder, entry.FileName), [new NamedSchedule("", entry.Schedule)], entry.Run, width: Width, height: Height);
        }

        Console.WriteLine($"{ScheduleGallery.All.Count()} charts in {folder}");
        return 0;
    }
}
