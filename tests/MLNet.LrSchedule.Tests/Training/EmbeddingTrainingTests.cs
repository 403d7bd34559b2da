using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>Training of networks with embeddings: what is embedded, what is masked, and that neither storage, threads nor a pause change a bit.</summary>
public sealed class EmbeddingTrainingTests
{
    private const int Width = 100;

    // The features are two numbers, 60 categories, another number, 30 categories, 2 categories, 5 numbers.
    private static readonly CategoricalRange[] _ranges = [new(2, 60), new(63, 30), new(93, 2)];

    private static readonly TrainingRecipe _recipe = new()
    {
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers = [16, 8],
        BatchSize = 24,
        NumberOfEpochs = 6,
        LearningRate = 0.05,
        ValidationSetFraction = 0.2,
        CategoricalEmbeddings = new CategoricalEmbeddings { MaskingProbability = 0.1 },
    };

    public static TheoryData<string> Recipes => [.. Variants().Keys];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Storage_and_threads_change_no_bit(string name)
    {
        var recipe = Variants()[name];
        var expected = Train(recipe, Rows(300, isSparse: false));
        Assert.True(expected.History.Epochs[^1].TrainingLoss < expected.History.Epochs[0].TrainingLoss);
        foreach (int threads in new[] { 1, 2 })
        {
            var actual = Train(recipe, Rows(300, isSparse: true), threads);
            Assert.Equal(Resuming.Bits(expected), Resuming.Bits(actual));
        }
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Rows_in_a_stream_train_to_the_bits_of_rows_in_memory(string name)
    {
        var recipe = Variants()[name] with { Shuffle = false, ValidationSelection = ValidationSelection.Tail };
        var data = Rows(200, isSparse: false);
        Assert.Equal(Resuming.Bits(Train(recipe, data)), Resuming.Bits(Train(recipe, new ListStream(data).Rows(10))));
    }

    [Fact]
    public void Two_threads_of_which_both_work_and_narrower_vectors_change_no_bit()
    {
        // In processes of their own, where no other test keeps the processors busy.
        string[] one = ChildProcess.Run(TrainWide, null, "1").Split(' '), two = ChildProcess.Run(TrainWide, null, "2").Split(' ');
        string[] narrow = ChildProcess.Run(TrainWide, ChildProcess.WithoutAvx2, "1").Split(' ');
        Assert.Equal("0", one[1]);
        Assert.NotEqual("0", two[1]);
        Assert.Equal(one[0], two[0]);
        Assert.Equal(one[0], narrow[0]);
    }

    [ChildCommand]
    internal static string TrainWide(string[] arguments)
    {
        var recipe = _recipe with { HiddenLayers = [300, 200], BatchSize = 200, Optimizer = new Adam(), ValidationSetFraction = 0 };
        using var setup = new TrainingSetup(
            recipe, Task(Rows(600, isSparse: false)), new TrainingControl { Seed = 7, MaxThreads = int.Parse(arguments[0], CultureInfo.InvariantCulture) });
        for (int epoch = 0, step = 0; epoch < 3; epoch++)
        {
            setup.Source.BeginEpoch(epoch);
            while (setup.Source.TryRead(setup.Batch))
                setup.Step(setup.Schedules.At(step++));
        }

        string digest = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(setup.Network.Parameters.Span)));
        return $"{digest} {setup.Kernels.ChunksRunByWorkers}";
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("a function that needs its sums, and dropout")]
    [InlineData("no hidden layer")]
    [InlineData("a residual first layer")]
    public void Wide_rows_stay_sparse_behind_the_embeddings_and_train_and_score_to_the_same_bits(string name)
    {
        const int Wide = 1500;
        var recipe = _recipe with { BatchSize = 25, Shuffle = false, Optimizer = new Adam(), NumberOfEpochs = 3 };
        recipe = name switch
        {
            "relu" => recipe,
            "no hidden layer" => recipe with { HiddenLayers = [] },
            "a residual first layer" => recipe with { HiddenLayers = [new HiddenLayer(Wide - 92 + DimensionsByRule(60, 30, 2)) { IsResidual = true }] },
            _ => recipe with { HiddenLayers = [new HiddenLayer(12) { Activation = Activation.Gelu, Dropout = 0.2 }] },
        };
        var random = new Random(4);
        var sparse = new TrainingDataBuilder(new SparseFeaturesBuilder(Wide), hasWeights: false);
        var dense = new TrainingDataBuilder(Wide, hasWeights: false);
        for (int row = 0; row < 200; row++)
        {
            // Every other batch is too full to stay sparse.
            int share = row / 25 % 2 == 0 ? 300 : 4;
            float[] values = [.. Enumerable.Range(0, Wide).Select(column => column is < 2 or 62 or > 94 && random.Next(share) == 0 ? (float)random.NextDouble() : 0)];
            foreach (var range in _ranges)
                values[range.First + random.Next(range.Count)] = row % 10 == 0 ? 0 : 1;
            sparse.Add(values, row % 2, 1);
            dense.Add(values, row % 2, 1);
        }

        var expected = Train(recipe, dense.Build());
        var actual = Train(recipe, sparse.Build());

        Assert.Equal(Resuming.Bits(expected), Resuming.Bits(actual));
        using var setup = new TrainingSetup(recipe, Task(sparse.Build()), new TrainingControl { Seed = 3 });
        var embeddings = (EmbeddingLayer)setup.Network.Layers[0];
        setup.Source.BeginEpoch(0);
        foreach (bool stays in new[] { true, false })
        {
            Assert.True(setup.Source.TryRead(setup.Batch));
            Assert.Equal(stays, embeddings.StaySparse(setup.Batch.Inputs.Sparse));
        }
    }

    [Fact]
    public void Sparse_rows_stay_sparse_up_to_the_embeddings()
    {
        using var setup = new TrainingSetup(_recipe, Task(Rows(100, isSparse: true)), new TrainingControl { Seed = 3 });
        Assert.True(setup.Batch.IsSparse);
        Assert.Equal(Width - 92 + DimensionsByRule(60, 30, 2), setup.Network.Layers[1].Inputs);
    }

    [Fact]
    public void The_last_row_of_a_table_moves_by_masking_where_no_row_of_the_data_is_zero()
    {
        float[] without = LastRow(Train(_recipe with { CategoricalEmbeddings = new() { MaskingProbability = 0 } }, Rows(200, isSparse: false)));
        float[] with = LastRow(Train(_recipe with { CategoricalEmbeddings = new() { MaskingProbability = 0.1 } }, Rows(200, isSparse: false)));

        Assert.All(without, number => Assert.Equal(0, number));
        Assert.All(with, number => Assert.NotEqual(0, number));
    }

    [Fact]
    public void The_last_row_of_a_table_moves_without_masking_where_a_row_of_the_data_is_zero()
    {
        float[] numbers = LastRow(Train(_recipe with { CategoricalEmbeddings = new() { MaskingProbability = 0 } }, Rows(200, isSparse: false, zerosEvery: 10)));
        Assert.All(numbers, number => Assert.NotEqual(0, number));
    }

    [Fact]
    public void Where_missing_values_tell_something_they_are_learnt()
    {
        // The label is whether the first range is empty; nothing else tells.
        var builder = new TrainingDataBuilder(new DenseFeaturesBuilder(4, 0), hasWeights: false);
        var random = new Random(5);
        for (int row = 0; row < 400; row++)
        {
            float[] features = new float[4];
            features[3] = (float)random.NextDouble();
            if (row % 3 > 0)
                features[random.Next(3)] = 1;
            builder.Add(features, row % 3 == 0 ? 1 : 0, 1);
        }

        var recipe = new TrainingRecipe { HiddenLayers = [4], NumberOfEpochs = 40, LearningRate = 0.1, CategoricalEmbeddings = new() { MaskingProbability = 0 } };
        var trained = Trainer.Train(
            recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, builder.Build(), Categories: [new CategoricalRange(0, 3)]), new TrainingControl { Seed = 3 });
        Assert.True(trained.History.Epochs[^1].TrainingAccuracy > 0.999, $"{trained.History.Epochs[^1].TrainingAccuracy}");
    }

    [Theory]
    [InlineData(5, 40)]
    [InlineData(33, 34)]
    public void A_run_in_pieces_masks_as_a_run_in_one_go(params int[] cuts)
    {
        var ranges = new[] { new CategoricalRange(3, 20) };
        var recipe = _recipe with { NumberOfEpochs = 8, HiddenLayers = [new HiddenLayer(8) { Dropout = 0.2 }], Optimizer = new Adam() };
        Assert.Equal(Resuming.Bits(Resuming.InOneGo(recipe, ranges)), Resuming.Bits(Resuming.InPieces(recipe, ranges, cuts)));
    }

    [Fact]
    public void Seed_and_step_decide_what_is_masked()
    {
        var data = Rows(200, isSparse: false);
        Assert.Equal(Resuming.Bits(Train(_recipe, data)), Resuming.Bits(Train(_recipe, data)));
        var masked = Train(_recipe with { LearningRate = 0, NumberOfEpochs = 3, Shuffle = false, ValidationSetFraction = 0 }, data);
        // Nothing is learnt, so that epochs differ by their masks alone.
        Assert.Equal(3, masked.History.Epochs.Select(epoch => epoch.TrainingLoss).Distinct().Count());
    }

    [Fact]
    public void Embeddings_have_a_rate_of_their_own_and_are_a_layer_before_the_first()
    {
        var recipe = _recipe with { Optimizer = new Adam(), CategoricalEmbeddings = new() { LearningRateMultiplier = 0.0 } };
        var data = Rows(200, isSparse: false);
        using var setup = new TrainingSetup(recipe, Task(data), new TrainingControl { Seed = 3 });
        int numbers = setup.Network.Layers[0].ParameterCount;
        float[] start = setup.Network.Parameters.Span[..numbers].ToArray();

        var trained = Train(recipe, data);

        Assert.Equal(start, trained.Network.Parameters.Span[..numbers].ToArray());
        Assert.Equal([-1, 0, 1, 2], trained.History.Epochs[0].Layers.Select(layer => layer.Layer));
        Assert.Equal([0, 0.05, 0.05, 0.05], trained.History.Epochs[0].Layers.Select(layer => layer.LearningRate));
        Assert.NotEqual(start, Train(_recipe, data).Network.Parameters.Span[..numbers].ToArray());
    }

    [Theory]
    [InlineData(FeatureScaling.Standardize)]
    [InlineData(FeatureScaling.Robust)]
    public void Scaling_leaves_embedded_features_alone(FeatureScaling scaling)
    {
        var recipe = _recipe with { FeatureScaling = scaling, CategoricalEmbeddings = new() { MinimumCategories = 10 } };
        using var setup = new TrainingSetup(recipe, Task(Rows(100, isSparse: false)), new TrainingControl { Seed = 3 });
        setup.Source.BeginEpoch(0);
        Assert.True(setup.Source.TryRead(setup.Batch));
        foreach (float[] row in setup.Batch.Features.ToArray().Chunk(Width))
        {
            foreach (var range in _ranges[..2])
            {
                Assert.All(row[range.First..(range.First + range.Count)], value => Assert.True(value is 0 or 1));
                Assert.Equal(1, row[range.First..(range.First + range.Count)].Sum());
            }

            // Two categories are too few here, so that their columns are scaled as numbers are.
            Assert.All(row[93..95], value => Assert.NotEqual(1, value));
        }
    }

    [Fact]
    public void A_missing_value_in_an_embedded_feature_counts_as_zero_and_has_no_indicator()
    {
        var builder = new TrainingDataBuilder(new DenseFeaturesBuilder(5, 0), hasWeights: false);
        for (int row = 0; row < 60; row++)
            builder.Add([row % 4 == 0 ? float.NaN : row % 2, row % 4 == 0 ? float.NaN : 1 - row % 2, row % 7 == 0 ? float.NaN : row, 1, float.PositiveInfinity], row % 2, 1);
        var recipe = new TrainingRecipe { FeatureScaling = FeatureScaling.None, MissingValues = MissingValues.MeanAndIndicator, CategoricalEmbeddings = new() };
        var task = new TrainingTask(Loss.BinaryCrossEntropy, 1, builder.Build(), Categories: [new CategoricalRange(0, 2), new CategoricalRange(3, 2)]);
        using var setup = new TrainingSetup(recipe, task, new TrainingControl { Seed = 3 });

        Assert.Equal([2], setup.Inputs!.Indicators);
        Assert.Equal([0f, 0f, setup.Inputs.Fills[2], 0f, 0f], setup.Inputs.Fills.ToArray());
        Assert.Equal(6, setup.Network.Inputs);
        float[] inputs = new float[6];
        setup.Inputs.Apply([float.NaN, 1, 3, float.NaN, float.NegativeInfinity], inputs);
        Assert.Equal([0, 1, 3, 0, 0, 0], inputs);
    }

    [Fact]
    public void The_range_test_finds_a_rate_for_a_network_with_embeddings()
    {
        var found = LearningRateFinder.Find(
            _recipe, Task(Rows(300, isSparse: false)), new LearningRateFinderOptions { Steps = 40, NumberOfSeeds = 1 }, new TrainingControl { Seed = 3 });
        Assert.Null(found.Refusal);
    }

    private static int DimensionsByRule(params int[] categories) => categories.Sum(new CategoricalEmbeddings().DimensionOf);

    // Of the first table.
    private static float[] LastRow(TrainedNetwork trained)
    {
        var table = trained.Network.Definition.Embeddings[0];
        return trained.Network.Parameters.Span.Slice(table.Categories * table.Dimension, table.Dimension).ToArray();
    }

    private static Dictionary<string, TrainingRecipe> Variants() => new()
    {
        ["momentum"] = _recipe,
        ["adam, decay, clipping and dropout"] = _recipe with
        {
            Optimizer = new Adam(),
            WeightDecay = 0.01,
            MaximumGradientNorm = 0.5,
            HiddenLayers = [new HiddenLayer(16) { Dropout = 0.3 }],
        },
        ["a residual first layer"] = _recipe with { HiddenLayers = [new HiddenLayer(Width - 92 + DimensionsByRule(60, 30, 2)) { IsResidual = true }] },
        ["no hidden layer and no masking"] = _recipe with { HiddenLayers = [], CategoricalEmbeddings = new() { MaskingProbability = 0 } },
        ["averaged weights"] = _recipe with { Optimizer = new ScheduleFreeAdamW() },
        ["large ranges only"] = _recipe with { CategoricalEmbeddings = new() { MinimumCategories = 50, Dimension = 7 } },
    };

    private static TrainingTask Task(TrainingRows data) => new(Loss.BinaryCrossEntropy, 1, data, Categories: _ranges);

    private static TrainedNetwork Train(TrainingRecipe recipe, TrainingRows data, int threads = 1) =>
        Trainer.Train(recipe, Task(data), new TrainingControl { Seed = 3, MaxThreads = threads });

    private static TrainingData Rows(int count, bool isSparse, int zerosEvery = int.MaxValue)
    {
        var random = new Random(6);
        FeatureStoreBuilder features = isSparse ? new SparseFeaturesBuilder(Width) : new DenseFeaturesBuilder(Width, count);
        var builder = new TrainingDataBuilder(features, hasWeights: false);
        for (int row = 0; row < count; row++)
        {
            float[] values = [.. Enumerable.Range(0, Width).Select(column => column is < 2 or 62 or > 94 ? (float)random.NextDouble() : 0)];
            int category = random.Next(60);
            foreach (var range in _ranges)
                values[range.First + (range.Count == 60 ? category : random.Next(range.Count))] = 1;
            if (row % zerosEvery == 1)
                values.AsSpan(2, 60).Clear();
            builder.Add(values, (category % 3 == 0) ^ (values[0] > 0.8) ? 1 : 0, 1);
        }

        return builder.Build();
    }
}
