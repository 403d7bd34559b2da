using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

// Training on rows that are not held in memory (MaximumCachedRows).
public abstract partial class MlpTrainerBase<TTransformer, TModel, TParameters>
{
    private (TrainingRows Training, TrainingRows? Validation, LabelScale Scale) StreamRows(TrainingRequest request, MlpModelContent? start)
    {
        LabelledData? validationData = ValidationData(request);
        StreamedData training = Survey(request.Training, "training", start, request.Channel);
        if (training.RowCount == 0)
        {
            throw NoUsableRows();
        }

        LabelScale scale = ScaleOf(training, start);
        TrainingRows rows = training.Rows(scale);
        if (validationData is not null)
        {
            CheckSameShape(request.Training, validationData);
            CheckSameCategories(request.Training, validationData);
            StreamedData validation = Survey(validationData, "validation", start, request.Channel);
            return validation.RowCount > 0 ? (rows, validation.Rows(scale), scale) : throw NoValidationRows();
        }

        if (Options.ValidationColumnName is null)
        {
            return (rows, null, scale);
        }

        return training.MarkedCount > 0 ? (rows, training.Marked(scale), scale) : throw NoValidationRows();
    }

    private (TrainingRows Training, LabelScale Scale) StreamRows(LabelledData data, IChannel channel)
    {
        StreamedData training = Survey(data, "training", null, channel);
        if (training.RowCount == 0)
        {
            throw NoUsableRows();
        }

        LabelScale scale = ScaleOf(training, null);
        return (training.Rows(scale), scale);
    }

    private StreamedData Survey(LabelledData data, string purpose, MlpModelContent? start, IChannel channel)
    {
        LabelScale scale = start?.LabelScale ?? LabelScale.None;
        return new StreamedData(data, KeepsMissing(start), purpose, Options.MaximumCachedRows!.Value, channel, label => CheckLabels([label], scale), CheckAlive);
    }

    private LabelScale ScaleOf(StreamedData training, MlpModelContent? start) =>
        start?.LabelScale ?? (ScalesLabels ? training.StandardizedLabels() : LabelScale.None);
}
