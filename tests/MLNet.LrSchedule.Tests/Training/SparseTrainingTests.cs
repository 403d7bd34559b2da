using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>Rows that are stored sparse train as the same rows stored dense, in far less memory.</summary>
public sealed class SparseTrainingTests
{
    private const int Width = 120;

    private static readonly TrainingRecipe _recipe = new()
    {
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers = [16, 8],
        BatchSize = 24,
        NumberOfEpochs = 6,
        LearningRate = 0.05,
        ValidationSetFraction = 0.2,
    };

    public static TheoryData<string> Optimizers => [.. OptimizerKinds.All.Select(type => type.Name)];

    public static TheoryData<string> Recipes => [.. Variants().Keys];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Sparse_rows_train_to_the_bits_of_the_same_rows_made_dense(string name)
    {
        var recipe = Variants()[name];
        foreach (int threads in new[] { 1, 2 })
        {
            var expected = Train(recipe, Rows(400, isSparse: false), threads);
            var actual = Train(recipe, Rows(400, isSparse: true), threads);
            Assert.Equal(Bits(expected.Network), Bits(actual.Network));
            Assert.Equal(
                expected.History.Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss, epoch.GradientNorm)),
                actual.History.Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss, epoch.GradientNorm)));
            Assert.Equal(expected.History.Warnings, actual.History.Warnings);
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Every_optimizer_sees_the_gradient_of_sparse_rows_as_that_of_dense_ones(string name)
    {
        var optimizer = (Optimizer)Activator.CreateInstance(OptimizerKinds.All.Single(type => type.Name == name))!;
        var recipe = _recipe with { Optimizer = optimizer, LearningRate = 0.01, NumberOfEpochs = 2 };
        Assert.Equal(Bits(Train(recipe, Rows(400, isSparse: false), threads: 1).Network), Bits(Train(recipe, Rows(400, isSparse: true), threads: 1).Network));
    }

    [Fact]
    public void Sparse_rows_stay_sparse_up_to_the_first_layer()
    {
        using var setup = Setup(_recipe, Rows(100, isSparse: true));
        setup.Source.BeginEpoch(0);
        Assert.True(setup.Source.TryRead(setup.Batch));
        Assert.True(setup.Batch.Inputs.IsSparse);
    }

    [Fact]
    public void A_step_clears_the_gradient_of_weights_for_sparse_rows_unless_it_is_to_be_kept()
    {
        using var setup = Setup(_recipe, Rows(100, isSparse: true));
        setup.Source.BeginEpoch(0);
        int weights = Width * _recipe.HiddenLayers[0].Units;
        foreach (bool keepsGradient in new[] { false, true, false })
        {
            Assert.True(setup.Source.TryRead(setup.Batch));
            setup.Step(setup.Schedules.At(0), keepsGradient);
            Assert.Equal(keepsGradient, setup.Workspace.ParameterGradients.Span[..weights].ContainsAnyExcept(0f));
        }
    }

    [Fact]
    public void A_run_on_sparse_rows_that_was_cut_behind_the_last_step_of_an_epoch_records_the_same_norms()
    {
        // 320 rows are 14 steps an epoch: the cuts are inside an epoch, behind its last step and behind the first of the next.
        var expected = Resuming.InOneGo(_recipe, rows: Rows(400, isSparse: true));
        var actual = Resuming.InPieces(_recipe, categories: null, [5, 13, 14, 41], Rows(400, isSparse: true));
        Assert.Equal(Resuming.Bits(expected), Resuming.Bits(actual));
        Assert.All(actual.History.Epochs, epoch => Assert.NotEqual(0, epoch.GradientNorm));
    }

    [Fact]
    public void A_skip_from_the_input_has_the_rows_spread_out()
    {
        using var setup = Setup(Variants()["a residual first layer"], Rows(100, isSparse: true));
        Assert.False(setup.Batch.IsSparse);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Validation_rows_may_be_stored_in_the_other_form(bool trainingIsSparse)
    {
        var recipe = _recipe with { ValidationSetFraction = 0 };
        var expected = Trainer.Train(
            recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, Rows(200, isSparse: false), Rows(90, isSparse: false, seed: 8)), new TrainingControl { Seed = 3 });
        var actual = Trainer.Train(
            recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, Rows(200, trainingIsSparse), Rows(90, !trainingIsSparse, seed: 8)), new TrainingControl { Seed = 3 });
        Assert.Equal(expected.History.Epochs.Select(epoch => epoch.ValidationLoss), actual.History.Epochs.Select(epoch => epoch.ValidationLoss));
    }

    [Fact]
    public void The_form_is_chosen_by_width_and_share_of_what_is_not_zero_in_the_first_rows()
    {
        Assert.True(Chosen(64, nonZeros: 8).IsSparse);
        Assert.False(Chosen(64, nonZeros: 9).IsSparse);
        Assert.False(Chosen(63, nonZeros: 1).IsSparse);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Rows_of_a_store_that_chose_late_are_the_rows_that_came(bool firstRowIsFull, bool othersAreSparse)
    {
        var random = new Random(4);
        var builder = new ChosenFeaturesBuilder(Width, 0);
        var expected = new List<float[]>();
        for (int row = 0; row < 1500; row++)
        {
            int oneIn = row == 0 ? (firstRowIsFull ? 1 : Width) : othersAreSparse ? 12 : 3;
            float[] features = [.. Enumerable.Range(0, Width).Select(_ => random.Next(oneIn) == 0 ? (float)random.NextDouble() : 0f)];
            // Kept where the rows end up dense, and no element at all where they end up sparse.
            features[7] = -0f;
            expected.Add(features);
            builder.Add(features);
        }

        var store = builder.Build();
        Assert.Equal(othersAreSparse, store.IsSparse);
        Assert.Equal(expected.Count, store.RowCount);
        for (int row = 0; row < expected.Count; row++)
        {
            float[] actual = new float[Width];
            if (store is SparseFeatures sparse)
            {
                sparse.Row(row, out var columns, out var values);
                for (int i = 0; i < columns.Length; i++)
                    actual[columns[i]] = values[i];
                expected[row][7] = 0f;
            }
            else
            {
                actual = ((DenseFeatures)store)[row].ToArray();
            }

            Assert.Equal(expected[row].Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Wide_sparse_rows_train_within_a_gigabyte()
    {
        string[] printed = ChildProcess.Run(
            TrainWide, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x40000000" }).Split(' ');
        Assert.True(long.Parse(printed[0], CultureInfo.InvariantCulture) < 1L << 30, $"{printed[0]} bytes at most in memory");
        Assert.True(double.Parse(printed[2], CultureInfo.InvariantCulture) < double.Parse(printed[1], CultureInfo.InvariantCulture));
    }

    [ChildCommand]
    internal static string TrainWide(string[] arguments)
    {
        const int Columns = 50_000, NonZeros = 40;
        var random = new Random(5);
        var data = new TrainingDataBuilder(new ChosenFeaturesBuilder(Columns, 20_000), hasWeights: false, 20_000);
        int[] columns = new int[NonZeros];
        float[] values = new float[NonZeros];
        values.AsSpan().Fill(1f);
        for (int row = 0; row < 20_000; row++)
        {
            for (int i = 0; i < NonZeros; i++)
                columns[i] = i * (Columns / NonZeros) + random.Next(Columns / NonZeros);
            data.Add(columns, values, columns[0] < 600 ? 1 : 0, 1);
        }

        var recipe = new TrainingRecipe { HiddenLayers = [64], BatchSize = 256, NumberOfEpochs = 3, LearningRate = 0.1 };
        var trained = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, data.Build()), new TrainingControl { Seed = 7 });
        using var process = Process.GetCurrentProcess();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{process.PeakWorkingSet64} {trained.History.Epochs[0].TrainingLoss} {trained.History.Epochs[^1].TrainingLoss}");
    }

    private static Dictionary<string, TrainingRecipe> Variants() => new()
    {
        ["momentum"] = _recipe,
        ["adam, weight decay and clipping"] = _recipe with { Optimizer = new Adam(), WeightDecay = 0.01, MaximumGradientNorm = 0.5, Momentum = 0.9 },
        ["a function that needs its sums"] = _recipe with { Activation = Activation.Gelu },
        ["no hidden layer"] = _recipe with { HiddenLayers = [] },
        ["batch normalization"] = _recipe with { HiddenLayers = [new HiddenLayer(16) { Normalization = Normalization.Batch }] },
        ["dropout"] = _recipe with { HiddenLayers = [new HiddenLayer(16) { Dropout = 0.3 }] },
        ["a residual first layer"] = _recipe with { HiddenLayers = [new HiddenLayer(Width) { IsResidual = true }] },
        ["batches of one row"] = _recipe with { BatchSize = 1, NumberOfEpochs = 2 },
        ["a wide layer, divided among the threads"] = _recipe with { HiddenLayers = [560], NumberOfEpochs = 3 },
        ["a wide layer, updated by one thread"] = _recipe with { HiddenLayers = [207], BatchSize = 128 },
        ["no shuffling"] = _recipe with { Shuffle = false },
    };

    private static FeatureStore Chosen(int width, int nonZeros)
    {
        var builder = new ChosenFeaturesBuilder(width, 0);
        for (int row = 0; row < 10; row++)
            builder.Add([.. Enumerable.Range(0, width).Select(column => column < nonZeros ? 1f : 0f)]);
        return builder.Build();
    }

    private static TrainedNetwork Train(TrainingRecipe recipe, TrainingData data, int threads) => Trainer.Train(
        recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, data), new TrainingControl { Seed = 3, MaxThreads = threads });

    private static TrainingSetup Setup(TrainingRecipe recipe, TrainingData data) =>
        new(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, data), new TrainingControl { Seed = 3 });

    private static uint[] Bits(MlpNetwork network) => [.. network.Parameters.Span.ToArray().Select(BitConverter.SingleToUInt32Bits)];

    // One in twelve is not zero; some columns are empty, one is constant.
    private static TrainingData Rows(int count, bool isSparse, int seed = 6)
    {
        var random = new Random(seed);
        FeatureStoreBuilder features = isSparse ? new SparseFeaturesBuilder(Width) : new DenseFeaturesBuilder(Width, count);
        var builder = new TrainingDataBuilder(features, hasWeights: true);
        for (int row = 0; row < count; row++)
        {
            float[] values = [.. Enumerable.Range(0, Width).Select(column => column % 30 == 9 || random.Next(12) > 0 ? 0f : (float)(random.NextDouble() * 2 - 0.5))];
            values[5] = 1.5f;
            builder.Add(values, values.AsSpan(0, 40).IndexOfAnyExcept(0f) % 2, 0.5f + (float)random.NextDouble());
        }

        return builder.Build();
    }
}
