using System;

namespace MLNet.LrSchedule.Training;

/// <summary>Means, standard deviations and ranges of the finite values of each feature, each row counted by its weight, in the order of the rows.</summary>
internal sealed class FeatureMoments
{
    private readonly double[] _weights;
    private readonly float[] _minima;
    private readonly float[] _maxima;
    private readonly bool[] _hasOthers;

    private FeatureMoments(int features)
    {
        _weights = new double[features];
        _minima = new float[features];
        _maxima = new float[features];
        _hasOthers = new bool[features];
        Means = new double[features];
        Deviations = new double[features];
        Missing = new long[features];
        Array.Fill(_minima, float.PositiveInfinity);
        Array.Fill(_maxima, float.NegativeInfinity);
    }

    /// <summary>0 where a feature has no value.</summary>
    public double[] Means { get; }

    /// <summary>Zeros where they were not asked for.</summary>
    public double[] Deviations { get; }

    /// <summary>Rows in which the feature is not finite.</summary>
    public long[] Missing { get; }

    public bool IsEmpty(int feature) => _minima[feature] > _maxima[feature];

    /// <summary>Whether the feature has no two values.</summary>
    public bool IsConstant(int feature) => !(_minima[feature] < _maxima[feature]);

    /// <summary>The largest absolute value.</summary>
    public double Largest(int feature) => Math.Max(Math.Abs((double)_minima[feature]), Math.Abs((double)_maxima[feature]));

    /// <summary>Whether the feature has no values but 0 and 1.</summary>
    public bool IsIndicator(int feature) => !_hasOthers[feature];

    public double Range(int feature) => (double)_maxima[feature] - _minima[feature];

    public static FeatureMoments Of(TrainingRows rows, RowPart part, bool withDeviations)
    {
        FeatureMoments moments = new(rows.FeatureCount);
        long count = 0;
        double total = 0;
        var stored = new long[rows.FeatureCount];
        PartRows.Visit(rows, part, (columns, values, weight) =>
        {
            count++;
            total += weight;
            for (int i = 0; i < values.Length; i++)
            {
                int feature = columns.IsEmpty ? i : columns[i];
                stored[feature]++;
                moments.Add(feature, values[i], weight);
            }
        });
        for (int feature = 0; feature < stored.Length; feature++)
        {
            // What sparse rows leave out are zeros, which add their weight and nothing else.
            if (stored[feature] < count)
                moments.Look(feature, 0);
            moments._weights[feature] = total - moments._weights[feature];
            if (moments._weights[feature] > 0)
                moments.Means[feature] /= moments._weights[feature];
        }

        if (withDeviations)
            moments.AddDeviations(rows, part);
        return moments;
    }

    // Until the pass is over, means are sums and weights those of missing values.
    private void Add(int feature, float value, double weight)
    {
        if (!float.IsFinite(value))
        {
            Missing[feature]++;
            _weights[feature] += weight;
            return;
        }

        Look(feature, value);
        Means[feature] += weight * value;
    }

    private void Look(int feature, float value)
    {
        _minima[feature] = Math.Min(_minima[feature], value);
        _maxima[feature] = Math.Max(_maxima[feature], value);
        _hasOthers[feature] |= value is not (0 or 1);
    }

    // The deviations are summed after the mean is known: the usual shortcut loses everything where the mean is large.
    private void AddDeviations(TrainingRows rows, RowPart part)
    {
        var seen = new double[Means.Length];
        PartRows.Visit(rows, part, (columns, values, weight) =>
        {
            for (int i = 0; i < values.Length; i++)
            {
                int feature = columns.IsEmpty ? i : columns[i];
                if (!float.IsFinite(values[i]))
                    continue;
                double deviation = values[i] - Means[feature];
                seen[feature] += weight;
                Deviations[feature] += weight * deviation * deviation;
            }
        });
        for (int feature = 0; feature < seen.Length; feature++)
        {
            double zeros = Math.Max(0, _weights[feature] - seen[feature]);
            double squares = Deviations[feature] + (rows.IsSparse ? zeros * Means[feature] * Means[feature] : 0);
            Deviations[feature] = _weights[feature] > 0 ? Math.Sqrt(squares / _weights[feature]) : 0;
        }
    }
}
