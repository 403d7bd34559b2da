using System;
using System.Globalization;
using System.Text;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Curves as text.</summary>
internal static class AsciiChart
{
    private const string Heights = " .:-=+*#%@";

    public static string Draw(ReadOnlySpan<double> values, TrainingRun run, int width, int height)
    {
        Require.AtLeast(width, 10, nameof(width));
        Require.AtLeast(height, 2, nameof(height));
        width = Math.Min(width, values.Length);
        var (lowest, highest) = Range(values);
        var labels = new[] { Label(highest), Label((highest + lowest) / 2), Label(lowest) };
        var margin = Math.Max(labels[0].Length, Math.Max(labels[1].Length, labels[2].Length));

        var cells = new bool[height, width];
        for (var column = 0; column < width; column++)
        {
            // All values between two columns are drawn, so that a jump or a short cycle is never lost.
            var (low, high) = Range(Column(values, column, width));
            for (var row = Row(high, lowest, highest, height); row <= Row(low, lowest, highest, height); row++)
            {
                cells[row, column] = true;
            }
        }

        var text = new StringBuilder();
        for (var row = 0; row < height; row++)
        {
            var isFlat = lowest == highest;
            var label = row == height / 2 ? labels[1] : isFlat ? "" : row == 0 ? labels[0] : row == height - 1 ? labels[2] : "";
            text.Append(label.PadLeft(margin)).Append(" |");
            var line = new char[width];
            for (var column = 0; column < width; column++)
            {
                line[column] = cells[row, column] ? '*' : ' ';
            }

            text.Append(new string(line).TrimEnd()).Append('\n');
        }

        var end = string.Create(CultureInfo.InvariantCulture, $"{run.TotalEpochs:0.##} epochs");
        text.Append(' ', margin).Append(" +").Append('-', width).Append('\n');
        text.Append(' ', margin + 2).Append('0').Append(end.PadLeft(Math.Max(width - 1, end.Length + 1)));
        return text.ToString();
    }

    public static string Line(ReadOnlySpan<double> values, int width)
    {
        width = Math.Min(Require.AtLeast(width, 1, nameof(width)), values.Length);
        var (lowest, highest) = Range(values);
        var line = new char[width];
        for (var column = 0; column < width; column++)
        {
            var (low, high) = Range(Column(values, column, width));
            var height = highest > lowest ? ((low + high) / 2 - lowest) / (highest - lowest) : 0.5;
            line[column] = Heights[(int)Math.Round(height * (Heights.Length - 1))];
        }

        return new string(line);
    }

    private static ReadOnlySpan<double> Column(ReadOnlySpan<double> values, int column, int width)
    {
        var start = (int)((long)column * values.Length / width);
        var end = (int)((column + 1L) * values.Length / width);
        return values[start..end];
    }

    private static int Row(double value, double lowest, double highest, int height) =>
        highest > lowest ? (int)Math.Round((highest - value) / (highest - lowest) * (height - 1)) : height / 2;

    private static (double Lowest, double Highest) Range(ReadOnlySpan<double> values)
    {
        var (lowest, highest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new InvalidOperationException("The schedule has a value that is not finite, which cannot be drawn.");
            }

            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }

        return (lowest, highest);
    }

    private static string Label(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
