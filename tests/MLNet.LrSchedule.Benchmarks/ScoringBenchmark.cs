using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// What a prediction costs, on one processor: a 34-34-1 network in ML.NET's prediction engine beside its logistic regression, and <c>Transform</c> with a
/// 54-256-256-7 network beside the same network in ML.NET's ONNX transformer. Run by <c>-- scoring [rounds] [rows]</c>.
/// </summary>
internal static class ScoringBenchmark
{
    // A round is shorter than a turn on a busy processor, so that most rounds have it for themselves.
    private const int CallsPerRound = 200;
    private const int WarmUpRounds = 4_000;
    private const int SmallFeatures = 34;
    private const int LargeFeatures = 54;
    private const int Classes = 7;

    public static int Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 5_001;
        int rows = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 200_000;
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            // One processor for everybody: ML.NET would spread the rows of a view over several.
            using Process process = Process.GetCurrentProcess();
            nint allowed = process.ProcessorAffinity;
            process.ProcessorAffinity = allowed & -allowed;
        }

        CompareEngines(rounds);
        CompareTransforms(rows, rounds: 5);
        return 0;
    }

    private static void CompareEngines(int rounds)
    {
        MLContext context = new(seed: 1);
        BinaryRow[] rows = [.. Enumerable.Range(0, 351).Select(_ => new BinaryRow())];
        Random random = new(3);
        foreach (BinaryRow row in rows)
        {
            row.Features = [.. Enumerable.Range(0, SmallFeatures).Select(_ => (float)((2 * random.NextDouble()) - 1))];
            row.Label = row.Features[0] > row.Features[1] * row.Features[2];
        }

        IDataView data = Load(context, rows, SmallFeatures);
        var network = context.BinaryClassification.Trainers.Mlp(new MlpOptions { FeatureScaling = FeatureScaling.None, NumericEncoding = NumericEncoding.None, HiddenLayers = [34], NumberOfEpochs = 5, Seed = 1 }).Fit(data);
        var regression = context.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(data);
        using var networkEngine = context.Model.CreatePredictionEngine<BinaryRow, BinaryPrediction>(network, data.Schema);
        using var regressionEngine = context.Model.CreatePredictionEngine<BinaryRow, BinaryPrediction>(regression, data.Schema);
        MlpPredictor predictor = network.Model.SubModel.CreatePredictor();
        float[] batch = [.. Enumerable.Range(0, CallsPerRound).SelectMany(i => rows[i % rows.Length].Features)];
        float[] outputs = new float[CallsPerRound];
        (string Name, Action Run)[] cases =
        [
            ("prediction engine, 34-34-1 network", () => Array.ForEach(Calls(rows), row => networkEngine.Predict(row))),
            ("prediction engine, logistic regression", () => Array.ForEach(Calls(rows), row => regressionEngine.Predict(row))),
            ("MlpPredictor, one row", () => Array.ForEach(Calls(rows), row => predictor.Predict(row.Features))),
            ("MlpPredictor, batch", () => predictor.PredictBatch(batch, outputs)),
        ];
        List<double>[] times = [.. cases.Select(_ => new List<double>())];
        double[] bytes = new double[cases.Length];
        for (int round = -WarmUpRounds; round < rounds; round++)
        {
            // Time for the compiler's second thoughts.
            if (round == -WarmUpRounds / 2)
                Thread.Sleep(1_000);
            for (int i = 0; i < cases.Length; i++)
            {
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                cases[i].Run();
                double time = Stopwatch.GetElapsedTime(start).TotalNanoseconds / CallsPerRound;
                bytes[i] = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)CallsPerRound;

                if (round >= 0)
                    times[i].Add(time);
            }
        }

        Console.WriteLine($"34 features, one processor, medians of {rounds} rounds of {CallsPerRound} calls, in turns");
        for (int i = 0; i < cases.Length; i++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases[i].Name,-40} {Median(times[i]),7:F1} ns, {bytes[i],5:F0} bytes"));
        double more = Median(times[0].Zip(times[1], (ours, theirs) => ours - theirs));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the network's engine takes {more:F1} ns more than the regression's"));
    }

    private static BinaryRow[] Calls(BinaryRow[] rows) => _calls ??= [.. Enumerable.Range(0, CallsPerRound).Select(i => rows[i % rows.Length])];

    private static BinaryRow[]? _calls;

    private static void CompareTransforms(int count, int rounds)
    {
        MLContext context = new(seed: 1);
        Random random = new(3);
        MulticlassRow[] rows = [.. Enumerable.Range(0, count).Select(i => new MulticlassRow
        {
            Features = [.. Enumerable.Range(0, LargeFeatures).Select(_ => (float)random.NextDouble())],
            Class = i % Classes,
        })];
        IDataView data = Load(context, rows, LargeFeatures);
        IDataView training = context.Data.TakeRows(data, 700);
        var keys = context.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(training);
        var network = context.MulticlassClassification.Trainers.Mlp(new MlpOptions { FeatureScaling = FeatureScaling.None, NumericEncoding = NumericEncoding.None, HiddenLayers = [256, 256], NumberOfEpochs = 1, Seed = 1 })
            .Fit(keys.Transform(training));
        // Rectified units that are at zero are left out of a row's sums; of these units none is.
        var withoutZeros = context.MulticlassClassification.Trainers.Mlp(new MlpOptions { FeatureScaling = FeatureScaling.None, NumericEncoding = NumericEncoding.None, HiddenLayers = [256, 256], Activation = Activation.LeakyRelu(), NumberOfEpochs = 1, Seed = 1 })
            .Fit(keys.Transform(training));
        DirectoryInfo folder = Directory.CreateTempSubdirectory("scoring");
        string file = Path.Combine(folder.FullName, "network.onnx");
        using (FileStream stream = File.Create(file))
            network.Model.SaveAsOnnx(stream);
        var onnx = context.Transforms.ApplyOnnxModel(new OnnxOptions
        {
            ModelFile = file,
            InputColumns = ["Features"],
            OutputColumns = ["Score"],
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
        }).Fit(data);
        // The runtime has read it.
        folder.Delete(recursive: true);
        IDataView few = context.Data.TakeRows(data, 1_000);
        double difference = Column(network.Transform(few), "Score").Zip(Column(onnx.Transform(few), "Score"), (a, b) => Math.Abs(a - b)).Max();
        if (!(difference < 1e-4))
            throw new InvalidOperationException($"The two engines differ by {difference}.");
        MlpPredictor predictor = network.Model.CreatePredictor();
        float[] batch = [.. rows.SelectMany(row => row.Features)];
        float[] outputs = new float[count * Classes];
        (string Name, Func<double> Run)[] cases =
        [
            ("Transform", () => Sum(network.Transform(data), "Score")),
            ("Transform, leaky ReLU", () => Sum(withoutZeros.Transform(data), "Score")),
            ("Transform, ONNX", () => Sum(onnx.Transform(data), "Score")),
            ("MlpPredictor, batch", () =>
            {
                predictor.PredictBatch(batch, outputs);
                return outputs[0];
            }),
            ("reading the features alone", () => Sum(data, "Features")),
        ];
        List<double>[] times = [.. cases.Select(_ => new List<double>())];
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                cases[i].Run();
                if (round > 0)
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        Console.WriteLine($"54-256-256-7, {count:N0} rows, one processor, medians of {rounds} passes, in turns");
        for (int i = 0; i < cases.Length; i++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases[i].Name,-40} {count / Median(times[i]),12:N0} rows/s"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Transform is {Median(times[2]) / Median(times[0]):F2} times (leaky ReLU {Median(times[2]) / Median(times[1]):F2}), the predictor's batch {Median(times[2]) / Median(times[3]):F2} times as fast as ONNX"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ShareOfZeros(network.Model, batch):P0} of the hidden ReLU units are at zero"));
    }

    private static double ShareOfZeros(MlpMulticlassModelParameters model, float[] batch)
    {
        const int Rows = 1_000;
        MlpNetwork network = ((ITrainedModel)model).Content.Network;
        using KernelContext kernels = new();
        Workspace workspace = Workspace.ForEvaluation(network, kernels, Rows);
        network.Forward(workspace, batch.AsSpan(0, Rows * LargeFeatures), Rows, isTraining: false);
        int zeros = 0, units = 0;
        for (int layer = 0; layer < network.Layers.Count - 1; layer++)
        {
            Span<float> outputs = workspace.Output(layer, Rows * network.Layers[layer].Outputs);
            zeros += outputs.Count(0f);
            units += outputs.Length;
        }

        return (double)zeros / units;
    }

    private static double Sum(IDataView data, string column)
    {
        DataViewSchema.Column scores = data.Schema[column];
        using DataViewRowCursor cursor = data.GetRowCursor([scores]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(scores);
        VBuffer<float> values = default;
        double sum = 0;
        while (cursor.MoveNext())
        {
            get(ref values);
            sum += values.GetValues()[0];
        }

        return sum;
    }

    private static IEnumerable<float> Column(IDataView data, string column) => data.GetColumn<float[]>(column).SelectMany(row => row);

    private static IDataView Load<TRow>(MLContext context, IEnumerable<TRow> rows, int features)
        where TRow : class
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return context.Data.LoadFromEnumerable(rows, schema);
    }

    private static double Median(IEnumerable<double> times)
    {
        double[] sorted = [.. times.Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed class BinaryRow
    {
        public bool Label { get; set; }

        // The prediction engine fills in what it knows of the type.
        [VectorType(SmallFeatures)]
        public float[] Features { get; set; } = [];
    }

    private sealed class BinaryPrediction
    {
        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class MulticlassRow
    {
        public int Class { get; set; }

        [VectorType(LargeFeatures)]
        public float[] Features { get; set; } = [];
    }
}
