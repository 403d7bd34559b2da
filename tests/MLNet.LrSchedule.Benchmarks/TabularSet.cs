using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using MathNet.Numerics.Random;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>A table read from a CSV file, split at random into three parts and prepared by what the training part tells: mean and deviation, levels.</summary>
internal sealed class TabularSet
{
    private readonly string[][] _rows;
    private readonly bool[] _isCategorical;
    private readonly string[] _classes;

    private TabularSet(string name, string[][] rows)
    {
        Name = name;
        _rows = rows;
        int columns = rows[0].Length - 1;
        _isCategorical = [.. Enumerable.Range(0, columns).Select(column => rows.Any(row => row[column].Length > 0 && !IsNumber(row[column])))];
        string[] labels = [.. rows.Select(row => row[^1]).Distinct().Order(StringComparer.Ordinal)];
        _classes = labels.All(IsNumber) ? [] : labels;
        Outputs = _classes.Length > 2 ? _classes.Length : 1;
        Loss = _classes.Length == 0 ? Loss.Squared : _classes.Length == 2 ? Loss.BinaryCrossEntropy : Loss.SoftmaxCrossEntropy;
    }

    public string Name { get; }

    public int RowCount => _rows.Length;

    public int Outputs { get; }

    public Loss Loss { get; }

    public static TabularSet Read(string path)
    {
        // The Ionosphere file alone comes without a header; none of the files quotes a field.
        string[][] lines = [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split(','))];
        return new TabularSet(Path.GetFileNameWithoutExtension(path), lines[0][^1] == "Label" ? lines[1..] : lines);
    }

    /// <summary>60 % to train, 20 % to validate, 20 % to test.</summary>
    public (TrainingData Training, TrainingData Validation, TrainingData Test) Split(int seed)
    {
        int[] order = [.. Enumerable.Range(0, _rows.Length)];
        new MersenneTwister(seed).Shuffle(order);
        int training = order.Length * 6 / 10, validation = order.Length * 2 / 10;
        var encoder = new Encoder(this, order[..training]);
        return (encoder.Encode(order[..training]), encoder.Encode(order[training..(training + validation)]), encoder.Encode(order[(training + validation)..]));
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Encoder
    {
        private readonly TabularSet _set;
        private readonly List<Func<string[], double>> _features = [];
        private readonly Func<string, double> _label;

        public Encoder(TabularSet set, int[] training)
        {
            _set = set;
            for (int column = 0; column < set._isCategorical.Length; column++)
            {
                int at = column;
                string[] values = [.. training.Select(row => set._rows[row][at]).Where(value => value.Length > 0)];
                if (set._isCategorical[column])
                {
                    foreach (string level in values.Distinct().Order(StringComparer.Ordinal))
                        _features.Add(row => row[at] == level ? 1 : 0);
                    continue;
                }

                var (mean, deviation) = Moments(values);
                _features.Add(row => row[at].Length == 0 ? 0 : (Number(row[at]) - mean) / deviation);
            }

            if (set._classes.Length > 0)
            {
                _label = label => Array.IndexOf(set._classes, label);
                return;
            }

            var (center, scale) = Moments([.. training.Select(row => set._rows[row][^1])]);
            _label = label => (Number(label) - center) / scale;
        }

        public TrainingData Encode(int[] rows)
        {
            var builder = new TrainingDataBuilder(_features.Count, hasWeights: false, rows.Length);
            foreach (int row in rows)
            {
                var features = builder.Add((float)_label(_set._rows[row][^1]), 1f);
                for (int i = 0; i < _features.Count; i++)
                    features[i] = (float)_features[i](_set._rows[row]);
            }

            return builder.Build();
        }

        private static (double Mean, double Deviation) Moments(string[] values)
        {
            double[] numbers = [.. values.Select(Number)];
            double mean = numbers.Average(), deviation = Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean)));
            return (mean, deviation > 0 ? deviation : 1);
        }
    }
}
