using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Fits whose rows are streamed from the data view instead of being held.</summary>
public sealed class MaximumCachedRowsTests
{
    private const int FileFeatures = 100;

    // The smallest heap that ML.NET's text loader and a small network run in with room to spare.
    private const long HeapLimit = 64 << 20;

    private readonly MLContext _context = new(seed: 1);

    private readonly MlpOptions _options = new() { HiddenLayers = [8], NumberOfEpochs = 5, LearningRate = 0.1, BatchSize = 16, Seed = 3 };

    [Fact]
    public void Without_shuffling_the_weights_have_the_bits_of_a_fit_in_memory()
    {
        IDataView data = Rows.LoadBinary(_context);
        MlpOptions options = _options with { Shuffle = false, ExampleWeightColumnName = "Weight" };
        Assert.Equal(Weights(_context.BinaryClassification.Trainers.Mlp(options).Fit(data).Model.SubModel.Layers),
            Weights(_context.BinaryClassification.Trainers.Mlp(options with { MaximumCachedRows = 10 }).Fit(data).Model.SubModel.Layers));
    }

    [Fact]
    public void Labels_of_a_regression_are_scaled_as_in_memory()
    {
        IDataView data = Rows.LoadRegression(_context);
        MlpOptions options = _options with { Shuffle = false, LearningRate = 0.01, ExampleWeightColumnName = "Weight" };
        var memory = _context.Regression.Trainers.Mlp(options).Fit(data);
        var stream = _context.Regression.Trainers.Mlp(options with { MaximumCachedRows = 10 }).Fit(data);
        Assert.Equal(memory.Transform(data).GetColumn<float>("Score"), stream.Transform(data).GetColumn<float>("Score"));
    }

    [Fact]
    public void With_a_place_for_every_row_a_fit_learns_as_well_as_in_memory()
    {
        IDataView data = Rows.LoadMulticlass(_context, 400), test = Rows.LoadMulticlass(_context, 400, seed: 2);
        double memory = Accuracy(_options), stream = Accuracy(_options with { MaximumCachedRows = 400 });
        Assert.True(stream > 0.85, $"{stream}");
        Assert.InRange(stream, memory - 0.06, memory + 0.06);

        double Accuracy(MlpOptions options) => _context.MulticlassClassification
            .Evaluate(_context.MulticlassClassification.Trainers.Mlp(options with { NumberOfEpochs = 20 }).Fit(data).Transform(test)).MicroAccuracy;
    }

    [Fact]
    public void Validation_rows_are_streamed_from_a_set_and_from_a_share()
    {
        IDataView data = Rows.LoadBinary(_context), other = Rows.LoadBinary(_context, 60, seed: 4);
        MlpOptions options = _options with { Shuffle = false, MaximumCachedRows = 10 };
        TrainingHistory stream = _context.BinaryClassification.Trainers.Mlp(options).Fit(data, other).Model.SubModel.History;
        TrainingHistory memory = _context.BinaryClassification.Trainers.Mlp(options with { MaximumCachedRows = null }).Fit(data, other).Model.SubModel.History;
        Assert.Equal(memory.Epochs.Select(epoch => epoch.ValidationLoss), stream.Epochs.Select(epoch => epoch.ValidationLoss));

        TrainingHistory share = _context.BinaryClassification.Trainers.Mlp(options with { ValidationSetFraction = 0.3 }).Fit(data).Model.SubModel.History;
        Assert.Equal((140, 60), (share.TrainingRows, share.ValidationRows));
    }

    [Fact]
    public void Rows_that_a_column_marks_are_validated_on()
    {
        IDataView data = Rows.Load(_context, Rows.Binary(80).Select((row, i) => new MarkedRow { Label = row.Label, Features = row.Features, IsHeldOut = i % 4 == 1 }));
        MlpOptions options = _options with { Shuffle = false, ValidationColumnName = "IsHeldOut" };
        TrainingHistory memory = _context.BinaryClassification.Trainers.Mlp(options).Fit(data).Model.SubModel.History;
        TrainingHistory stream = _context.BinaryClassification.Trainers.Mlp(options with { MaximumCachedRows = 9 }).Fit(data).Model.SubModel.History;
        Assert.Equal((60, 20), (stream.TrainingRows, stream.ValidationRows));
        Assert.Equal(
            memory.Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)), stream.Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)));
    }

    [Fact]
    public void The_count_is_on_the_log_and_rows_that_cannot_be_used_are_told_of_once()
    {
        List<string> messages = [];
        _context.Log += (_, e) => messages.Add(e.Message);
        IDataView data = Rows.Load(_context, [.. Rows.Binary(40), new BinaryRow { Features = [1, float.NaN, 0, 0, 0] }]);
        _context.BinaryClassification.Trainers.Mlp(_options with { MaximumCachedRows = 7 }).Fit(data);
        Assert.Single(messages, message => message.Contains("Counted 40 usable rows for training", StringComparison.Ordinal));
        Assert.Single(messages, message => message.Contains("Skipped 1 instances", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rate_is_found_from_a_stream()
    {
        var found = _context.BinaryClassification.Trainers.Mlp(_options with { MaximumCachedRows = 50 }).FindLearningRate(Rows.LoadBinary(_context));
        Assert.Null(found.Refusal);
    }

    [Fact]
    public void Labels_are_checked_before_the_first_step() => Assert.Contains("non-negative label", Assert.Throws<InvalidOperationException>(
        () => _context.Regression.Trainers.Mlp(_options with { MaximumCachedRows = 5, Loss = MLNet.LrSchedule.Networks.Loss.Poisson })
            .Fit(Rows.Load(_context, new[] { new RegressionRow { Label = -1, Features = [1, 2, 3, 4, 5] } }))).Message);

    [Fact]
    public void The_option_must_be_at_least_one_and_is_kept_as_JSON()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _options with { MaximumCachedRows = 0 });
        MlpOptions options = _options with { MaximumCachedRows = 12 };
        Assert.Equal(options, RecipeJson.Read(RecipeJson.Write(options)));
        Assert.Null(RecipeJson.Read("{}").MaximumCachedRows);
    }

    [Fact]
    public void A_file_larger_than_the_heap_is_trained_on()
    {
        string path = Path.Combine(TemporaryFolders.Create("stream"), "rows.csv");
        try
        {
            long rows = WriteFile(path, 4 * HeapLimit);
            Assert.True(new FileInfo(path).Length >= 4 * HeapLimit);
            string[] printed = ChildProcess.Run(
                FitFile, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = $"0x{HeapLimit:X}" }, path, "10000").Split(' ');
            Assert.Equal(rows, long.Parse(printed[0], CultureInfo.InvariantCulture));
            Assert.InRange(double.Parse(printed[1], CultureInfo.InvariantCulture), 0, 0.5);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    /// <summary>Fits the file; without a number of rows to cache, in memory.</summary>
    [ChildCommand]
    internal static string FitFile(string[] arguments)
    {
        MLContext context = new(seed: 1);
        IDataView data = context.Data.LoadFromTextFile(
            arguments[0],
            [new TextLoader.Column("Label", DataKind.Boolean, 0), new TextLoader.Column("Features", DataKind.Single, 1, FileFeatures)],
            separatorChar: ',');
        MlpOptions options = new()
        {
            HiddenLayers = [16],
            NumberOfEpochs = 1,
            LearningRate = 0.05,
            BatchSize = 256,
            MaximumCachedRows = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : null,
        };
        TrainingHistory history = context.BinaryClassification.Trainers.Mlp(options).Fit(data).Model.SubModel.History;
        return string.Create(CultureInfo.InvariantCulture, $"{history.TrainingRows} {history.Epochs[0].TrainingLoss}");
    }

    // The label is whether the first feature is positive. A block of rows is written again and again: what matters here is their number.
    private static long WriteFile(string path, long length)
    {
        const int BlockRows = 2000;
        Random random = new(3);
        StringBuilder text = new();
        for (int row = 0; row < BlockRows; row++)
        {
            float[] features = [.. Enumerable.Range(0, FileFeatures).Select(_ => (float)((random.NextDouble() * 2) - 1))];
            text.Append(features[0] > 0 ? '1' : '0');
            foreach (float feature in features)
            {
                text.Append(CultureInfo.InvariantCulture, $",{feature:F3}");
            }

            text.Append('\n');
        }

        byte[] block = Encoding.ASCII.GetBytes(text.ToString());
        long rows = 0;
        using FileStream file = File.Create(path);
        for (; file.Position < length; rows += BlockRows)
        {
            file.Write(block);
        }

        return rows;
    }

    private sealed class MarkedRow
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];

        public bool IsHeldOut { get; set; }
    }

    private static IEnumerable<float> Weights(IEnumerable<MlpLayer> layers) => layers.SelectMany(layer => layer.Weights.ToArray());
}
