using System;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>Rows in memory as a stream, which counts what is read and open, and can fail.</summary>
internal sealed class ListStream(TrainingData rows, Func<int, bool>? isMarked = null) : RowStream
{
    public int OpenReaders { get; private set; }

    public int Passes { get; private set; }

    /// <summary>The row that cannot be read; none where negative.</summary>
    public int FailsAt { get; set; } = -1;

    /// <summary>Rows that it gives, where that is not all.</summary>
    public int Length { get; set; } = rows.RowCount;

    public override int FeatureCount => rows.FeatureCount;

    public override bool HasWeights => rows.HasWeights;

    public override RowReader Open()
    {
        OpenReaders++;
        Passes++;
        return new Reader(this, rows, isMarked ?? (_ => false));
    }

    /// <summary>As training takes the stream.</summary>
    public StreamedRows Rows(int maximumCachedRows, bool areMarked = false)
    {
        var survey = StreamSurvey.Of(this, _ => { }, () => { });
        return new StreamedRows(this, areMarked ? survey.MarkedRows : survey.Rows, areMarked, survey.IsSparse, maximumCachedRows);
    }

    private sealed class Reader(ListStream stream, TrainingData rows, Func<int, bool> isMarked) : RowReader
    {
        private int _row = -1;

        public override bool IsDense => !rows.IsSparse;

        public override ReadOnlySpan<int> Columns
        {
            get
            {
                if (rows.Store is not SparseFeatures sparse)
                    return [];
                sparse.Row(_row, out var columns, out _);
                return columns;
            }
        }

        public override ReadOnlySpan<float> Values
        {
            get
            {
                if (rows.Store is not SparseFeatures sparse)
                    return rows.Features(_row);
                sparse.Row(_row, out _, out var values);
                return values;
            }
        }

        public override float Label => rows.Labels[_row];

        public override float Weight => rows.HasWeights ? rows.Weights[_row] : 1;

        public override bool IsMarked => isMarked(_row);

        public override long SkippedRows => 0;

        public override bool MoveNext()
        {
            if (_row + 1 == stream.FailsAt)
                throw new InvalidOperationException("The row cannot be read.");
            return ++_row < stream.Length;
        }

        public override void Dispose() => stream.OpenReaders--;
    }
}
