using System;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>The usable rows of a data view as a stream, in the data's own order; each pass is a cursor of its own.</summary>
internal sealed class ViewRowStream(LabelledData data, bool keepsMissing, LabelScale scale) : RowStream
{
    public override int FeatureCount => data.FeatureCount;

    public override bool HasWeights => data.HasWeights;

    public override RowReader Open() => new Reader(data.Read(keepsMissing), data.FeatureCount, scale);

    /// <summary>The same rows with their labels scaled.</summary>
    public ViewRowStream WithLabels(LabelScale labelScale) => new(data, keepsMissing, labelScale);

    private sealed class Reader(LabelledRows cursor, int featureCount, LabelScale scale) : RowReader
    {
        public override bool IsDense => cursor.Features.IsDense;

        public override ReadOnlySpan<int> Columns => cursor.Features.IsDense ? [] : cursor.Features.GetIndices();

        public override ReadOnlySpan<float> Values => cursor.Features.GetValues();

        public override float Label => scale == LabelScale.None ? cursor.Label : scale.ToOutput(cursor.Label);

        public override float Weight => cursor.Weight;

        public override bool IsMarked => cursor.IsMarked;

        public override long SkippedRows => cursor.SkippedRowCount;

        public override bool MoveNext()
        {
            if (!cursor.MoveNext())
                return false;
            DenseRow.Check(in cursor.Features, featureCount);
            return true;
        }

        public override void Dispose() => cursor.Dispose();
    }
}
