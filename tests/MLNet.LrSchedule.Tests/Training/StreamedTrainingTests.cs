using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>Training on rows that are read again for every epoch, shuffled in a pool.</summary>
public sealed class StreamedTrainingTests
{
    private static readonly TrainingRecipe _recipe = new() { HiddenLayers = [12], BatchSize = 28, NumberOfEpochs = 6, LearningRate = 0.05 };

    public static TheoryData<bool, string> Forms => new()
    {
        { false, "plain" }, { true, "plain" }, { false, "tail" }, { true, "balanced" }, { false, "adam" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Without_shuffling_a_stream_trains_to_the_bits_of_a_run_in_memory(bool isSparse, string variant)
    {
        var recipe = _recipe with { Shuffle = false };
        recipe = variant switch
        {
            "tail" => recipe with { ValidationSetFraction = 0.3, ValidationSelection = ValidationSelection.Tail },
            "balanced" => recipe with { ClassWeights = ClassWeights.Balanced },
            "adam" => recipe with { Optimizer = new Adam() },
            _ => recipe,
        };
        var data = Rows(300, isSparse);
        var expected = Train(recipe, data);
        var actual = Train(recipe, new ListStream(data).Rows(10));
        Assert.Equal(Resuming.Bits(expected), Resuming.Bits(actual));
        Assert.Equal(
            expected.History.Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)),
            actual.History.Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)));
        Assert.Equal(expected.History.Warnings, actual.History.Warnings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(300)]
    [InlineData(5000)]
    public void Every_epoch_has_every_row_once_in_an_order_of_its_own(int pool)
    {
        using var source = Source(300, pool);
        var first = Order(source, 0);
        var second = Order(source, 1);
        Assert.Equal(Enumerable.Range(0, 300), first.Order());
        Assert.Equal(first, Order(source, 0));
        if (pool == 1)
            Assert.Equal(first, second);
        else
            Assert.NotEqual(first, second);
    }

    [Fact]
    public void No_row_comes_out_before_it_fits_into_the_pool()
    {
        using var source = Source(300, 20);
        var order = Order(source, 3);
        for (int draw = 0; draw < order.Count; draw++)
            Assert.True(order[draw] < draw + 20);
    }

    [Fact]
    public void A_pool_for_all_rows_puts_any_row_anywhere()
    {
        using var source = Source(100, 100);
        double[] means = [.. Enumerable.Range(0, 400).Select(epoch => Order(source, epoch)).Select(order => (double)order[..50].Sum() / 50)];
        // The mean of 50 of 100 numbers has a standard deviation of 2.9, the mean of 400 such means one of 0.145.
        Assert.InRange(means.Average(), 49.5 - 0.6, 49.5 + 0.6);
    }

    [Fact]
    public void Skipping_leads_to_where_reading_leads()
    {
        using var source = Source(300, 40);
        var order = Order(source, 2);
        source.BeginEpoch(2);
        source.Skip(4);
        Assert.Equal(order[(4 * 28)..], Rest(source));
        source.BeginEpoch(2);
        source.Skip(source.BatchesPerEpoch);
        Assert.Empty(Rest(source));
    }

    [Fact]
    public void A_stream_trains_to_the_same_bits_again_and_on_two_threads()
    {
        var recipe = _recipe with { HiddenLayers = [200], ValidationSetFraction = 0.25 };
        var data = Rows(300, isSparse: false);
        var one = Trainer.Train(recipe, Task(new ListStream(data).Rows(50)), new TrainingControl { Seed = 3 });
        var two = Trainer.Train(recipe, Task(new ListStream(data).Rows(50)), new TrainingControl { Seed = 3, MaxThreads = 2 });
        Assert.Equal(Resuming.Bits(one), Resuming.Bits(two));
    }

    [Fact]
    public void A_pool_for_all_rows_learns_as_well_as_a_run_in_memory()
    {
        var recipe = _recipe with { NumberOfEpochs = 30 };
        var data = IonosphereRows.Load();
        double memory = Train(recipe, data).History.Epochs[^1].TrainingLoss;
        double stream = Train(recipe, new ListStream(data).Rows(data.RowCount)).History.Epochs[^1].TrainingLoss;
        Assert.InRange(stream, 0, 1.5 * memory);
    }

    [Theory]
    [InlineData(ValidationSelection.Random)]
    [InlineData(ValidationSelection.Tail)]
    public void The_rows_held_out_are_the_exact_share_and_the_rest_is_trained_on(ValidationSelection selection)
    {
        var rows = new ListStream(Numbered(301)).Rows(30);
        var (training, heldOut) = rows.Split(0.25, selection, seed: 9);
        Assert.Equal(225, training.Count);
        Assert.Equal(76, heldOut!.Count);
        List<int> trained = Order(training.Batches(28, 9, null), 0), validated = Order(heldOut.Batches(28, null, null), 0);
        Assert.Equal(Enumerable.Range(0, 301), trained.Concat(validated).Order());
        Assert.Equal(validated.Order(), validated);
        Assert.Equal(selection == ValidationSelection.Tail, validated[0] == 225);
    }

    [Fact]
    public void Marked_rows_are_validated_on_and_not_trained_on()
    {
        var stream = new ListStream(Rows(200, isSparse: false), row => row % 4 == 0);
        var trained = Trainer.Train(
            _recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, stream.Rows(20), stream.Rows(20, areMarked: true)), new TrainingControl { Seed = 3 });
        Assert.Equal(150, trained.History.TrainingRows);
        Assert.Equal(50, trained.History.ValidationRows);
        Assert.Equal(0, stream.OpenReaders);
    }

    [Fact]
    public void An_interrupted_run_resumes_bit_for_bit()
    {
        var data = Rows(300, isSparse: true);
        var recipe = _recipe with { ValidationSetFraction = 0.2 };
        var expected = Resuming.Bits(Train(recipe, new ListStream(data).Rows(60)));
        string path = Path.Combine(TemporaryFolders.Create("stream"), "run.checkpoint");
        using var source = new CancellationTokenSource();
        var stream = new ListStream(data);
        Trainer.Train(recipe, Task(stream.Rows(60)), new TrainingControl
        {
            Seed = 3,
            RecipeText = "recipe",
            Checkpoint = new CheckpointOptions { Path = path },
            CancellationToken = source.Token,
            Callbacks = [new CancelAt(22, source)],
        });
        Assert.Equal(0, stream.OpenReaders);
        var resumed = Trainer.Train(recipe, Task(new ListStream(data).Rows(60)), new TrainingControl { Seed = 3, RecipeText = "recipe", ResumeFrom = Checkpoint.Load(path) });
        Assert.Equal(expected, Resuming.Bits(resumed));
    }

    [Fact]
    public void A_stream_that_fails_midway_is_closed()
    {
        var stream = new ListStream(Rows(200, isSparse: false));
        var rows = stream.Rows(20);
        stream.FailsAt = 120;
        Assert.Throws<InvalidOperationException>(() => Train(_recipe, rows));
        Assert.Equal(2, stream.Passes);
        Assert.Equal(0, stream.OpenReaders);
    }

    [Fact]
    public void A_stream_that_has_changed_since_it_was_counted_is_refused()
    {
        foreach (var (length, word) in new[] { (150, "fewer"), (200, "more") })
        {
            var stream = new ListStream(Rows(200, isSparse: false)) { Length = 180 };
            var rows = stream.Rows(20);
            stream.Length = length;
            Assert.Contains(word, Assert.Throws<InvalidOperationException>(() => Train(_recipe, rows)).Message);
        }
    }

    private static TrainedNetwork Train(TrainingRecipe recipe, TrainingRows rows) => Trainer.Train(recipe, Task(rows), new TrainingControl { Seed = 3 });

    private static TrainingTask Task(TrainingRows rows) => new(Loss.BinaryCrossEntropy, 1, rows);

    private static BatchSource Source(int rows, int pool) => new ListStream(Numbered(rows)).Rows(pool).All.Batches(28, shuffleSeed: 4, classWeights: null);

    private static List<int> Order(BatchSource source, int epoch)
    {
        source.BeginEpoch(epoch);
        return Rest(source);
    }

    private static List<int> Rest(BatchSource source)
    {
        var batch = new Batch(28, 1, hasWeights: false);
        List<int> rows = [];
        while (source.TryRead(batch))
        {
            for (int i = 0; i < batch.Rows; i++)
            {
                Assert.Equal(batch.Labels[i], batch.Features[i]);
                rows.Add((int)batch.Labels[i]);
            }
        }

        return rows;
    }

    private static TrainingData Numbered(int count)
    {
        var builder = new TrainingDataBuilder(1, hasWeights: false);
        for (int row = 0; row < count; row++)
            builder.Add([row], row, 1);
        return builder.Build();
    }

    private static TrainingData Rows(int count, bool isSparse)
    {
        var random = new Random(6);
        const int Width = 90;
        FeatureStoreBuilder features = isSparse ? new SparseFeaturesBuilder(Width) : new DenseFeaturesBuilder(Width, count);
        var builder = new TrainingDataBuilder(features, hasWeights: true);
        for (int row = 0; row < count; row++)
        {
            float[] values = [.. Enumerable.Range(0, Width).Select(column => isSparse && random.Next(12) > 0 ? 0f : (float)(random.NextDouble() * 2 - 0.5))];
            values[5] = 1.5f;
            builder.Add(values, random.Next(3) == 0 ? 1 : 0, 0.5f + (float)random.NextDouble());
        }

        return builder.Build();
    }

    private sealed class CancelAt(int step, CancellationTokenSource source) : ITrainingCallback
    {
        public void OnStep(in StepRecord record)
        {
            if (record.Step == step)
                source.Cancel();
        }
    }
}
