// How fast a computer of the 1980s was, from what its data sheet says: regression on a target from 6 to 1150.
//
// Expected output:
// Five folds: R-squared 0.86, mean absolute error 26
// 800 ns, 512 to 1000 kB, 0 kB cache, 1 to 4 channels: 20
// 140 ns, 2000 to 8000 kB, 32 kB cache, 4 to 20 channels: 70
// 30 ns, 8000 to 64000 kB, 128 kB cache, 16 to 64 channels: 669

using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var ml = new MLContext(seed: 1);
var data = ml.Data.LoadFromTextFile<Computer>(Path.Combine(AppContext.BaseDirectory, "data", "cpu.csv"), separatorChar: ',', hasHeader: true);

// Nothing needs to be normalized: the trainer scales features and target, and gives scores in the target's unit.
var pipeline = ml.Regression.Trainers.Mlp();

var folds = ml.Regression.CrossValidate(data, pipeline, numberOfFolds: 5);
Console.WriteLine(
    $"Five folds: R-squared {folds.Average(fold => fold.Metrics.RSquared):F2}, " +
    $"mean absolute error {folds.Average(fold => fold.Metrics.MeanAbsoluteError):F0}");

string path = Path.Combine(AppContext.BaseDirectory, "computer-hardware.zip");
ml.Model.Save(pipeline.Fit(data), data.Schema, path);

// What a program does that only predicts: it needs the package beside it, but registers nothing.
var loaded = ml.Model.Load(path, out _);
using var engine = ml.Model.CreatePredictionEngine<Computer, ComputerPrediction>(loaded);
foreach (float[] sheet in new float[][] { [800, 512, 1000, 0, 1, 4], [140, 2000, 8000, 32, 4, 20], [30, 8000, 64000, 128, 16, 64] })
{
    var prediction = engine.Predict(new Computer { Features = sheet });
    Console.WriteLine($"{sheet[0]} ns, {sheet[1]} to {sheet[2]} kB, {sheet[3]} kB cache, {sheet[4]} to {sheet[5]} channels: {prediction.Score:F0}");
}

/// <summary>One computer: cycle time (ns), least and most memory (kB), cache (kB), fewest and most channels, and its published relative performance.</summary>
internal sealed class Computer
{
    [LoadColumn(0, 5)]
    [VectorType(6)]
    public float[] Features { get; set; } = [];

    [LoadColumn(6)]
    [ColumnName("Label")]
    public float Performance { get; set; }
}

/// <summary>A prediction as ML.NET's prediction engine fills it, in the unit of the label.</summary>
internal sealed class ComputerPrediction
{
    public float Score { get; set; }
}
