using System;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;
using Transformer = Microsoft.ML.Data.BinaryPredictionTransformer<
    Microsoft.ML.Calibrators.CalibratedModelParametersBase<MLNet.LrSchedule.MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>>;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Models as files: what Model.Save writes, Model.Load makes of it, and what happens to a file that is not what it should be.</summary>
public class MlpModelFileTests
{
    private static readonly MlpOptions _options = new()
    {
        HiddenLayers = [8, new HiddenLayer(3) { Activation = Activation.Tanh }],
        NumberOfEpochs = 3,
        LearningRate = Schedule.TimeBased(0.1, 0.01),
        Seed = 3,
        ValidationSetFraction = 0.2,
        FeatureScaling = FeatureScaling.Robust,
        MissingValues = MissingValues.MeanAndIndicator,
        WeightInitializer = WeightInitializer.Normal(0.1),
    };

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_process_that_registers_nothing_loads_the_model_and_gives_the_same_bits()
    {
        IDataView data = Rows.LoadBinary(_context);
        var model = _context.Transforms.NormalizeMeanVariance("Features").Append(_context.BinaryClassification.Trainers.Mlp(_options)).Fit(data);

        using FreshProcess process = FreshProcess.Score(_context, model, data);

        string[] expected = [.. model.Transform(data).GetColumn<float>("Score").Select(Bits)];
        Assert.Equal(200, expected.Distinct().Count());
        Assert.Equal(expected, process.Scores.Select(row => row.Transformed));
        Assert.Equal(expected, process.Scores.Select(row => row.Predicted));
        Assert.Equal(["Label", "Features", "Weight"], process.InputColumns);
    }

    [Fact]
    public void Every_ionosphere_row_scores_to_the_same_bits_in_another_process()
    {
        TrainingData rows = IonosphereRows.Load();
        IDataView data = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, rows.RowCount).Select(row => new IonosphereRow { Features = rows.Features(row).ToArray(), Label = rows.Labels[row] > 0 }));
        var model = _context.BinaryClassification.Trainers.Mlp(_options with { HiddenLayers = [34], BatchSize = 28, NumberOfEpochs = 50 }).Fit(data);

        using FreshProcess process = FreshProcess.Score(_context, model, data);

        string[] expected = [.. model.Transform(data).GetColumn<float>("Score").Select(Bits)];
        Assert.Equal(351, expected.Length);
        Assert.Equal(expected, process.Scores.Select(row => row.Transformed));
        Assert.Equal(expected, process.Scores.Select(row => row.Predicted));
    }

    private sealed class IonosphereRow
    {
        [VectorType(34)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    [Fact]
    public void A_loaded_model_has_its_type_options_schedule_and_history_back()
    {
        IDataView data = Rows.LoadBinary(_context);
        Transformer model = _context.BinaryClassification.Trainers.Mlp(_options).Fit(data);

        MlpBinaryModelParameters saved = model.Model.SubModel, loaded = Assert.IsType<Transformer>(Reload(model, data)).Model.SubModel;

        Assert.Equal(_options, loaded.Options);
        Assert.Equal(Schedule.TimeBased(0.1, 0.01), loaded.Schedule);
        Assert.Equal(saved.History, loaded.History);
        Assert.Equal(3, loaded.History.Epochs.Count);
    }

    [Fact]
    public void A_changed_threshold_is_saved()
    {
        IDataView data = Rows.LoadBinary(_context);
        ITransformer strict = _context.BinaryClassification.ChangeModelThreshold(_context.BinaryClassification.Trainers.Mlp(_options).Fit(data), 0.7f);

        Assert.Equal(
            strict.Transform(data).GetColumn<bool>("PredictedLabel"),
            Reload(strict, data).Transform(data).GetColumn<bool>("PredictedLabel"));
    }

    [Fact]
    public void Training_goes_on_from_a_loaded_model_as_from_the_one_that_was_saved()
    {
        IDataView data = Rows.LoadBinary(_context);
        MlpBinaryTrainer trainer = _context.BinaryClassification.Trainers.Mlp(_options);
        Transformer model = trainer.Fit(data);

        Transformer fromSaved = trainer.Fit(data, model.Model.SubModel);
        Transformer fromLoaded = trainer.Fit(data, ((Transformer)Reload(model, data)).Model.SubModel);

        Assert.Equal(fromSaved.Transform(data).GetColumn<float>("Score"), fromLoaded.Transform(data).GetColumn<float>("Score"));
    }

    [Fact]
    public void Saving_a_loaded_model_writes_the_same_bytes()
    {
        IDataView data = Rows.LoadBinary(_context);
        ITransformer model = _context.BinaryClassification.Trainers.Mlp(_options).Fit(data);

        byte[] first = Entry(Save(model, data)), second = Entry(Save(Reload(model, data), data));

        Assert.Equal(first, second);
    }

    [Fact]
    public void A_schedule_that_is_a_function_becomes_opaque_and_the_model_predicts_as_before()
    {
        IDataView data = Rows.LoadBinary(_context);
        Transformer model = _context.BinaryClassification.Trainers.Mlp(_options with { LearningRate = Schedule.Custom(time => 0.1 / (1 + time.Epoch)) }).Fit(data);

        var loaded = (Transformer)Reload(model, data);

        Assert.IsType<OpaqueSchedule>(loaded.Model.SubModel.Schedule);
        Assert.Equal(model.Transform(data).GetColumn<float>("Score"), loaded.Transform(data).GetColumn<float>("Score"));
    }

    [Fact]
    public void A_file_costs_four_bytes_a_parameter_and_a_few_kilobytes()
    {
        IDataView data = Rows.LoadBinary(_context);
        ITransformer model = _context.BinaryClassification.Trainers.Mlp(_options with { HiddenLayers = [512, 64], NumberOfEpochs = 1 }).Fit(data);

        int parameters = (6 * 512) + (513 * 64) + 65;

        Assert.InRange(Save(model, data).Length, 3 * parameters, (4 * parameters) + (16 * 1024));
    }

    [Fact]
    public void Ten_thousand_damaged_files_give_the_one_error_and_nothing_else()
    {
        IDataView data = Rows.LoadBinary(_context);
        Transformer model = _context.BinaryClassification.Trainers.Mlp(_options).Fit(data);
        using MemoryStream stream = new();
        MlpModelFormat.Write(stream, LearningTask.BinaryClassification, ((ITrainedModel)model.Model.SubModel).Content);
        byte[] sound = stream.ToArray();
        Random random = new(8);
        for (int i = 0; i < 10_000; i++)
        {
            byte[] damaged = Damage(sound, random);
            using MemoryStream file = new(damaged);

            Assert.Throws<InvalidDataException>(() => MlpModelFormat.Read(file, LearningTask.BinaryClassification));
        }
    }

    [Fact]
    public void A_damaged_network_inside_a_whole_archive_gives_that_error_through_ML_NET()
    {
        IDataView data = Rows.LoadBinary(_context);
        Transformer model = _context.BinaryClassification.Trainers.Mlp(_options).Fit(data);
        byte[] archive = Save(model, data);
        using MemoryStream stream = new();
        MlpModelFormat.Write(stream, LearningTask.BinaryClassification, ((ITrainedModel)model.Model.SubModel).Content);
        byte[] network = stream.ToArray();
        Random random = new(9);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = ReplaceEntry(archive, entry =>
            {
                int start = entry.AsSpan().IndexOf(network);
                return [.. entry[..start], .. Damage(network, random, keepsLength: true), .. entry[(start + network.Length)..]];
            });

            // ML.NET makes models by reflection, which wraps what a constructor throws; the reason is at the bottom.
            Exception exception = Assert.ThrowsAny<Exception>(() => Load(damaged));
            Assert.IsType<InvalidDataException>(exception.GetBaseException());
        }
    }

    private static byte[] Damage(byte[] sound, Random random, bool keepsLength = false)
    {
        while (true)
        {
            byte[] damaged = [.. sound];
            int at = random.Next(damaged.Length), count = Math.Min(1 + random.Next(64), damaged.Length - at);
            switch (random.Next(keepsLength ? 3 : 5))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    random.NextBytes(damaged.AsSpan(at, count));
                    break;
                case 2:
                    damaged.AsSpan(at, count).Fill((byte)(random.Next(2) * 0xFF));
                    break;
                case 3:
                    damaged = damaged[..at];
                    break;
                default:
                    damaged = [.. damaged[..at], .. damaged[(at + count)..]];
                    break;
            }

            // Bytes behind the last section are not read, and a change may have changed nothing.
            if (!damaged.AsSpan().StartsWith(sound))
            {
                return damaged;
            }
        }
    }

    private static string Bits(float score) => BitConverter.SingleToInt32Bits(score).ToString("X8", CultureInfo.InvariantCulture);

    private static byte[] Entry(byte[] archive)
    {
        byte[] content = [];
        ReplaceEntry(archive, entry => content = entry);
        return content;
    }

    private static byte[] ReplaceEntry(byte[] archive, Func<byte[], byte[]> change)
    {
        using MemoryStream stream = new();
        stream.Write(archive);
        using (ZipArchive zip = new(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.Entries.Single(e => e.FullName.Replace('\\', '/').EndsWith("Predictor/Model.key", StringComparison.Ordinal));
            using Stream content = entry.Open();
            using MemoryStream copy = new();
            content.CopyTo(copy);
            byte[] changed = change(copy.ToArray());
            content.SetLength(0);
            content.Write(changed);
        }

        return stream.ToArray();
    }

    private ITransformer Reload(ITransformer model, IDataView data) => Load(Save(model, data));

    private ITransformer Load(byte[] archive)
    {
        using MemoryStream stream = new(archive);
        return _context.Model.Load(stream, out _);
    }

    private byte[] Save(ITransformer model, IDataView data)
    {
        using MemoryStream stream = new();
        _context.Model.Save(model, data.Schema, stream);
        return stream.ToArray();
    }
}
