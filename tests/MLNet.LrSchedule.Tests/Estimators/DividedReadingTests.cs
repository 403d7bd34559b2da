using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Rows that several threads read are those that one thread reads: the same rows, order, form and bits, and the same errors.</summary>
public sealed class DividedReadingTests
{
    private const int RowCount = 6_000;

    // Without shuffling, so that the rows are trained on in the order they were read in; the default scaling looks at all of them.
    private static readonly MlpOptions _options = new()
    {
        HiddenLayers = [4],
        NumberOfEpochs = 1,
        BatchSize = 32,
        LearningRate = 0.05,
        Seed = 3,
        Shuffle = false,
    };

    public static TheoryData<string> Views => ["cached", "in memory", "text", "filtered", "uneven", "without count", "missing"];

    [Theory]
    [MemberData(nameof(Views))]
    public void A_fit_has_the_same_bits_whatever_the_number_of_threads_that_read(string view)
    {
        MLContext context = new(seed: 1);
        IReadOnlyList<BinaryRow> rows = Rows.Binary(RowCount);
        if (view == "missing")
        {
            foreach (int row in new[] { 0, 17, 700, 701, RowCount - 1 })
            {
                rows[row].Features[row % 3] = float.NaN;
            }
        }

        IDataView inMemory = Rows.Load(context, rows);
        IDataView data = view switch
        {
            "cached" => context.Data.Cache(inMemory),
            "in memory" => inMemory,
            "text" => Text(context, rows),
            "filtered" => context.Data.FilterByCustomPredicate<BinaryRow>(context.Data.Cache(inMemory), row => row.Features[1] < 0.2f),
            "without count" => new DividedView(rows, DividedView.Uneven, knowsCount: false),
            _ => new DividedView(rows, DividedView.Uneven),
        };

        (float[] Scores, int Rows) one = Fit(data, 1, inMemory);
        Assert.True(one.Rows > RowCount / 3, $"{one.Rows} rows were read.");
        foreach (int threads in new[] { 2, 3, 5 })
        {
            (float[] Scores, int Rows) more = Fit(data, threads, inMemory);
            Assert.Equal(one.Rows, more.Rows);
            Assert.Equal(one.Scores, more.Scores);
        }

        // A row more or less, or two that have changed places, would be seen.
        rows[40].Features.AsSpan().Fill(0.9f);
        Assert.NotEqual(one.Scores, Fit(inMemory, 1, inMemory).Scores);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_form_of_the_rows_is_that_of_the_first_rows_whichever_thread_reads_them(bool startsSparse)
    {
        const int Width = 80;
        Random random = new(1);
        MLContext context = new(seed: 1);
        // What follows the rows that decide is of the other form, and has zeros with a sign in it.
        BinaryRow[] rows = [.. Enumerable.Range(0, RowCount).Select(row =>
        {
            double share = row < 1_024 == startsSparse ? 0.05 : 0.9;
            float[] features = [.. Enumerable.Range(0, Width).Select(_ => random.NextDouble() < share ? random.NextSingle() - 0.3f : -0f)];
            return new BinaryRow { Features = features, Label = features.Sum() > share * Width * 0.2 };
        })];
        IDataView data = new DividedView(rows, DividedView.Uneven), plain = Rows.Load(context, rows, Width);

        float[] one = Fit(plain, 1, plain).Scores;

        Assert.All(new[] { 2, 3 }, threads => Assert.Equal(one, Fit(data, threads, plain).Scores));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void As_many_threads_read_as_the_options_allow(int maxThreads, int expected)
    {
        DividedView view = new(Rows.Binary(RowCount), DividedView.InTurns);

        Mlp(new MLContext(seed: 1), maxThreads).Fit(view);

        Assert.Equal(expected, view.Threads.Count);
    }

    [Fact]
    public void Few_rows_are_read_by_one_thread()
    {
        DividedView view = new(Rows.Binary(500), DividedView.InTurns);

        Mlp(new MLContext(seed: 1), 4).Fit(view);

        Assert.Single(view.Threads);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_error_is_that_of_the_first_bad_row_though_another_was_found_before(bool whileMoving)
    {
        using ManualResetEventSlim later = new();
        void Check(int row)
        {
            if (row == 3_015)
            {
                later.Set();
                throw new InvalidDataException("row 3015");
            }

            if (row == 1_500)
            {
                // Not before the other thread is through with its row.
                Assert.True(later.Wait(TimeSpan.FromSeconds(30)));
                Thread.Sleep(50);
                throw new InvalidDataException("row 1500");
            }
        }

        DividedView view = new(Rows.Binary(RowCount), DividedView.InTurns, onRead: whileMoving ? null : Check, onMove: whileMoving ? Check : null);

        Assert.Equal("row 1500", Assert.Throws<InvalidDataException>(() => Mlp(new MLContext(seed: 1), 2).Fit(view)).Message);
    }

    [Fact]
    public void A_cursor_that_fails_ends_the_others()
    {
        int read = 0;
        using ManualResetEventSlim failed = new();
        DividedView view = new(Rows.Binary(RowCount), DividedView.InTurns, onRead: row =>
        {
            if (row == 5)
            {
                failed.Set();
                throw new InvalidDataException("row 5");
            }

            if (row >= 10)
            {
                Assert.True(failed.Wait(TimeSpan.FromSeconds(30)));
                Thread.Sleep(1);
                Interlocked.Increment(ref read);
            }
        });

        Assert.Equal("row 5", Assert.Throws<InvalidDataException>(() => Mlp(new MLContext(seed: 1), 2).Fit(view)).Message);
        Assert.True(read < RowCount / 4, $"{read} rows were read after the error.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Reading_ends_when_the_context_is_cancelled(int threads)
    {
        int read = 0;
        MLContext context = new(seed: 1);
        DividedView view = new(Rows.Binary(RowCount), DividedView.InTurns, onRead: row =>
        {
            Interlocked.Increment(ref read);
            if (row == 700)
            {
                typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(context, null);
            }

            if (row > 700)
            {
                Thread.Sleep(1);
            }
        });

        Assert.Throws<OperationCanceledException>(() => Mlp(context, threads).Fit(view));
        Assert.True(read < RowCount * 2 / 3, $"{read} rows were read.");
    }

    [Fact]
    public void Cursors_that_do_not_tell_the_order_are_said_so_and_the_rows_read_by_one()
    {
        MLContext context = new(seed: 1);
        List<string> warnings = [];
        context.Log += (_, message) => warnings.Add(message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? message.Message : "");
        IReadOnlyList<BinaryRow> rows = Rows.Binary(RowCount);
        IDataView inMemory = Rows.Load(context, rows);
        DividedView everyBatchTwice = new(rows, cursors => (row => row / 10 / cursors, _ => 0)), view = new(rows, cursors => (_ => 0, _ => 0));
        DividedView broken = new(rows, cursors => (row => row % 50, batch => (int)(batch % cursors)));

        float[] scores = Scores(Mlp(context, 2).Fit(broken), inMemory);

        Assert.Equal(Fit(inMemory, 1, inMemory).Scores, scores);
        Assert.Contains(warnings, warning => warning.Contains("do not tell the order", StringComparison.Ordinal));
        // One cursor with all of the rows keeps the rule, and so does one whose batches are long.
        warnings.Clear();
        Assert.Equal(scores, Scores(Mlp(context, 2).Fit(everyBatchTwice), inMemory));
        Assert.Equal(scores, Scores(Mlp(context, 2).Fit(view), inMemory));
        Assert.DoesNotContain(warnings, warning => warning.Contains("do not tell the order", StringComparison.Ordinal));
    }

    [Fact]
    public void Marked_rows_are_the_same_whatever_the_number_of_threads()
    {
        MLContext context = new(seed: 1);
        MarkedRow[] rows = [.. Rows.Binary(RowCount).Select((row, i) => new MarkedRow { Features = row.Features, Label = row.Label, Weight = row.Weight, IsHeldOut = i % 7 == 3 })];
        IDataView cached = context.Data.Cache(Rows.Load(context, rows));
        MlpOptions options = _options with { ValidationColumnName = nameof(MarkedRow.IsHeldOut), ExampleWeightColumnName = nameof(MarkedRow.Weight) };

        EpochRecord one = Last(1), three = Last(3);

        Assert.Equal(one.ValidationLoss, three.ValidationLoss);
        Assert.Equal(one.TrainingLoss, three.TrainingLoss);

        EpochRecord Last(int threads)
        {
            TrainingHistory history = context.BinaryClassification.Trainers.Mlp(options with { MaxThreads = threads }).Fit(cached).Model.SubModel.History;
            Assert.Equal(857, history.ValidationRows);
            return history.Epochs[^1];
        }
    }

    private static MlpBinaryTrainer Mlp(MLContext context, int threads) => context.BinaryClassification.Trainers.Mlp(_options with { MaxThreads = threads });

    private static (float[] Scores, int Rows) Fit(IDataView data, int threads, IDataView scored)
    {
        var model = Mlp(new MLContext(seed: 1), threads).Fit(data);
        return (Scores(model, scored), (int)model.Model.SubModel.History.TrainingRows);
    }

    private static float[] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score").Take(300)];

    private static IDataView Text(MLContext context, IReadOnlyList<BinaryRow> rows)
    {
        string path = Path.Combine(Path.GetTempPath(), $"divided-{Guid.NewGuid():N}.txt");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        File.WriteAllLines(path, rows.Select(row =>
            string.Join(',', row.Features.Prepend(row.Label ? 1 : 0).Select(value => value.ToString("R", CultureInfo.InvariantCulture)))));
        return context.Data.LoadFromTextFile(
            path,
            [new TextLoader.Column("Label", DataKind.Boolean, 0), new TextLoader.Column("Features", DataKind.Single, 1, Rows.FeatureCount)],
            separatorChar: ',');
    }

    private sealed class MarkedRow
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];

        public float Weight { get; set; }

        public bool IsHeldOut { get; set; }
    }
}
