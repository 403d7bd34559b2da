using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>What is learnt from a table.</summary>
internal enum ComparedTask
{
    Binary,
    Multiclass,
    Regression,
}

/// <summary>
/// A CSV file as an ML.NET user would load it: a header, the label in the last column, a column categorical where some value is no number, an
/// empty field missing. The preprocessing is the same for every trainer: one-hot encoding, the mean for missing numbers, mean and variance.
/// </summary>
internal sealed class ComparedSet
{
    private readonly MLContext _context;
    private readonly string[] _numbers;
    private readonly string[] _categories;

    private ComparedSet(MLContext context, string path, string[][] lines)
    {
        _context = context;
        Name = Path.GetFileNameWithoutExtension(path);
        bool hasHeader = lines[0][^1] == "Label";
        string[][] rows = hasHeader ? lines[1..] : lines;
        string[] names = [.. lines[0].SkipLast(1).Select((name, i) => hasHeader ? name : $"Feature{i}")];
        ILookup<bool, int> columns = Enumerable.Range(0, names.Length).ToLookup(column => rows.Any(row => row[column].Length > 0 && !IsNumber(row[column])));
        _numbers = [.. columns[false].Select(column => names[column])];
        _categories = [.. columns[true].Select(column => names[column])];
        string[] classes = [.. rows.Select(row => row[^1]).Distinct().Order(StringComparer.Ordinal)];
        Task = classes.All(IsNumber) ? ComparedTask.Regression : classes.Length == 2 ? ComparedTask.Binary : ComparedTask.Multiclass;
        RowCount = rows.Length;

        IDataView loaded = context.Data.LoadFromTextFile(path, new TextLoader.Options
        {
            Separators = [','],
            HasHeader = hasHeader,
            MissingRealsAsNaNs = true,
            Columns =
            [
                .. columns[false].Select(column => new TextLoader.Column(names[column], DataKind.Single, column)),
                .. columns[true].Select(column => new TextLoader.Column(names[column], DataKind.String, column)),
                new TextLoader.Column("Label", Task == ComparedTask.Regression ? DataKind.Single : DataKind.String, names.Length),
            ],
        });

        // Of two classes the rarer one is the positive.
        string positive = rows.Select(row => row[^1]).CountBy(label => label).MinBy(pair => pair.Value).Key;
        IEstimator<ITransformer>? label = Task switch
        {
            ComparedTask.Binary => context.Transforms.Conversion.MapValue("Label", classes.Select(name => KeyValuePair.Create(name, name == positive)), "Label"),
            ComparedTask.Multiclass => context.Transforms.Conversion.MapValueToKey("Label"),
            _ => null,
        };
        Data = context.Data.Cache(label is null ? loaded : label.Fit(loaded).Transform(loaded));
    }

    public string Name { get; }

    public ComparedTask Task { get; }

    public int RowCount { get; }

    public IDataView Data { get; }

    public static ComparedSet Read(MLContext context, string path) =>
        new(context, path, [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split(','))]);

    /// <summary>The preprocessing, to be fitted on the training part.</summary>
    public IEstimator<ITransformer> Preprocessing()
    {
        InputOutputColumnPair[] numbers = [.. _numbers.Select(name => new InputOutputColumnPair(name))];
        IEstimator<ITransformer> pipeline = _context.Transforms.ReplaceMissingValues(numbers, MissingValueReplacingEstimator.ReplacementMode.Mean)
            .Append(_context.Transforms.NormalizeMeanVariance(numbers, fixZero: false));
        if (_categories.Length > 0)
        {
            pipeline = pipeline.Append(_context.Transforms.Categorical.OneHotEncoding([.. _categories.Select(name => new InputOutputColumnPair(name))]));
        }

        return pipeline.Append(_context.Transforms.Concatenate("Features", [.. _numbers, .. _categories]));
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
