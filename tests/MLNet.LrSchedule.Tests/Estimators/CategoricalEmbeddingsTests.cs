using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Embeddings as users meet them: one-hot encode, concatenate, train, save, load, score what was never seen.</summary>
public sealed class CategoricalEmbeddingsTests
{
    private static readonly MlpOptions _options = new()
    {
        HiddenLayers = [8],
        NumberOfEpochs = 6,
        BatchSize = 16,
        LearningRate = 0.05,
        Seed = 5,
        FeatureScaling = FeatureScaling.Standardize,
        CategoricalEmbeddings = new CategoricalEmbeddings { MaskingProbability = 0.05 },
    };

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Tasks => TaskTrainer.Tasks;

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_saved_model_scores_what_was_and_what_was_not_seen_as_it_did(string task)
    {
        IDataView data = Load(CategoricalRows.Make(300));
        var model = CategoricalRows.Encoding(_context).Append(CategoricalRows.Trainer(_context, task, _options)).Fit(data);
        List<CategoricalRow> rows = [.. CategoricalRows.Make(50, seed: 2), .. Unseen()];
        using MemoryStream stream = new();
        _context.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);

        float[] scores = CategoricalRows.Scores(model.Transform(Load(rows)));
        Assert.Equal(scores, CategoricalRows.Scores(loaded.Transform(Load(rows))));
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        MlpModelContent content = TaskTrainer.Content(((TransformerChain<ITransformer>)loaded).LastTransformer);
        Assert.Equal([(1, 20, 9), (22, 7, 5)], content.Network.Definition.Embeddings.ToArray().Select(table => (table.First, table.Categories, table.Dimension)));
        Assert.Equal([new CategoricalRange(1, 20), new CategoricalRange(22, 7)], content.Inputs!.Embedded);
        Assert.Equal(_options.CategoricalEmbeddings, content.Options.CategoricalEmbeddings);
    }

    [Fact]
    public void An_unseen_or_missing_category_scores_as_the_row_of_zeros_by_its_own_numbers()
    {
        // The categories alone tell the label, and their table is all there is to learn from.
        var (transformer, encoding) = Fit(_options with { HiddenLayers = [], NumberOfEpochs = 30 });
        MlpBinaryModelParameters model = transformer.Model.SubModel;
        float[][] features = [.. encoding.Transform(Load(Unseen())).GetColumn<float[]>("Features")];
        float[] scores = CategoricalRows.Scores(transformer.Transform(encoding.Transform(Load(Unseen()))));

        // Unseen and missing are the same; the score is linear in the missing row and nothing else of the table.
        Assert.Equal(features[0], features[1]);
        Assert.Equal(scores[0], scores[1]);
        Assert.All(features[0][1..21], slot => Assert.Equal(0, slot));
        MlpEmbedding city = model.Embeddings[0], day = model.Embeddings[1];
        MlpLayer dense = model.Layers[1];
        float[] inputs = new float[CategoricalRows.FeatureCount];
        ((ITrainedModel)model).Content.Inputs!.Apply(features[0], inputs);
        Assert.Equal(1, features[0][22]);
        float[] embedded = [inputs[0], inputs[21], .. city.MissingRow, .. day.Row(0)];
        double expected = dense.Biases[0] + embedded.Select((x, i) => (double)x * dense.Weights[i]).Sum();
        Assert.Equal(expected, scores[0], 1e-5);
        Assert.All(city.MissingRow.ToArray(), number => Assert.NotEqual(0, number));
    }

    [Fact]
    public void Embeddings_learn_what_one_hot_columns_do()
    {
        List<CategoricalRow> test = CategoricalRows.Make(300, seed: 9);
        var (embedded, encoding) = Fit(_options with { NumberOfEpochs = 40 }, 600);
        double accuracy = _context.BinaryClassification.Evaluate(embedded.Transform(encoding.Transform(Load(test))), nameof(CategoricalRow.Flag)).Accuracy;
        Assert.True(accuracy > 0.95, $"{accuracy}");
    }

    [Fact]
    public void Permutation_feature_importance_permutes_single_slots_of_a_range()
    {
        var (transformer, encoding) = Fit(_options with { NumberOfEpochs = 30 });
        IDataView data = encoding.Transform(Load(CategoricalRows.Make(200, seed: 4)));

        var importance = _context.BinaryClassification.PermutationFeatureImportance(
            transformer, data, nameof(CategoricalRow.Flag), permutationCount: 2);

        double[] changes = [.. importance.Select(feature => feature.AreaUnderRocCurve.Mean)];
        Assert.Equal(CategoricalRows.FeatureCount, changes.Length);
        Assert.All(changes, change => Assert.True(double.IsFinite(change)));
        // Cities tell the label, days do not.
        Assert.True(changes[1..21].Average() < 4 * changes[22..29].Average(), string.Join(' ', changes));
    }

    [Fact]
    public void One_versus_all_and_cross_validation_pass_the_ranges_on()
    {
        IDataView data = Load(CategoricalRows.Make(200));
        MlpOptions options = _options with { NumberOfEpochs = 2 };
        ITransformer encoding = CategoricalRows.Encoding(_context).Fit(data);
        OneVersusAllModelParameters model = _context.MulticlassClassification.Trainers
            .OneVersusAll(_context.BinaryClassification.Trainers.Mlp(options with { LabelColumnName = nameof(CategoricalRow.Class) }), nameof(CategoricalRow.Class)).Fit(encoding.Transform(data)).Model;
        Assert.NotNull(model);

        var folds = _context.MulticlassClassification.CrossValidate(
            data, CategoricalRows.Encoding(_context).Append(CategoricalRows.Trainer(_context, "multiclass", options)), 3, nameof(CategoricalRow.Class));
        Assert.All(folds, fold =>
        {
            MlpModelContent content = TaskTrainer.Content(((TransformerChain<ITransformer>)fold.Model).LastTransformer);
            Assert.Equal(2, content.Network.Definition.Embeddings.Length);
        });
    }

    [Fact]
    public void A_bag_of_categories_is_the_sum_of_its_rows()
    {
        var (transformer, _) = Fit(_options with { HiddenLayers = [] });
        MlpBinaryModelParameters model = transformer.Model.SubModel;
        MlpPredictor predictor = model.CreatePredictor();
        float[] none = new float[CategoricalRows.FeatureCount];
        none[22] = 1;
        float[] one = [.. none], other = [.. none], both = [.. none];
        one[1] = 1;
        other[4] = 1;
        (both[1], both[4]) = (1, 1);
        ReadOnlySpan<float> weights = model.Layers[1].Weights;
        double Share(ReadOnlySpan<float> row, ReadOnlySpan<float> weights)
        {
            double sum = 0;
            for (int i = 0; i < row.Length; i++)
                sum += row[i] * weights[2 + i];
            return sum;
        }

        // score(both) + what zeros say = score(one) + score(other) - what zeros would say less, all by a linear output.
        double rest = predictor.Score(none) - Share(model.Embeddings[0].MissingRow, weights);
        Assert.Equal(rest + Share(model.Embeddings[0].Row(0), weights) + Share(model.Embeddings[0].Row(3), weights), predictor.Score(both), 1e-5);
        Assert.Equal(predictor.Score(one) + predictor.Score(other) - rest, predictor.Score(both), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Predictor_batches_and_sparse_and_dense_rows_give_the_same_bits(string task)
    {
        // Nothing to scale, so that sparse rows go into the network as they are.
        MlpOptions options = _options with { FeatureScaling = FeatureScaling.None, LearningRate = 0.001 };
        ITransformer encoding = CategoricalRows.Encoding(_context).Fit(Load(CategoricalRows.Make(200)));
        ITransformer model = CategoricalRows.Trainer(_context, task, options).Fit(encoding.Transform(Load(CategoricalRows.Make(200))));
        IDataView data = encoding.Transform(Load([.. CategoricalRows.Make(60, seed: 3), .. Unseen()]));
        float[] expected = CategoricalRows.Scores(model.Transform(data));
        // Copied one by one, because the next row overwrites the buffer.
        (bool IsDense, float[] Values)[] rows = [.. data.GetColumn<VBuffer<float>>("Features").Select(row => (row.IsDense, row.DenseValues().ToArray()))];
        Assert.All(rows, row => Assert.False(row.IsDense));
        MlpPredictor predictor = new(model switch
        {
            ISingleFeaturePredictionTransformer<Microsoft.ML.Calibrators.CalibratedModelParametersBase<MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>> binary => binary.Model.SubModel,
            ISingleFeaturePredictionTransformer<MlpMulticlassModelParameters> multiclass => multiclass.Model,
            ISingleFeaturePredictionTransformer<MlpRegressionModelParameters> regression => regression.Model,
            _ => throw new InvalidOperationException(),
        }, []);

        float[] batch = new float[expected.Length], single = new float[predictor.OutputCount];
        predictor.ScoreBatch([.. rows.SelectMany(row => row.Values)], batch);
        Assert.Equal(expected, batch);
        for (int i = 0; i < rows.Length; i++)
        {
            predictor.Score(rows[i].Values, single);
            Assert.Equal(expected[(i * single.Length)..((i + 1) * single.Length)], single);
        }
    }

    [Fact]
    public void Training_goes_on_from_a_model_with_embeddings_and_only_with_the_same()
    {
        ITransformer encoding = CategoricalRows.Encoding(_context).Fit(Load(CategoricalRows.Make(300)));
        IDataView data = encoding.Transform(Load(CategoricalRows.Make(300)));
        MlpOptions options = _options with { LabelColumnName = nameof(CategoricalRow.Flag) };
        MlpBinaryModelParameters first = _context.BinaryClassification.Trainers.Mlp(options).Fit(data).Model.SubModel;

        MlpBinaryModelParameters second = _context.BinaryClassification.Trainers.Mlp(options with { NumberOfEpochs = 20 }).Fit(data, first).Model.SubModel;

        Assert.True(second.History.Epochs[0].TrainingLoss < first.History.Epochs[0].TrainingLoss);
        Assert.NotEqual(first.Embeddings[0].Table.ToArray(), second.Embeddings[0].Table.ToArray());
        ArgumentException exception = Assert.Throws<ArgumentException>(() =>
            _context.BinaryClassification.Trainers.Mlp(options with { CategoricalEmbeddings = null }).Fit(data, first));
        Assert.Contains("29-8-1 (embeddings 20x9 7x5, relu)", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            _context.BinaryClassification.Trainers.Mlp(options with { CategoricalEmbeddings = new CategoricalEmbeddings { Dimension = 2 } }).Fit(data, first));
    }

    [Fact]
    public void A_resumed_run_masks_as_the_interrupted_one_would_have()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            IDataView data = CategoricalRows.Encoding(_context).Fit(Load(CategoricalRows.Make(200))).Transform(Load(CategoricalRows.Make(200)));
            IDataView labels = data;
            float[] whole = Scores(_options with { Checkpoint = new CheckpointOptions { Path = path, EveryEpochs = 4 } });
            Assert.Equal(whole, Scores(_options with { ResumeFrom = Checkpoint.Load(path) }));
            InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() =>
                Scores(_options with { CategoricalEmbeddings = new CategoricalEmbeddings { MaskingProbability = 0.06 }, ResumeFrom = Checkpoint.Load(path) }));
            Assert.Contains("another recipe", exception.Message, StringComparison.Ordinal);

            float[] Scores(MlpOptions options) => CategoricalRows.Scores(CategoricalRows.Trainer(_context, "binary", options).Fit(labels).Transform(labels));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_rate_finder_knows_embeddings()
    {
        IDataView data = CategoricalRows.Encoding(_context).Fit(Load(CategoricalRows.Make(300))).Transform(Load(CategoricalRows.Make(300)));
        MlpOptions options = _options with { LabelColumnName = nameof(CategoricalRow.Flag) };
        LearningRateFinderOptions finder = new() { Steps = 30, NumberOfSeeds = 1 };
        Assert.NotEqual(
            _context.BinaryClassification.Trainers.Mlp(options).FindLearningRate(data, finder).Curves,
            _context.BinaryClassification.Trainers.Mlp(options with { CategoricalEmbeddings = null }).FindLearningRate(data, finder).Curves);
    }

    [Fact]
    public void A_model_shows_its_embeddings()
    {
        var (transformer, _) = Fit(_options);
        MlpBinaryModelParameters model = transformer.Model.SubModel;

        Assert.StartsWith("29-8-1 (embeddings 20x9 7x5, relu), 374 parameters", model.ToString(), StringComparison.Ordinal);
        Assert.Equal("embedding, 29 to 16", model.Layers[0].ToString());
        Assert.Equal(["slots 1 to 20, 20 categories in 9 numbers", "slots 22 to 28, 7 categories in 5 numbers"], model.Embeddings.Select(embedding => embedding.ToString()));
        Assert.Equal(model.Layers[0].Weights.ToArray(), model.Embeddings.SelectMany(embedding => embedding.Table.ToArray()));
        Assert.Equal(model.Embeddings[1].Table[10..15].ToArray(), model.Embeddings[1].Row(2).ToArray());
        Assert.Equal(model.Embeddings[1].Table[35..].ToArray(), model.Embeddings[1].MissingRow.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Embeddings[1].Row(7).Length);
        Assert.Empty(_context.BinaryClassification.Trainers.Mlp().Fit(Rows.LoadBinary(_context)).Model.SubModel.Embeddings);
    }

    [Fact]
    public void A_program_that_reads_the_JSON_scores_as_the_model()
    {
        var (transformer, encoding) = Fit(_options with { FeatureScaling = FeatureScaling.Robust });
        using JsonDocument json = JsonDocument.Parse(transformer.Model.SubModel.ToJson());
        IDataView data = encoding.Transform(Load([.. CategoricalRows.Make(20, seed: 3), .. Unseen()]));
        JsonElement transform = json.RootElement.GetProperty("inputTransform"), layers = json.RootElement.GetProperty("layers");
        double[] offsets = Numbers(transform.GetProperty("offsets")), scales = Numbers(transform.GetProperty("scales"));
        int[][] embedded = [.. transform.GetProperty("embedded").EnumerateArray().Select(range => Numbers(range).Select(x => (int)x).ToArray())];
        foreach ((float[] features, float score) in data.GetColumn<float[]>("Features").Zip(CategoricalRows.Scores(transformer.Transform(data))))
        {
            double[] x = [.. features.Select((feature, i) =>
            {
                double y = (feature - offsets[i]) * scales[i];
                return embedded.Any(range => i >= range[0] && i <= range[1]) ? feature : y / Math.Sqrt(1 + (y * y / 9));
            })];
            JsonElement[] tables = [.. layers[0].GetProperty("embeddings").EnumerateArray()];
            List<double> values = [.. x.Where((_, i) => !tables.Any(table => i >= First(table) && i < First(table) + table.GetProperty("categories").GetInt32()))];
            foreach (JsonElement table in tables)
            {
                double[][] rows = [.. table.GetProperty("rows").EnumerateArray().Select(Numbers)];
                double[] slots = x[First(table)..(First(table) + rows.Length)];
                values.AddRange(slots.All(slot => slot == 0)
                    ? Numbers(table.GetProperty("missing"))
                    : Enumerable.Range(0, rows[0].Length).Select(i => slots.Select((slot, category) => slot * rows[category][i]).Sum()));
            }

            double[] hidden = [.. Sums(values, layers[1]).Select(sum => Math.Max(0, sum))];
            Assert.Equal(Sums(hidden, layers[2])[0], score, 1e-5);
        }

        static int First(JsonElement table) => table.GetProperty("firstSlot").GetInt32();

        static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

        static double[] Sums(IReadOnlyList<double> values, JsonElement layer)
        {
            double[][] weights = [.. layer.GetProperty("weights").EnumerateArray().Select(Numbers)];
            return [.. Numbers(layer.GetProperty("biases")).Select((bias, unit) => bias + values.Select((x, i) => x * weights[i][unit]).Sum())];
        }
    }

    [Fact]
    public void Options_with_embeddings_come_back_from_JSON_and_compare_by_value()
    {
        MlpOptions options = _options with
        {
            CategoricalEmbeddings = new CategoricalEmbeddings { Dimension = 5, MinimumCategories = 9, MaskingProbability = 0.125, LearningRateMultiplier = 2 },
        };
        string text = RecipeJson.Write(options);
        Assert.Contains(
            "\"categoricalEmbeddings\":{\"dimension\":5,\"minimumCategories\":9,\"maskingProbability\":0.125,\"learningRateMultiplier\":2}", text, StringComparison.Ordinal);
        Assert.Equal(options, RecipeJson.Read(text));
        Assert.NotEqual(options, _options);
        Assert.Equal(new MlpOptions { CategoricalEmbeddings = new() }, RecipeJson.Read("{\"categoricalEmbeddings\":{}}"));
        Assert.Throws<InvalidDataException>(() => RecipeJson.Read("{\"categoricalEmbeddings\":{\"maskingProbability\":1}}"));
        Assert.Throws<InvalidDataException>(() => RecipeJson.Read("{\"categoricalEmbeddings\":{\"size\":1}}"));
    }

    private (BinaryPredictionTransformer<Microsoft.ML.Calibrators.CalibratedModelParametersBase<MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>> Transformer, ITransformer Encoding)
        Fit(MlpOptions options, int count = 300)
    {
        IDataView data = Load(CategoricalRows.Make(count));
        ITransformer encoding = CategoricalRows.Encoding(_context).Fit(data);
        return (_context.BinaryClassification.Trainers.Mlp(options with { LabelColumnName = nameof(CategoricalRow.Flag) }).Fit(encoding.Transform(data)), encoding);
    }

    private IDataView Load(IReadOnlyList<CategoricalRow> rows) => _context.Data.LoadFromEnumerable(rows);

    // A city that no training row has, and none at all.
    private static List<CategoricalRow> Unseen() =>
    [
        new() { City = "atlantis", Day = "day0", Temperature = 20, Wind = 0.5f },
        new() { City = "", Day = "day0", Temperature = 20, Wind = 0.5f },
    ];
}
