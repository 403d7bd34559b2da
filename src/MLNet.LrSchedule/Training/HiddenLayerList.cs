using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>One hidden layer of the network. A plain number stands for a layer of that width.</summary>
/// <example><code>HiddenLayers = [64, new HiddenLayer(32) { Activation = Activation.Tanh }]</code></example>
public sealed record HiddenLayer
{
    /// <summary>A dense layer.</summary>
    /// <param name="units">Number of units. Range: 1 to 1,048,576.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public HiddenLayer(int units)
    {
        if (units is < 1 or > MaximumUnits)
            throw new ArgumentOutOfRangeException(nameof(units), units, $"A hidden layer has 1 to {MaximumUnits:N0} units.");
        Units = units;
    }

    /// <summary>More units than any table needs, and few enough that sizes of buffers stay within bounds.</summary>
    internal const int MaximumUnits = 1 << 20;

    /// <summary>Number of units.</summary>
    public int Units { get; }

    /// <summary>The layer's own activation; null (the default) takes the recipe's.</summary>
    public Activation? Activation { get; init; }

    /// <summary>How the layer's weights are drawn; null (the default) takes the recipe's initialiser.</summary>
    public WeightInitializer? WeightInitializer { get; init; }

    /// <summary>What normalises the layer's sums before the activation. Default: nothing.</summary>
    public Normalization Normalization
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Normalization), value, "There is no such normalization.");
    }

    /// <summary>
    /// The share of the layer's outputs that training sets to zero, over training time; the others are divided by the rest of the share, so
    /// that evaluation needs nothing. Values in [0, 1). Default: 0. Srivastava et al., JMLR 2014.
    /// </summary>
    public Schedule Dropout
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Dropout));
    } = 0.0;

    /// <summary>
    /// Whether the layer's input is added to its output, after the dropout. Needs as many units as the layer before it (for the first: as
    /// features and numbers of embeddings come into it). Default: false. He et al., CVPR 2016.
    /// </summary>
    public bool IsResidual { get; init; }

    /// <summary>
    /// What the layer's learning rate is multiplied by, over training time. Values of at least 0. Default: 1. Zero keeps the layer as it is.
    /// </summary>
    public Schedule LearningRateMultiplier
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(LearningRateMultiplier));
    } = 1.0;

    /// <summary>A layer of the given width.</summary>
    /// <param name="units">Number of units. Range: 1 to 1,048,576.</param>
    public static implicit operator HiddenLayer(int units) => new(units);

    /// <summary>Whether the network has a dropout layer here; the rate itself may be zero at times.</summary>
    internal bool HasDropout => Dropout is not ConstantSchedule { Value: 0 };

    /// <summary>For example "64" or "64 tanh, batch normalization, dropout".</summary>
    public override string ToString()
    {
        string text = Activation is null ? $"{Units}" : $"{Units} {Activation}";
        if (Normalization != Normalization.None)
            text += $", {(Normalization == Normalization.Batch ? "batch" : "layer")} normalization";
        if (HasDropout)
            text += ", dropout";
        return IsResidual ? text + ", residual" : text;
    }
}

/// <summary>The hidden layers from first to last; lists of equal layers are equal. An empty list makes a linear model.</summary>
[CollectionBuilder(typeof(HiddenLayerList), nameof(Create))]
public sealed class HiddenLayerList : IReadOnlyList<HiddenLayer>, IEquatable<HiddenLayerList>
{
    private readonly HiddenLayer[] _layers;

    private HiddenLayerList(HiddenLayer[] layers) => _layers = layers;

    /// <inheritdoc/>
    public int Count => _layers.Length;

    /// <inheritdoc/>
    public HiddenLayer this[int index] => _layers[index];

    /// <summary>Makes the list; what a collection expression calls.</summary>
    /// <param name="layers">The layers from first to last.</param>
    /// <exception cref="ArgumentNullException">A layer is null.</exception>
    public static HiddenLayerList Create(ReadOnlySpan<HiddenLayer> layers)
    {
        foreach (var layer in layers)
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
        return new HiddenLayerList(layers.ToArray());
    }

    /// <summary>
    /// The same layers with learning rates that fall from the output towards the input: the rate of the last hidden layer is multiplied by the
    /// factor, that of the one before by its square, and so on; the output layer keeps the full rate.
    /// </summary>
    /// <param name="factor">What each layer's rate is multiplied by against the layer after it. Range: at least 0, finite; 1 changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    /// <example><code>recipe with { HiddenLayers = recipe.HiddenLayers.WithLayerwiseDecay(0.8) }</code></example>
    public HiddenLayerList WithLayerwiseDecay(double factor)
    {
        if (!(factor >= 0) || !double.IsFinite(factor))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor must be at least 0 and finite.");
        var layers = new HiddenLayer[Count];
        double multiplier = 1;
        for (int i = Count - 1; i >= 0; i--)
        {
            multiplier *= factor;
            layers[i] = _layers[i] with { LearningRateMultiplier = Times(_layers[i].LearningRateMultiplier, multiplier) };
        }

        return new HiddenLayerList(layers);
    }

    // A plain number stays one, so that options that mean the same are equal.
    private static Schedule Times(Schedule schedule, double factor) =>
        schedule is ConstantSchedule constant ? constant.Value * factor : schedule * factor;

    /// <inheritdoc/>
    public IEnumerator<HiddenLayer> GetEnumerator() => ((IEnumerable<HiddenLayer>)_layers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(HiddenLayerList? other) => other is not null && _layers.SequenceEqual(other._layers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HiddenLayerList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var layer in _layers)
            hash.Add(layer);
        return hash.ToHashCode();
    }

    /// <summary>For example "[64, 32]".</summary>
    public override string ToString() => $"[{string.Join(", ", (object[])_layers)}]";
}
