using System;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>The rows of one step, a copy of its own, dense or sparse; rows of either form can be put into it.</summary>
internal sealed class Batch
{
    private readonly FloatBuffer _features;
    private readonly FloatBuffer _labels;
    private readonly FloatBuffer _weights;
    private readonly int[] _offsets;
    private int[] _columns;
    private float[] _values;
    private float[] _raw = [];
    private float[] _transformed = [];

    /// <summary>A batch of dense rows.</summary>
    /// <param name="maximumRows">The most rows it will hold.</param>
    /// <param name="featureCount">Features of every row.</param>
    /// <param name="hasWeights">Whether rows weigh other than 1.</param>
    /// <param name="kernels">Copies large batches, and has the memory for them; one thread, and the collected heap, unless given.</param>
    public Batch(int maximumRows, int featureCount, bool hasWeights, KernelContext? kernels = null)
        : this(maximumRows, featureCount, hasWeights, isSparse: false, maximumElements: 0, kernels)
    {
    }

    private Batch(int maximumRows, int featureCount, bool hasWeights, bool isSparse, int maximumElements, KernelContext? kernels = null)
    {
        Kernels = kernels ?? new KernelContext();
        FeatureCount = featureCount;
        IsSparse = isSparse;
        int features = isSparse ? 0 : checked(maximumRows * featureCount);
        _features = kernels?.Memory.Undefined(features) ?? new FloatBuffer(features);
        _labels = new FloatBuffer(maximumRows);
        _weights = new FloatBuffer(hasWeights ? maximumRows : 0);
        _offsets = new int[isSparse ? maximumRows + 1 : 0];
        _columns = new int[maximumElements];
        _values = new float[maximumElements];
    }

    /// <summary>Numbers that a row brings into the network.</summary>
    public int FeatureCount { get; }

    /// <summary>What is done with the features of every row that is put in, so that no second copy of the data is ever held; null does nothing.</summary>
    public InputTransform? Transform
    {
        get;
        init
        {
            field = value;
            _raw = new float[value?.Features ?? 0];
            _transformed = new float[value is not null && IsSparse ? value.Width : 0];
        }
    }

    public bool IsSparse { get; }

    public KernelContext Kernels { get; }

    public int Rows { get; set; }

    /// <summary>[Rows x FeatureCount]; empty where the rows are sparse.</summary>
    public Span<float> Features => IsSparse ? [] : _features.Span[..(Rows * FeatureCount)];

    /// <summary>The rows as a network takes them.</summary>
    public InputRows Inputs => IsSparse
        ? new InputRows(new SparseRows(_offsets.AsSpan(0, Rows + 1), _columns, _values))
        : new InputRows(Features, Rows);

    public Span<float> Labels => _labels.Span[..Rows];

    /// <summary>Empty where every row weighs 1.</summary>
    public Span<float> Weights => _weights.Length == 0 ? [] : _weights.Span[..Rows];

    /// <summary>A batch of sparse rows.</summary>
    /// <param name="maximumRows">The most rows it will hold.</param>
    /// <param name="featureCount">Features of every row.</param>
    /// <param name="hasWeights">Whether rows weigh other than 1.</param>
    /// <param name="maximumElements">The most elements it will hold where that is known; it grows where it holds more.</param>
    /// <param name="transform">What is done with the features of every row; null does nothing.</param>
    public static Batch OfSparseRows(int maximumRows, int featureCount, bool hasWeights, int maximumElements, InputTransform? transform = null) =>
        new(maximumRows, featureCount, hasWeights, isSparse: true, maximumElements) { Transform = transform };

    /// <summary>Puts a row into the batch.</summary>
    /// <param name="place">The row's number in the batch, below <see cref="Rows"/>; rows come in the order of their places.</param>
    /// <param name="features">All features of the row.</param>
    public void SetRow(int place, ReadOnlySpan<float> features)
    {
        if (!IsSparse)
        {
            var row = _features.Span.Slice(place * FeatureCount, FeatureCount);
            if (Transform is null)
                features.CopyTo(row);
            else
                Transform.Apply(features, row);
            return;
        }

        if (Transform is not null)
        {
            Transform.Apply(features, _transformed);
            features = _transformed;
        }

        int count = _offsets[place];
        Reserve(count + features.Length - features.Count(0f));
        for (int column = 0; column < features.Length; column++)
        {
            if (features[column] == 0)
                continue;
            _columns[count] = column;
            _values[count++] = features[column];
        }

        _offsets[place + 1] = count;
    }

    /// <summary>As above, of a row of which only some elements are given.</summary>
    /// <param name="place">The row's number in the batch.</param>
    /// <param name="columns">The columns of the elements, strictly ascending.</param>
    /// <param name="values">The elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SetRow(int place, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        if (!IsSparse)
        {
            var row = _features.Span.Slice(place * FeatureCount, FeatureCount);
            var raw = Transform is null ? row : _raw;
            raw.Clear();
            for (int i = 0; i < columns.Length; i++)
                raw[columns[i]] = values[i];
            Transform?.Apply(raw, row);
            return;
        }

        int first = _offsets[place];
        if (Transform is not null)
        {
            Reserve(first + columns.Length + Transform.Indicators.Count);
            _offsets[place + 1] = first + Transform.Apply(columns, values, _columns.AsSpan(first), _values.AsSpan(first));
            return;
        }

        Reserve(first + columns.Length);
        columns.CopyTo(_columns.AsSpan(first));
        values.CopyTo(_values.AsSpan(first));
        _offsets[place + 1] = first + columns.Length;
    }

    private void Reserve(int elements)
    {
        if (elements <= _columns.Length)
            return;
        int length = Math.Max(elements, 2 * _columns.Length);
        Array.Resize(ref _columns, length);
        Array.Resize(ref _values, length);
    }
}
