using System;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class SchedulePreviewTests
{
    [Fact]
    public void A_chart_shows_the_curve_with_its_limits()
    {
        var chart = Schedule.Linear(from: 0, to: 0.1).For(Epochs(4)).Then(Schedule.Cosine(0.1, 0)).Preview(epochs: 16, stepsPerEpoch: 3).ToAsciiChart(width: 24, height: 6);

        Assert.Equal(
            """
             0.1 |     *****
                 |    **    ***
                 |   **        ***
            0.05 |  *            ***
                 | *               ****
               0 |*                   ****
                 +------------------------
                  0              16 epochs
            """,
            chart);
    }

    [Fact]
    public void A_sparkline_rises_and_falls_with_the_values()
    {
        Assert.Equal(" .:-=+*#%@", Schedule.Linear(0, 1).Preview(epochs: 10).ToSparkline(10));
        Assert.Equal("@%#*+=-:. ", Schedule.Linear(1, 0).Preview(epochs: 10).ToSparkline(10));
        Assert.Equal(3, Schedule.Constant(1).Preview(epochs: 3).ToSparkline(10).Length);
    }

    [Fact]
    public void Csv_reads_back_to_the_same_values()
    {
        var preview = Schedule.Cosine(0.1, 1e-5).Preview(epochs: 4, stepsPerEpoch: 3);
        var path = Path.GetTempFileName();
        try
        {
            preview.SaveCsv(path);

            Assert.Equal(preview.ToCsv(), File.ReadAllText(path));
            var lines = File.ReadAllLines(path);
            Assert.Equal("step,epoch,value", lines[0]);
            Assert.Equal("0,0,0.1", lines[1]);
            Assert.StartsWith("11,3,", lines[12], StringComparison.Ordinal);
            Assert.Equal(
                preview.Values.ToArray(),
                lines.Skip(1).Select(line => double.Parse(line.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_first_step_stands_for_its_epoch()
    {
        Assert.Equal([1, 0.75, 0.5, 0.25], Schedule.Linear(1, 0).Preview(epochs: 4, stepsPerEpoch: 2).ValuesByEpoch());
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Constant(1).Preview(epochs: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Constant(1).Preview(1).ToAsciiChart(width: 5));
        Assert.Throws<InvalidOperationException>(() => Schedule.Custom(_ => double.NaN).Preview(1).ToAsciiChart());
    }
}
