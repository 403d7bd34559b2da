using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// What rows of each class weigh, in training and in validation metrics, times their example weights. Lists of equal weights are equal.
/// </summary>
/// <example><code>ClassWeights = ClassWeights.Balanced; ClassWeights = [1, 5];</code></example>
[CollectionBuilder(typeof(ClassWeights), nameof(Create))]
public sealed class ClassWeights : IReadOnlyList<double>, IEquatable<ClassWeights>
{
    private readonly double[] _weights;

    private ClassWeights(double[] weights) => _weights = weights;

    /// <summary>
    /// Rows / (classes x rows of the class), rows counted by their example weights in the training part of the data: every class weighs as much
    /// as every other in the sum, and the mean weight is 1.
    /// </summary>
    public static ClassWeights Balanced { get; } = new([]);

    /// <summary>Whether the weights are taken from the data.</summary>
    public bool IsBalanced => _weights.Length == 0;

    /// <inheritdoc/>
    public int Count => _weights.Length;

    /// <inheritdoc/>
    public double this[int index] => _weights[index];

    /// <summary>Makes the list; what a collection expression calls.</summary>
    /// <param name="weights">One weight per class: false before true, or in the order of the key values. At least 0, finite, not all 0.</param>
    /// <exception cref="ArgumentException">There is no weight, or all are 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public static ClassWeights Create(ReadOnlySpan<double> weights)
    {
        foreach (double weight in weights)
        {
            if (!(weight >= 0) || !double.IsFinite(weight))
                throw new ArgumentOutOfRangeException(nameof(weights), weight, "A class weight must be at least 0 and finite.");
        }

        if (!weights.ContainsAnyExcept(0.0))
            throw new ArgumentException("One class at least must weigh something.", nameof(weights));
        return new ClassWeights(weights.ToArray());
    }

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)_weights).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ClassWeights? other) => other is not null && _weights.AsSpan().SequenceEqual(other._weights);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassWeights);

    /// <inheritdoc/>
    public override int GetHashCode() => _weights.Aggregate(17, HashCode.Combine);

    /// <summary>"balanced", or for example "[1, 5]".</summary>
    public override string ToString() => IsBalanced ? "balanced" : $"[{string.Join(", ", _weights.Select(weight => weight.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>The weight of each class for these training rows.</summary>
    /// <exception cref="InvalidOperationException">The number of weights is not that of the classes.</exception>
    internal float[] Resolve(int classes, RowPart rows)
    {
        if (!IsBalanced)
        {
            return _weights.Length == classes
                ? [.. _weights.Select(weight => (float)weight)]
                : throw new InvalidOperationException($"There are {_weights.Length} class weights but {classes} classes.");
        }

        double[] sums = rows.ClassSums(classes);
        double total = sums.Sum();
        int present = sums.Count(sum => sum > 0);
        // A class without rows has no share to balance.
        return [.. sums.Select(sum => sum > 0 ? (float)(total / (present * sum)) : 1f)];
    }
}
