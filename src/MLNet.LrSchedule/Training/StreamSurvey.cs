using System;

namespace MLNet.LrSchedule.Training;

/// <summary>What a first pass over a stream tells: nothing of it could be known without reading.</summary>
/// <param name="Rows">Rows that are not marked.</param>
/// <param name="MarkedRows">Rows that are marked for validation.</param>
/// <param name="SkippedRows">Rows that cannot be used.</param>
/// <param name="IsSparse">Whether the rows suit sparse storage; see <see cref="ChosenFeaturesBuilder"/>.</param>
internal readonly record struct StreamSurvey(long Rows, long MarkedRows, long SkippedRows, bool IsSparse)
{
    /// <param name="stream">The rows.</param>
    /// <param name="checkLabel">Called with every label; throws to refuse it.</param>
    /// <param name="checkAlive">Called before every row; throws to end the reading.</param>
    public static StreamSurvey Of(RowStream stream, Action<float> checkLabel, Action checkAlive)
    {
        long rows = 0, marked = 0, sampled = 0, elements = 0;
        using var reader = stream.Open();
        while (reader.MoveNext())
        {
            checkAlive();
            checkLabel(reader.Label);
            if (reader.IsMarked)
                marked++;
            else
                rows++;
            if (sampled == ChosenFeaturesBuilder.SampleRows)
                continue;
            sampled++;
            elements += reader.Values.Length - reader.Values.Count(0f);
        }

        return new StreamSurvey(rows, marked, reader.SkippedRows, ChosenFeaturesBuilder.SuitsSparse(stream.FeatureCount, sampled, elements));
    }
}
