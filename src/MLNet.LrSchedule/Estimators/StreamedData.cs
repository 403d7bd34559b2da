using System;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>
/// Data that are trained on without being held: what the first passes over them find out, and the rows as training takes them. Used where
/// <see cref="TrainingRecipe.MaximumCachedRows"/> is set.
/// </summary>
internal sealed class StreamedData
{
    private readonly ViewRowStream _stream;
    private readonly StreamSurvey _survey;
    private readonly int _maximumCachedRows;
    private readonly Action _checkAlive;

    /// <param name="data">The data and its columns.</param>
    /// <param name="keepsMissing">Whether rows with a feature that is not finite are usable.</param>
    /// <param name="purpose">What the rows are for, as messages say it.</param>
    /// <param name="maximumCachedRows">The most rows that are held for shuffling.</param>
    /// <param name="channel">Where messages go.</param>
    /// <param name="checkLabel">Called with every label; throws to refuse it.</param>
    /// <param name="checkAlive">Called before every row; throws to end the reading.</param>
    public StreamedData(
        LabelledData data, bool keepsMissing, string purpose, int maximumCachedRows, IChannel channel, Action<float> checkLabel, Action checkAlive)
    {
        _stream = new ViewRowStream(data, keepsMissing, LabelScale.None);
        _maximumCachedRows = maximumCachedRows;
        _checkAlive = checkAlive;
        _survey = StreamSurvey.Of(_stream, checkLabel, checkAlive);
        channel.Info(
            MessageSensitivity.None,
            "Counted {0} usable rows for {1}; every epoch reads them again, with at most {2} of them in memory.",
            _survey.Rows + _survey.MarkedRows,
            purpose,
            maximumCachedRows);
        DataViewReader.WarnOfSkipped(_survey.SkippedRows, purpose, channel);
    }

    /// <summary>Rows that are not marked for validation.</summary>
    public long RowCount => _survey.Rows;

    /// <summary>Rows that are marked for validation.</summary>
    public long MarkedCount => _survey.MarkedRows;

    /// <summary>The rows that are not marked.</summary>
    public TrainingRows Rows(LabelScale scale) =>
        new StreamedRows(_stream.WithLabels(scale), _survey.Rows, areMarked: false, _survey.IsSparse, _maximumCachedRows);

    /// <summary>The marked rows.</summary>
    public TrainingRows Marked(LabelScale scale) =>
        new StreamedRows(_stream.WithLabels(scale), _survey.MarkedRows, areMarked: true, _survey.IsSparse, _maximumCachedRows);

    /// <summary>The scale of the labels that are not marked, by the same sums in the same order as in memory: two passes.</summary>
    public LabelScale StandardizedLabels()
    {
        double total = 0, sum = 0, squares = 0;
        Visit((label, weight) =>
        {
            total += weight;
            sum += weight * label;
        });
        double mean = sum / total;
        Visit((label, weight) => squares += weight * (label - mean) * (label - mean));
        return LabelScale.OfMoments(mean, squares / total);
    }

    private void Visit(Action<float, double> look)
    {
        using RowReader reader = _stream.Open();
        while (reader.MoveNext())
        {
            _checkAlive();
            if (!reader.IsMarked)
                look(reader.Label, _stream.HasWeights ? reader.Weight : 1);
        }
    }
}
