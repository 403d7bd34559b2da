using System;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>Copies the usable rows of a data view into memory, once and in the data's own order, so that a seed decides a run.</summary>
internal static class DataViewReader
{
    /// <summary>Data that know of fewer rows are read by one thread: starting others would take as long.</summary>
    private const int MinimumDividedRows = 4096;

    /// <summary>Reads the rows; those that cannot be used are counted in one warning.</summary>
    /// <param name="data">The data and its columns.</param>
    /// <param name="keepsMissing">Whether rows with a feature that is not finite are usable.</param>
    /// <param name="purpose">What the rows are for, as the warning says it.</param>
    /// <param name="maxThreads">The most threads that read, the calling one included, where the data can be divided. Neither the rows nor an error depend on it.</param>
    /// <param name="channel">Where the warning goes.</param>
    /// <param name="checkAlive">Called before every row, on any of the threads; throws to end the reading.</param>
    /// <returns>The rows that are not marked, and the marked ones.</returns>
    public static (TrainingData Rows, TrainingData Marked) Read(
        LabelledData data, bool keepsMissing, string purpose, int maxThreads, IChannel channel, Action checkAlive)
    {
        int expectedRows = (int)Math.Min(data.RowCount ?? 0, Array.MaxLength);
        LabelledRows[] cursors = maxThreads == 1 || data.RowCount < MinimumDividedRows ? [data.Read(keepsMissing)] : data.ReadDivided(keepsMissing, maxThreads);
        if (cursors.Length > 1)
        {
            if (DividedReading.TryRead(cursors, data, expectedRows, checkAlive) is { } read)
            {
                WarnOfSkipped(read.Skipped, purpose, channel);
                return (read.Rows, read.Marked);
            }

            channel.Warning(
                MessageSensitivity.None, "The cursors of the data's cursor set do not tell the order of the rows; they are read again, by one cursor, for {0}", purpose);
            cursors = [data.Read(keepsMissing)];
        }

        using TrainingDataBuilder rows = Builder(data, expectedRows), marked = Builder(data, 0);
        using LabelledRows cursor = cursors[0];
        while (cursor.MoveNext())
        {
            checkAlive();
            Add(cursor.IsMarked ? marked : rows, cursor, data);
        }

        WarnOfSkipped(cursor.SkippedRowCount, purpose, channel);
        return (rows.Build(), marked.Build());
    }

    /// <summary>Says in one warning how many rows could not be used, where there were any.</summary>
    public static void WarnOfSkipped(long rows, string purpose, IChannel channel)
    {
        if (rows > 0)
        {
            channel.Warning(MessageSensitivity.None, "Skipped {0} instances with missing features/label/weight during {1}", rows, purpose);
        }
    }

    internal static TrainingDataBuilder Builder(LabelledData data, int expectedRows) =>
        new(new ChosenFeaturesBuilder(data.FeatureCount, expectedRows), data.HasWeights, expectedRows);

    /// <summary>Copies the cursor's row.</summary>
    internal static void Add(TrainingDataBuilder builder, LabelledRows cursor, LabelledData data)
    {
        ref readonly VBuffer<float> features = ref cursor.Features;
        DenseRow.Check(in features, data.FeatureCount);
        if (features.IsDense)
        {
            builder.Add(features.GetValues(), cursor.Label, cursor.Weight);
            return;
        }

        builder.Add(features.GetIndices(), features.GetValues(), cursor.Label, cursor.Weight);
    }
}
