using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.LrSchedule.NewUser;

/// <summary>Looks into the packages, trains and saves, or loads and predicts: one of them in each process.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        switch (arguments)
        {
            case ["contents", var folder, var version, var commit]:
                return PackageContents.Check(folder, version, commit);
            case ["train", var path]:
                Train(path);
                return 0;
            case ["predict", var path]:
                Predict(path);
                return 0;
            default:
                Console.Error.WriteLine("usage: contents FOLDER VERSION COMMIT | train MODEL | predict MODEL");
                return 2;
        }
    }

    private static void Train(string path)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(index => Point(index / 20, index % 20)));
        var model = ml.BinaryClassification.Trainers.Mlp(hiddenLayers: [16], numberOfEpochs: 60).Fit(data);
        var metrics = ml.BinaryClassification.Evaluate(model.Transform(data));
        // A straight line gets at most three in four right.
        if (metrics.Accuracy < 0.9)
            throw new InvalidOperationException($"The network has not learnt which quadrant a point lies in: accuracy {metrics.Accuracy}.");

        ml.Model.Save(model, data.Schema, path);
        Print(ml, model);
    }

    private static void Predict(string path)
    {
        var ml = new MLContext();
        Print(ml, ml.Model.Load(path, out _));
    }

    private static void Print(MLContext ml, ITransformer model)
    {
        using var engine = ml.Model.CreatePredictionEngine<Place, PlacePrediction>(model);
        foreach (var (row, column) in new[] { (2, 3), (2, 16), (17, 3), (17, 16) })
        {
            var prediction = engine.Predict(Point(row, column));
            Console.WriteLine($"{row}, {column}: {prediction.PredictedLabel}, score {prediction.Score:R}, probability {prediction.Probability:R}");
        }
    }

    /// <summary>A point of a grid; its label says whether it lies in the lower left or upper right quadrant, which no linear model can tell.</summary>
    private static Place Point(int row, int column)
    {
        float x = (row - 9.5f) / 5, y = (column - 9.5f) / 5;
        return new Place { Features = [x, y], Label = x * y > 0 };
    }
}

internal sealed class Place
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }
}

internal sealed class PlacePrediction
{
    public bool PredictedLabel { get; set; }

    public float Score { get; set; }

    public float Probability { get; set; }
}
