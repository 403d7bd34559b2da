using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using MathNet.Numerics.Random;
using MathNet.Numerics.Statistics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// One-hot columns against embeddings on a table of two classes: random 70/30 splits, the same preprocessing and options for all; prints the test
/// log-loss (in nats) of the rows as they are and of the same rows with each category taken away with some probability, the AUC, and seconds.
/// </summary>
internal static class EmbeddingsComparison
{
    private static readonly MlpOptions _options = new()
    {
        HiddenLayers = [new HiddenLayer(128) { Dropout = 0.2 }, new HiddenLayer(64) { Dropout = 0.2 }],
        Optimizer = new AdamW { WeightDecay = 0.1 },
        LearningRate = Schedule.Cosine(from: 0.003, to: 0),
        BatchSize = 256,
        NumberOfEpochs = 20,
        ValidationSetFraction = 0.15,
    };

    private static readonly Dictionary<string, CategoricalEmbeddings?> _variants = new()
    {
        ["one-hot"] = null,
        ["embeddings"] = new(),
        ["no masking"] = new() { MaskingProbability = 0 },
        ["masking 0.02"] = new() { MaskingProbability = 0.02 },
        ["masking 0.05"] = new() { MaskingProbability = 0.05 },
        ["masking 0.2"] = new() { MaskingProbability = 0.2 },
        ["from 9 categories"] = new() { MinimumCategories = 9 },
        ["dimension 2"] = new() { Dimension = 2 },
        ["dimension 16"] = new() { Dimension = 16 },
    };

    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is not ["--data", var path, ..])
        {
            Console.Error.WriteLine("embeddings needs --data FILE, a CSV file of two classes whose last column is the label; then, as wanted, --splits N, --hidden SHARE and --batch ROWS.");
            return 2;
        }

        string? Option(string name) => Array.IndexOf(arguments, name) is >= 0 and int at && at + 1 < arguments.Length ? arguments[at + 1] : null;
        int splits = int.Parse(Option("--splits") ?? "3", CultureInfo.InvariantCulture);
        double hidden = double.Parse(Option("--hidden") ?? "0.1", CultureInfo.InvariantCulture);
        MlpOptions options = _options with { BatchSize = int.Parse(Option("--batch") ?? "256", CultureInfo.InvariantCulture) };
        ComparedSet set = ComparedSet.Read(new MLContext(1), path);
        Console.WriteLine($"{set.Name}, {set.RowCount:N0} rows, batches of {options.BatchSize}, means over {splits} splits\n");
        Console.WriteLine($"| | log-loss | AUC | log-loss with {hidden:P0} hidden | parameters | seconds |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach ((string name, CategoricalEmbeddings? embeddings) in _variants)
        {
            Outcome[] outcomes = [.. Enumerable.Range(1, splits).Select(split => Measure(set, options with { CategoricalEmbeddings = embeddings, Seed = split }, split, hidden))];
            Console.WriteLine(
                $"| {name} | {outcomes.Select(o => o.Loss).Mean():F4} | {outcomes.Select(o => o.Area).Mean():F4} | {outcomes.Select(o => o.HiddenLoss).Mean():F4} " +
                $"| {outcomes[0].Parameters:N0} | {outcomes.Select(o => o.Seconds).Mean():F1} |");
        }

        return 0;
    }

    private static Outcome Measure(ComparedSet set, MlpOptions options, int split, double hidden)
    {
        MLContext context = new(split);
        DataOperationsCatalog.TrainTestData parts = context.Data.TrainTestSplit(set.Data, testFraction: 0.3, seed: split);
        ITransformer preprocessing = set.Preprocessing().Fit(parts.TrainSet);
        IDataView training = context.Data.Cache(preprocessing.Transform(parts.TrainSet)), test = preprocessing.Transform(parts.TestSet);
        Stopwatch clock = Stopwatch.StartNew();
        var model = context.BinaryClassification.Trainers.Mlp(options).Fit(training);
        double seconds = clock.Elapsed.TotalSeconds;
        var metrics = context.BinaryClassification.Evaluate(model.Transform(test));
        int parameters = model.Model.SubModel.Layers.Sum(layer => layer.Weights.Length + layer.Biases.Length);
        return new Outcome(
            LogLoss(model.Model.SubModel, test, split, hidden: 0),
            metrics.AreaUnderRocCurve,
            LogLoss(model.Model.SubModel, test, split, hidden),
            parameters,
            seconds);
    }

    // Takes categories away as one-hot encoding shows a value that is missing or new: as zeros.
    private static double LogLoss(MlpBinaryModelParameters model, IDataView test, int seed, double hidden)
    {
        float[][] rows = [.. test.GetColumn<float[]>("Features")];
        bool[] labels = [.. test.GetColumn<bool>("Label")];
        CategoricalRange[] ranges = [.. CategoricalSlots.Read(test.Schema["Features"], rows[0].Length) ?? []];
        MersenneTwister random = new(seed);
        MlpPredictor predictor = model.CreatePredictor();
        double loss = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            foreach (CategoricalRange range in ranges)
            {
                if (random.NextDouble() < hidden)
                    rows[i].AsSpan(range.First, range.Count).Clear();
            }

            // ln(1 + exp(-z)) of the logit, so that no probability is rounded to zero.
            double z = predictor.Score(rows[i]) * (labels[i] ? 1 : -1);
            loss += Math.Max(-z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z)));
        }

        return loss / rows.Length;
    }

    private readonly record struct Outcome(double Loss, double Area, double HiddenLoss, int Parameters, double Seconds);
}
