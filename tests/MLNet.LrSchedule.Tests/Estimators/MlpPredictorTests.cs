using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;
using MulticlassTransformer = Microsoft.ML.Data.MulticlassPredictionTransformer<MLNet.LrSchedule.MlpMulticlassModelParameters>;

namespace MLNet.LrSchedule.Tests.Estimators;

public sealed class MlpPredictorTests
{
    private static readonly MlpOptions _options = new() { HiddenLayers = [12], NumberOfEpochs = 10, LearningRate = 0.1, BatchSize = 16, Seed = 3 };

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Networks => ["plain", "normalised", "none hidden"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Binary_scores_and_probabilities_have_the_bits_of_the_columns(string network)
    {
        IDataView data = Rows.LoadBinary(_context, 700, seed: 2);
        // Smoothed labels keep the scores off their bounds, so that nearly all of them differ.
        var transformer = _context.BinaryClassification.Trainers
            .Mlp(_options with { HiddenLayers = Hidden(network), Loss = Loss.BinaryCrossEntropy with { LabelSmoothing = 0.1 } }).Fit(Rows.LoadBinary(_context));
        MlpPredictor predictor = transformer.Model.SubModel.CreatePredictor();
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        IDataView scored = transformer.Transform(data);

        int[] scores = Bits(scored.GetColumn<float>("Score"));
        int[] probabilities = Bits(scored.GetColumn<float>("Probability"));

        Assert.Equal(1, predictor.OutputCount);
        Assert.Equal(scores, Bits(rows.Select(row => predictor.Score(row))));
        Assert.Equal(probabilities, Bits(rows.Select(row => predictor.Predict(row))));
        Assert.Equal(scores, Batch(predictor.ScoreBatch, rows, 1));
        Assert.Equal(probabilities, Batch(predictor.PredictBatch, rows, 1));
        using var engine = _context.Model.CreatePredictionEngine<BinaryRow, BinaryPrediction>(transformer, data.Schema);
        Assert.Equal(probabilities, Bits(rows.Select(row => engine.Predict(new BinaryRow { Features = row }).Probability)));
        Assert.True(scores.Distinct().Count() > 600);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Multiclass_probabilities_have_the_bits_of_the_column(string network)
    {
        IDataView data = Rows.LoadMulticlass(_context, 700, seed: 2);
        MulticlassTransformer transformer = FitMulticlass(_options with { HiddenLayers = Hidden(network) });
        MlpPredictor predictor = transformer.Model.CreatePredictor();
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        int[] expected = Bits(transformer.Transform(data).GetColumn<float[]>("Score").SelectMany(row => row));

        Assert.Equal((Rows.FeatureCount, 3), (predictor.FeatureCount, predictor.OutputCount));
        Assert.Equal(expected, Bits(rows.SelectMany(row => One(predictor.Predict, row, 3))));
        Assert.Equal(expected, Bits(rows.SelectMany(row => One(predictor.Score, row, 3))));
        Assert.Equal(expected, Batch(predictor.PredictBatch, rows, 3));
    }

    [Theory]
    [InlineData("squared")]
    [InlineData("poisson")]
    public void Regression_values_have_the_bits_of_the_column(string loss)
    {
        IDataView training = Rows.Load(_context, Rows.Regression(200).Select(row => new RegressionRow { Features = row.Features, Label = row.Label / 1e4f }));
        IDataView data = Rows.LoadRegression(_context, 700, seed: 2);
        var transformer = _context.Regression.Trainers.Mlp(_options with { LearningRate = 0.01, Loss = Loss.Parse(loss) }).Fit(training);
        MlpPredictor predictor = transformer.Model.CreatePredictor();
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        int[] expected = Bits(transformer.Transform(data).GetColumn<float>("Score"));

        Assert.Equal(expected, Bits(rows.Select(row => predictor.Predict(row))));
        Assert.Equal(expected, Batch(predictor.PredictBatch, rows, 1));
        Assert.True(expected.Distinct().Count() > 500);
    }

    [Fact]
    public void A_batch_of_any_size_gives_what_its_rows_give_alone()
    {
        MlpPredictor predictor = FitMulticlass(_options with { HiddenLayers = [300] }).Model.CreatePredictor();
        float[][] rows = [.. Rows.Multiclass(260, seed: 4).Select(row => row.Features)];
        int[] expected = Bits(rows.SelectMany(row => One(predictor.Predict, row, 3)));

        foreach (int count in new[] { 0, 1, 2, 7, 108, 109, 110, 217, 218, 219, 260 })
        {
            Assert.Equal(expected[..(3 * count)], Batch(predictor.PredictBatch, rows[..count], 3));
        }
    }

    [Fact]
    public void Eight_threads_share_one_predictor_and_get_the_serial_results()
    {
        const int Threads = 8;
        const int Calls = 1_000_000 / Threads;
        MlpPredictor predictor = FitMulticlass().CreatePredictor();
        float[][] rows = [.. Rows.Multiclass(250, seed: 4).Select(row => row.Features)];
        int[][] expected = [.. rows.Select(row => Bits(One(predictor.Predict, row, 3)))];
        int[] wrong = new int[Threads];
        int[] done = new int[Threads];
        Thread[] threads =
        [
            .. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
            {
                Span<float> output = stackalloc float[3];
                for (int call = 0; call < Calls; call++)
                {
                    int row = ((call * 7) + number) % rows.Length;
                    predictor.Predict(rows[row], output);
                    for (int i = 0; i < output.Length; i++)
                    {
                        wrong[number] += BitConverter.SingleToInt32Bits(output[i]) == expected[row][i] ? 0 : 1;
                    }

                    done[number]++;
                }
            })),
        ];

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(1_000_000, done.Sum());
        Assert.All(wrong, count => Assert.Equal(0, count));
    }

    [Fact]
    public void Calls_allocate_nothing_once_their_buffers_are_there()
    {
        MlpPredictor binary = _context.BinaryClassification.Trainers.Mlp(_options).Fit(Rows.LoadBinary(_context)).Model.SubModel.CreatePredictor();
        MlpPredictor multiclass = FitMulticlass().CreatePredictor();
        float[] rows = [.. Rows.Binary(600).SelectMany(row => row.Features)];
        float[] outputs = new float[600 * 3];
        ClassProbability[] top = new ClassProbability[2];

        void Call()
        {
            binary.Predict(rows.AsSpan(0, Rows.FeatureCount));
            binary.ScoreBatch(rows, outputs.AsSpan(0, 600));
            multiclass.Predict(rows.AsSpan(0, Rows.FeatureCount), outputs.AsSpan(0, 3));
            multiclass.PredictBatch(rows, outputs);
            multiclass.TopK(rows.AsSpan(0, Rows.FeatureCount), top);
        }

        Call();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
        {
            Call();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Spans_of_wrong_lengths_are_refused_with_both_lengths()
    {
        MlpPredictor predictor = FitMulticlass().CreatePredictor();
        float[] outputs = new float[3];

        Assert.Contains("5 features, as in training, but this one has 4", Refused(() => predictor.Predict(new float[4], outputs)));
        Assert.Contains("3 outputs, but there is room for 2", Refused(() => predictor.Predict(new float[5], outputs.AsSpan(0, 2))));
        Assert.Contains("11 numbers", Refused(() => predictor.PredictBatch(new float[11], outputs)));
        Assert.Contains("2 rows have 6 outputs, but there is room for 3", Refused(() => predictor.PredictBatch(new float[10], outputs)));
        Assert.Contains("6", Refused(() => predictor.TopK(new float[6], 1)));
        Assert.Contains("3 numbers", Assert.Throws<InvalidOperationException>(() => predictor.Predict(new float[5])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => predictor.TopK(new float[5], 0));

        var regression = _context.Regression.Trainers.Mlp(_options).Fit(Rows.LoadRegression(_context, 50)).Model.CreatePredictor();
        Assert.Throws<InvalidOperationException>(() => regression.TopK(new float[5], 1));
    }

    [Fact]
    public void The_most_probable_classes_come_first_with_the_names_of_the_label_after_loading_too()
    {
        MulticlassTransformer trained = FitMulticlass();
        using MemoryStream stream = new();
        _context.Model.Save(trained, null, stream);
        MulticlassTransformer loaded = (MulticlassTransformer)new MLContext().Model.Load(stream, out _);
        float[][] rows = [.. Rows.Multiclass(50, seed: 4).Select(row => row.Features)];

        foreach (MulticlassTransformer transformer in new[] { trained, loaded })
        {
            MlpPredictor predictor = transformer.CreatePredictor();
            Assert.Equal(Rows.Species, predictor.ClassNames);
            foreach (float[] row in rows)
            {
                float[] probabilities = One(predictor.Predict, row, 3);
                ClassProbability[] expected =
                [
                    .. probabilities.Select((probability, index) => new ClassProbability(index, Rows.Species[index], probability))
                        .OrderByDescending(candidate => candidate.Probability),
                ];
                Assert.Equal(expected, predictor.TopK(row, 9));
                Assert.Equal(expected[..2], predictor.TopK(row, 2));
                Assert.Equal(expected[..1], predictor.TopK(row, 1));
            }

            ClassProbability[] some = new ClassProbability[5];
            Assert.Equal(3, predictor.TopK(rows[0], some));
            Assert.Equal(0, predictor.TopK(rows[0], Span<ClassProbability>.Empty));
        }
    }

    [Fact]
    public void Classes_are_known_by_their_numbers_where_there_are_no_names_and_keep_their_order_where_they_tie()
    {
        MlpPredictor predictor = FitMulticlass().Model.CreatePredictor();

        Assert.Empty(predictor.ClassNames);
        Assert.All(predictor.TopK(new float[5], 3), candidate => Assert.Null(candidate.Name));
        Assert.Equal([0, 1, 2], predictor.TopK([float.NaN, 0, 0, 0, 0], 3).Select(candidate => candidate.Index));
    }

    [Fact]
    public void Labels_that_are_numbers_name_their_classes_too()
    {
        var rows = Rows.Multiclass(60).Select(row => new NumberedRow { Year = 2000 + Array.IndexOf(Rows.Species, row.Species), Features = row.Features });
        IDataView data = Rows.Load(_context, rows);
        data = _context.Transforms.Conversion.MapValueToKey("Label", "Year", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(data).Transform(data);

        Assert.Equal(["2000", "2001", "2002"], _context.MulticlassClassification.Trainers.Mlp(_options).Fit(data).CreatePredictor().ClassNames);
    }

    [Fact]
    public void One_transformer_scores_in_several_threads_at_once()
    {
        var transformer = _context.BinaryClassification.Trainers.Mlp(_options).Fit(Rows.LoadBinary(_context));
        IDataView data = Rows.LoadBinary(_context, 3000, seed: 2);
        int[] expected = Bits(transformer.Transform(data).GetColumn<float>("Score"));
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        int[][] transformed = new int[4][], predicted = new int[4][];
        Thread[] threads =
        [
            .. Enumerable.Range(0, 4).Select(number => new Thread(() =>
            {
                transformed[number] = Bits(transformer.Transform(data).GetColumn<float>("Score"));
                using var engine = _context.Model.CreatePredictionEngine<BinaryRow, BinaryPrediction>(transformer, data.Schema);
                predicted[number] = Bits(rows.Select(row => engine.Predict(new BinaryRow { Features = row }).Score));
            })),
        ];

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(transformed, scores => Assert.Equal(expected, scores));
        Assert.All(predicted, scores => Assert.Equal(expected, scores));
    }

    private static HiddenLayerList Hidden(string network) => network switch
    {
        "plain" => [12],
        "none hidden" => [],
        _ =>
        [
            new HiddenLayer(Rows.FeatureCount) { Normalization = Normalization.Batch, Dropout = 0.2, IsResidual = true },
            new HiddenLayer(7) { Normalization = Normalization.Layer, Activation = Activation.Gelu },
        ],
    };

    private static int[] Bits(IEnumerable<float> numbers) => [.. numbers.Select(BitConverter.SingleToInt32Bits)];

    private static int[] Batch(Prediction predict, float[][] rows, int outputs)
    {
        float[] result = new float[rows.Length * outputs];
        predict([.. rows.SelectMany(row => row)], result);
        return Bits(result);
    }

    private static float[] One(Prediction predict, float[] row, int outputs)
    {
        float[] result = new float[outputs];
        predict(row, result);
        return result;
    }

    private static string Refused(Action call) => Assert.Throws<ArgumentException>(call).Message;

    private MulticlassTransformer FitMulticlass(MlpOptions? options = null) =>
        _context.MulticlassClassification.Trainers.Mlp(options ?? _options).Fit(Rows.LoadMulticlass(_context));

    private delegate void Prediction(ReadOnlySpan<float> features, Span<float> outputs);

    private sealed class NumberedRow
    {
        public int Year { get; set; }

        public float[] Features { get; set; } = [];
    }
}
