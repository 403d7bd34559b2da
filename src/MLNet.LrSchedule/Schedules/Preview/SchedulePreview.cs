using System;
using System.Globalization;
using System.IO;
using System.Text;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The values of a schedule at every step of a run, exactly as a training loop would read them.</summary>
/// <example><code>
/// var preview = schedule.Preview(epochs: 75, stepsPerEpoch: 120);
/// Console.WriteLine(preview.ToAsciiChart());
/// preview.SaveCsv("schedule.csv");
/// </code></example>
public sealed class SchedulePreview
{
    private readonly double[] _values;

    internal SchedulePreview(Schedule schedule, TrainingRun run)
    {
        Schedule = schedule;
        Run = run;
        var prepared = schedule.PrepareFor(run);
        _values = new double[run.TotalSteps];
        for (var step = 0; step < _values.Length; step++)
        {
            _values[step] = prepared.At(run.At(step));
        }
    }

    /// <summary>The schedule that was sampled.</summary>
    public Schedule Schedule { get; }

    /// <summary>The run it was sampled over.</summary>
    public TrainingRun Run { get; }

    /// <summary>One value for each step of the run.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The value of the first step of each epoch.</summary>
    public double[] ValuesByEpoch()
    {
        var epochs = new double[(Run.TotalSteps + Run.StepsPerEpoch - 1) / Run.StepsPerEpoch];
        for (var epoch = 0; epoch < epochs.Length; epoch++)
        {
            epochs[epoch] = _values[epoch * Run.StepsPerEpoch];
        }

        return epochs;
    }

    /// <summary>The curve as a picture made of text, with the values on the left and epochs below.</summary>
    /// <param name="width">Columns of the plot; at least 10. Default 64.</param>
    /// <param name="height">Rows of the plot; at least 2. Default 12.</param>
    public string ToAsciiChart(int width = 64, int height = 12) => AsciiChart.Draw(_values, Run, width, height);

    /// <summary>The curve as one line of text, from space for the lowest to @ for the highest value.</summary>
    /// <param name="width">Characters; at least 1. Default 64.</param>
    public string ToSparkline(int width = 64) => AsciiChart.Line(_values, width);

    /// <summary>The values as comma-separated text with the columns step, epoch and value, in the invariant culture; numbers read back exactly.</summary>
    public string ToCsv()
    {
        using var writer = new StringWriter(new StringBuilder(), CultureInfo.InvariantCulture);
        WriteCsv(writer);
        return writer.ToString();
    }

    /// <summary>Writes the values to a file, as <see cref="ToCsv"/> gives them.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCsv(string path)
    {
        using var writer = new StreamWriter(path);
        WriteCsv(writer);
    }

    private void WriteCsv(TextWriter writer)
    {
        writer.Write("step,epoch,value\n");
        for (long step = 0; step < _values.Length; step++)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{step},{step / Run.StepsPerEpoch},{RoundTrip.Text(_values[step])}\n"));
        }
    }
}
