using System;

namespace MLNet.LrSchedule.Training;

/// <summary>Collects rows whose number is not known beforehand.</summary>
internal sealed class TrainingDataBuilder : IDisposable
{
    private readonly FeatureStoreBuilder _features;
    private float[] _labels;
    private float[]? _weights;

    /// <summary>A builder of dense rows.</summary>
    /// <param name="featureCount">Features of every row. Range: at least 1.</param>
    /// <param name="hasWeights">Whether rows bring weights; without, every row weighs 1.</param>
    /// <param name="expectedRows">The number of rows where it is known; only saves memory and time.</param>
    public TrainingDataBuilder(int featureCount, bool hasWeights, int expectedRows = 0)
        : this(new DenseFeaturesBuilder(Checked(featureCount), expectedRows), hasWeights, expectedRows)
    {
    }

    public TrainingDataBuilder(FeatureStoreBuilder features, bool hasWeights, int expectedRows = 0)
    {
        _features = features;
        int first = Math.Max(expectedRows, 64);
        _labels = new float[first];
        _weights = hasWeights ? new float[first] : null;
    }

    public int Count => _features.RowCount;

    public bool HasWeights => _weights is not null;

    public FeatureStoreBuilder Features => _features;

    public ReadOnlySpan<float> Labels => _labels.AsSpan(0, Count);

    /// <summary>Empty where every row weighs 1.</summary>
    public ReadOnlySpan<float> Weights => _weights is null ? [] : _weights.AsSpan(0, Count);

    /// <summary>Adds a row to a builder of dense rows and returns the place of its features, which the caller fills.</summary>
    public Span<float> Add(float label, float weight)
    {
        var dense = _features as DenseFeaturesBuilder ?? throw new InvalidOperationException("Only dense rows have a place to fill.");
        AddLabel(label, weight);
        return dense.Add();
    }

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<float> features, float label, float weight)
    {
        AddLabel(label, weight);
        _features.Add(features);
    }

    /// <summary>Adds a row of which only some elements are given; the others are zeros.</summary>
    public void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float label, float weight)
    {
        AddLabel(label, weight);
        _features.Add(columns, values);
    }

    public TrainingData Build() => new(_features.Build(), _labels, _weights);

    /// <summary>Gives up the rows where no data was built.</summary>
    public void Dispose() => _features.Dispose();

    private static int Checked(int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        return featureCount;
    }

    private void AddLabel(float label, float weight)
    {
        int count = _features.RowCount;
        if (count == int.MaxValue)
            throw new InvalidOperationException($"More than {int.MaxValue:N0} rows cannot be held in memory.");
        if (count == _labels.Length)
        {
            int larger = (int)Math.Min(Array.MaxLength, 2L * _labels.Length);
            Array.Resize(ref _labels, larger);
            if (_weights is not null)
                Array.Resize(ref _weights, larger);
        }

        _labels[count] = label;
        if (_weights is not null)
            _weights[count] = weight;
    }
}
