using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using MathNet.Numerics.Statistics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// What a fit spends outside its training loop, reading above all: one epoch of 108-128-64-1 in batches of 256 over a view in memory and a cached one.
/// Run by <c>-- reading [rows] [rounds] [threads] [default]</c>; the last word leaves scaling and encoding as they are by default, which look at the rows before training.
/// </summary>
internal static class ReadingBenchmark
{
    private const int Features = 108;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static int Run(string[] arguments)
    {
        int rows = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100_000;
        int rounds = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 7;
        int threads = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 1;
        MLContext context = new(seed: 1);
        IDataView memory = Load(context, rows);
        IDataView cached = context.Data.Cache(memory);
        MlpOptions options = new() { HiddenLayers = [128, 64], BatchSize = 256, NumberOfEpochs = 1, LearningRate = 0.01, Seed = 1, MaxThreads = threads };
        if (arguments is not [_, _, _, "default"])
            options = options with { FeatureScaling = FeatureScaling.None, NumericEncoding = NumericEncoding.None };
        (string Name, IDataView Data, MlpOptions Options)[] cases =
        [
            ("in memory", memory, options),
            ("cached", cached, options),
            ("cached, streamed", cached, options with { MaximumCachedRows = 20_000 }),
        ];

        // The compiler counts calls and looks at what they do before it compiles ML.NET's readers for good.
        Fits first = new(), warmUp = new(), measured = new();
        first.Run(context, cases);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
            warmUp.Run(context, cases);
        for (int round = 0; round < rounds; round++)
            measured.Run(context, cases);

        Console.WriteLine($"108-128-64-1, batch 256, {rows:N0} rows, one epoch, at most {threads} threads (medians of {rounds} fits, in turns, behind {WarmUp.TotalSeconds:F0} s of others)");
        for (int i = 0; i < cases.Length; i++)
            Console.WriteLine($"{cases[i].Name,-17} {measured.Medians(i)}; the first fit of the process {first.Medians(i)}");

        return 0;
    }

    private static IDataView Load(MLContext context, int rows)
    {
        Random random = new(3);
        Row[] all = [.. Enumerable.Range(0, rows).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, Features).Select(_ => (float)random.NextDouble())];
            return new Row { Features = features, Label = features[0] > 0.5f };
        })];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
        return context.Data.LoadFromEnumerable(all, schema);
    }

    // Times of whole fits and of what lies outside their training loops.
    private sealed class Fits
    {
        private readonly List<(int Case, double Total, double Outside)> _times = [];

        public void Run(MLContext context, ReadOnlySpan<(string Name, IDataView Data, MlpOptions Options)> cases)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                TrainingHistory history = context.BinaryClassification.Trainers.Mlp(cases[i].Options).Fit(cases[i].Data).Model.SubModel.History;
                double total = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                _times.Add((i, total, total - history.Epochs[^1].Elapsed.TotalMilliseconds));
            }
        }

        public string Medians(int number)
        {
            double total = _times.Where(time => time.Case == number).Select(time => time.Total).Median();
            double outside = _times.Where(time => time.Case == number).Select(time => time.Outside).Median();
            return string.Create(CultureInfo.InvariantCulture, $"{total,6:F1} ms, outside the loop {outside,5:F1} ms = {outside / total:P1}");
        }
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
