using System.Collections.Generic;
using System.Globalization;
using System.IO;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.LrSchedule.Samples.Ionosphere;

/// <summary>One radar return: 34 numbers, and whether it shows structure in the ionosphere (g, good) or not (b, bad).</summary>
internal sealed class Signal
{
    [LoadColumn(0, IonosphereData.FeatureCount - 1)]
    [VectorType(IonosphereData.FeatureCount)]
    public float[] Features { get; set; } = [];

    [LoadColumn(IonosphereData.FeatureCount)]
    public string Class { get; set; } = "";
}

/// <summary>The data file: checked line by line first, so that a mistake in it is named by line and column, then read by ML.NET.</summary>
internal static class IonosphereData
{
    public const int FeatureCount = 34;

    /// <summary>Lines of which every column and label is what it should be.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="SampleException">The file is missing, empty, or a line of it is not as described.</exception>
    public static int Check(string path)
    {
        if (!File.Exists(path))
            throw new SampleException($"{path}: there is no such file; give the path of a CSV file with --data.");

        int rows = 0;
        // CsvHelper reads the fields: quoting and line ends are its business, not ours.
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { HasHeaderRecord = false, BadDataFound = null };
        using var reader = OpenText(path);
        using var csv = new CsvReader(reader, configuration);
        while (csv.Read())
        {
            rows++;
            CheckLine(path, csv);
        }

        return rows switch
        {
            0 => throw new SampleException($"{path}: the file is empty; it should hold {FeatureCount} numbers and a label, g or b, on every line."),
            1 => throw new SampleException($"{path}: one row is not enough; the last third of the rows validates what the others train."),
            _ => rows,
        };
    }

    /// <summary>The rows as ML.NET sees them, with the label as a Boolean column: good is true.</summary>
    public static IDataView Load(MLContext ml, string path)
    {
        var text = ml.Data.LoadFromTextFile<Signal>(path, separatorChar: ',');
        var labelled = ml.Transforms.Conversion.MapValue("Label", new Dictionary<string, bool> { ["g"] = true, ["b"] = false }, nameof(Signal.Class))
            .Fit(text)
            .Transform(text);
        // Hundreds of runs read these rows; without a cache each would parse the file again.
        return ml.Data.Cache(labelled);
    }

    private static StreamReader OpenText(string path)
    {
        try
        {
            return new StreamReader(path);
        }
        catch (System.Exception e) when (e is IOException or System.UnauthorizedAccessException)
        {
            throw new SampleException($"{path}: the file cannot be read ({e.Message}).");
        }
    }

    private static void CheckLine(string path, CsvReader csv)
    {
        int line = csv.Context.Parser!.RawRow, columns = csv.Context.Parser.Count;
        if (columns != FeatureCount + 1)
        {
            string verdict = columns < FeatureCount + 1 ? $"column {columns + 1} is missing" : $"column {FeatureCount + 2} is one too many";
            throw new SampleException(
                $"{path}, line {line}: {verdict}; a line has {FeatureCount + 1} columns ({FeatureCount} numbers, then g or b) but this one has {columns}.");
        }

        for (int column = 0; column < FeatureCount; column++)
        {
            string field = csv.GetField(column)!;
            if (!float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) || !float.IsFinite(value))
                throw new SampleException($"{path}, line {line}, column {column + 1}: '{field}' is not a number.");
        }

        string label = csv.GetField(FeatureCount)!;
        if (label is not ("g" or "b"))
            throw new SampleException($"{path}, line {line}, column {FeatureCount + 1}: the label is '{label}' but must be g or b.");
    }
}
