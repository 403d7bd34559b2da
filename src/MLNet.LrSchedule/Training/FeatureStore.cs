using System;
using System.Collections.Generic;
using System.Security.Cryptography;

namespace MLNet.LrSchedule.Training;

/// <summary>The features of rows in memory, held once, in blocks, so that they can grow without copies.</summary>
internal abstract class FeatureStore(int featureCount, int rowCount) : IDisposable
{
    public int FeatureCount { get; } = featureCount;

    public int RowCount { get; } = rowCount;

    public abstract bool IsSparse { get; }

    /// <summary>Puts rows into the batch, which takes them in its own form, from its first place on.</summary>
    public abstract void Read(ReadOnlySpan<int> rows, Batch batch);

    /// <summary>The most elements that a batch of so many rows can have.</summary>
    public abstract int LargestBatch(int rows);

    /// <summary>Adds every bit of the features to a digest.</summary>
    public abstract void AppendTo(IncrementalHash digest);

    /// <summary>The features that are the same in all rows, ascending.</summary>
    public abstract IReadOnlyList<int> ConstantFeatures();

    /// <summary>Gives the memory back; the rows are gone.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        Release();
    }

    protected bool IsDisposed { get; private set; }

    protected virtual void Release()
    {
    }
}

/// <summary>Collects the features of rows whose number is not known beforehand.</summary>
internal abstract class FeatureStoreBuilder(int featureCount) : IDisposable
{
    public int FeatureCount { get; } = featureCount;

    public int RowCount { get; protected set; }

    /// <summary>Adds a row given in full.</summary>
    public abstract void Add(ReadOnlySpan<float> features);

    /// <summary>Adds a row of which only some elements are given; the others are zeros.</summary>
    /// <param name="columns">The columns of the elements, strictly ascending.</param>
    /// <param name="values">The elements.</param>
    public abstract void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values);

    /// <summary>The rows as a store, which takes over their memory; called once.</summary>
    public abstract FeatureStore Build();

    /// <summary>Gives up the rows where no store was built.</summary>
    public virtual void Dispose()
    {
    }
}
