using System;

namespace MLNet.LrSchedule.Training;

/// <summary>Rows that can be read from the first to the last any number of times, always the same.</summary>
internal abstract class RowStream
{
    public abstract int FeatureCount { get; }

    public abstract bool HasWeights { get; }

    public abstract RowReader Open();
}

/// <summary>One pass over the rows of a stream.</summary>
internal abstract class RowReader : IDisposable
{
    /// <summary>Whether all features of the current row are given; else those of <see cref="Columns"/>, and the others are zeros.</summary>
    public abstract bool IsDense { get; }

    /// <summary>The columns of <see cref="Values"/>, strictly ascending; empty where the row is dense.</summary>
    public abstract ReadOnlySpan<int> Columns { get; }

    public abstract ReadOnlySpan<float> Values { get; }

    public abstract float Label { get; }

    public abstract float Weight { get; }

    /// <summary>Whether the current row is one to validate on.</summary>
    public abstract bool IsMarked { get; }

    /// <summary>Rows that were passed over because they cannot be used.</summary>
    public abstract long SkippedRows { get; }

    public abstract bool MoveNext();

    public abstract void Dispose();
}
