using System;
using System.Collections.Generic;
using System.Security.Cryptography;

namespace MLNet.LrSchedule.Training;

/// <summary>Rows to train or to validate on, held in memory or read again for every pass.</summary>
internal abstract class TrainingRows : IDisposable
{
    public abstract int FeatureCount { get; }

    /// <summary>Whether rows bring weights of their own.</summary>
    public abstract bool HasWeights { get; }

    /// <summary>Whether rows come out sparse, where the batch takes them so.</summary>
    public abstract bool IsSparse { get; }

    /// <summary>All of the rows, in their order.</summary>
    public abstract RowPart All { get; }

    /// <summary>The rows to train on, and those held out, null without any.</summary>
    /// <param name="fraction">Share that is held out, 0 to below 1; floor(n (1 - fraction)) rows are left to train, as in Keras.</param>
    /// <param name="selection">Which rows are held out.</param>
    /// <param name="seed">Decides the selection where it is random.</param>
    /// <exception cref="InvalidOperationException">One of the two parts would be empty.</exception>
    public abstract (RowPart Training, RowPart? HeldOut) Split(double fraction, ValidationSelection selection, int seed);

    /// <summary>The most elements that a batch of so many sparse rows can have, as far as that is known.</summary>
    public abstract int LargestBatch(int rows);

    /// <summary>The features that are the same in all rows, ascending.</summary>
    public abstract IReadOnlyList<int> ConstantFeatures();

    /// <summary>Adds every bit of the rows to a digest.</summary>
    public abstract void AppendTo(IncrementalHash digest);

    /// <summary>Gives the memory of the rows back, where they are held.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>How many of so many rows are left to train on.</summary>
    public static long TrainingCount(long count, double fraction)
    {
        long training = (long)(count * (1 - fraction));
        return training > 0 && training < count
            ? training
            : throw new InvalidOperationException(
                $"A {nameof(TrainingRecipe.ValidationSetFraction)} of {fraction} of {count:N0} rows leaves no row to " +
                (training == 0 ? "train on" : "validate on") + "; give more rows or another fraction.");
    }
}

/// <summary>Some of the rows.</summary>
internal abstract class RowPart
{
    public abstract long Count { get; }

    /// <summary>The weights of the rows of each class, added up.</summary>
    public abstract double[] ClassSums(int classes);

    /// <summary>Hands the rows out in batches.</summary>
    /// <param name="batchSize">Rows of a batch.</param>
    /// <param name="shuffleSeed">The run's seed where every epoch has a new order, else null.</param>
    /// <param name="classWeights">What rows of each class weigh; null where it is 1.</param>
    public abstract BatchSource Batches(int batchSize, int? shuffleSeed, float[]? classWeights);
}
