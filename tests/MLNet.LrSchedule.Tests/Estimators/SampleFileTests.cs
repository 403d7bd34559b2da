using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>
/// Model files of every version of the format that there ever was, with rows and the bits of their scores. The files are never written
/// again; a new version adds a folder. The command that wrote them:
/// <c>dotnet MLNet.LrSchedule.Tests.dll MLNet.LrSchedule.Tests.Estimators.SampleFileTests.Write FOLDER</c>.
/// </summary>
public class SampleFileTests
{
    private static readonly MlpOptions _options = new()
    {
        HiddenLayers = [6, new HiddenLayer(4) { Activation = Activation.Tanh }],
        WeightInitializer = WeightInitializer.Normal(0.3),
        NumberOfEpochs = 5,
        BatchSize = 16,
        LearningRate = Schedule.TimeBased(0.1, 0.01),
        Seed = 3,
        ValidationSetFraction = 0.25,
        ExampleWeightColumnName = "Weight",
    };

    private static readonly CategoricalEmbeddings _embeddings = new() { Dimension = 2, MaskingProbability = 0.05 };

    public static TheoryData<string, string> Files => new()
    {
        { "Version1", "binary" }, { "Version1", "multiclass" }, { "Version1", "regression" },
        { "Version2", "binary" }, { "Version2", "multiclass" }, { "Version2", "regression" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_of_any_version_loads_and_scores_as_when_it_was_written(string version, string task)
    {
        MLContext context = new();
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", "Estimators", version, task);
        string[][] rows = [.. File.ReadLines(path + ".csv").Select(line => line.Split(';'))];
        IDataView data = Rows.Load(context, rows.Select(row => new BinaryRow
        {
            Features = [.. row[0].Split(',').Select(feature => float.Parse(feature, CultureInfo.InvariantCulture))],
        }).ToArray());

        ITransformer model = context.Model.Load(path + ".zip", out _);

        Assert.Equal(rows.Select(row => row[1]), Bits(model.Transform(data)));
        (MlpOptions options, TrainingHistory history) = model switch
        {
            ISingleFeaturePredictionTransformer<Microsoft.ML.Calibrators.CalibratedModelParametersBase<MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>> binary =>
                (binary.Model.SubModel.Options, binary.Model.SubModel.History),
            ISingleFeaturePredictionTransformer<MlpMulticlassModelParameters> multiclass => (multiclass.Model.Options, multiclass.Model.History),
            ISingleFeaturePredictionTransformer<MlpRegressionModelParameters> regression => (regression.Model.Options, regression.Model.History),
            _ => throw new InvalidOperationException($"The file holds a {model.GetType()}."),
        };
        Assert.Equal(_options.HiddenLayers, options.HiddenLayers);
        Assert.Equal(_options.WeightInitializer, options.WeightInitializer);
        Assert.Equal(_options.LearningRate, options.LearningRate);
        Assert.Equal("Weight", options.ExampleWeightColumnName);
        Assert.Equal((5, 3), (history.Epochs.Count, history.Seed));
        Assert.All(history.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));

        // What a file of each version has beyond the layers: scaling, filling, an indicator, embeddings.
        MlpModelContent content = TaskTrainer.Content(model);
        Assert.Equal(version != "Version1", content.Inputs is { Squashes: true, Imputes: true, Indicators: [0], Embedded: [{ First: 1, Count: 3 }] });
        Assert.Equal(version != "Version1", content.Network.Definition.Embeddings is [{ First: 1, Categories: 3, Dimension: 2 }]);
        Assert.Equal(version != "Version1", options.CategoricalEmbeddings == _embeddings);
    }

    [ChildCommand]
    internal static string Write(string[] arguments)
    {
        MLContext context = new(seed: 1);
        MlpOptions options = _options with
        {
            FeatureScaling = FeatureScaling.Robust,
            MissingValues = MissingValues.MeanAndIndicator,
            CategoricalEmbeddings = _embeddings,
        };
        Directory.CreateDirectory(arguments[0]);
        IDataView data = Load(context, MakeRows(200, seed: 1));
        Save("binary", context.BinaryClassification.Trainers.Mlp(options with { LabelColumnName = nameof(SampleRow.Flag) }));
        Save("multiclass", context.MulticlassClassification.Trainers.Mlp(options with { LabelColumnName = nameof(SampleRow.Class) }));
        Save("regression", context.Regression.Trainers.Mlp(options with { LabelColumnName = nameof(SampleRow.Number) }));
        return "";

        void Save(string task, IEstimator<ITransformer> trainer)
        {
            string path = Path.Combine(arguments[0], task);
            ITransformer model = trainer.Fit(data);
            context.Model.Save(model, data.Schema, path + ".zip");
            List<SampleRow> rows = MakeRows(20, seed: 2);
            IEnumerable<string> features = rows.Select(row => string.Join(',', row.Features.Select(feature => feature.ToString("R", CultureInfo.InvariantCulture))));
            File.WriteAllLines(path + ".csv", features.Zip(Bits(model.Transform(Load(context, rows))), (row, bits) => $"{row};{bits}"));
        }
    }

    // A number that is missing at times, three categories of which every tenth row has none, a number.
    private static List<SampleRow> MakeRows(int count, int seed) =>
    [
        .. Rows.Binary(count, seed).Select((row, i) =>
        {
            int category = i % 3;
            float[] features = [i % 7 == 0 ? float.NaN : row.Features[0], 0, 0, 0, row.Features[4]];
            if (i % 10 != 9)
                features[1 + category] = 1;
            return new SampleRow
            {
                Features = features,
                Flag = row.Features[0] + category > 1,
                Class = (uint)((category + (row.Features[4] > 0.9 ? 1 : 0)) % 3),
                Number = 1000 + (100 * category) + (50 * row.Features[4]),
                Weight = row.Weight,
            };
        }),
    ];

    private static IDataView Load(MLContext context, IEnumerable<SampleRow> rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(SampleRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Rows.FeatureCount);
        schema["Features"].AddAnnotation("CategoricalSlotRanges", new VBuffer<int>(2, [1, 3]), new VectorDataViewType(NumberDataViewType.Int32, 2));
        return context.Data.LoadFromEnumerable(rows, schema);
    }

    private static string[] Bits(IDataView scored) => scored.Schema["Score"].Type is VectorDataViewType
        ? [.. scored.GetColumn<float[]>("Score").Select(scores => string.Join(',', scores.Select(Bits)))]
        : [.. scored.GetColumn<float>("Score").Select(Bits)];

    private sealed class SampleRow
    {
        public float[] Features { get; set; } = [];

        public bool Flag { get; set; }

        /// <summary>0 to 2, as ML.NET takes keys from objects.</summary>
        [KeyType(3)]
        public uint Class { get; set; }

        public float Number { get; set; }

        public float Weight { get; set; }
    }

    private static string Bits(float score) => BitConverter.SingleToInt32Bits(score).ToString("X8", CultureInfo.InvariantCulture);
}
