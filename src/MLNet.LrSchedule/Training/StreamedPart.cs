using System;

namespace MLNet.LrSchedule.Training;

/// <summary>Some of the rows of a stream: those held out, or the others.</summary>
internal sealed class StreamedPart(StreamedRows rows, long count, HoldOut holdOut, bool takesHeldOut) : RowPart
{
    public override long Count => count;

    public override double[] ClassSums(int classes)
    {
        var sums = new double[classes];
        using var reader = Open();
        while (reader.MoveNext())
            sums[(int)reader.Current.Label] += rows.HasWeights ? reader.Current.Weight : 1;
        return sums;
    }

    public override BatchSource Batches(int batchSize, int? shuffleSeed, float[]? classWeights) =>
        new StreamBatchSource(rows, this, batchSize, shuffleSeed, classWeights);

    public StreamedPartReader Open() => new(rows, holdOut, takesHeldOut);
}

/// <summary>One pass over a part of a stream.</summary>
internal sealed class StreamedPartReader(StreamedRows rows, HoldOut holdOut, bool takesHeldOut) : IDisposable
{
    private readonly RowReader _reader = rows.Stream.Open();
    private HoldOut _holdOut = holdOut;

    /// <summary>The row it stands on.</summary>
    public RowReader Current => _reader;

    public bool MoveNext()
    {
        while (_reader.MoveNext())
        {
            if (_reader.IsMarked == rows.AreMarked && _holdOut.Next() == takesHeldOut)
                return true;
        }

        return false;
    }

    public void Dispose() => _reader.Dispose();
}
