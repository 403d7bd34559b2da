using System;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

// Training on rows that are held in memory.
public abstract partial class MlpTrainerBase<TTransformer, TModel, TParameters>
{
    private (TrainingRows Training, TrainingRows? Validation, LabelScale Scale) ReadRows(TrainingRequest request, MlpModelContent? start)
    {
        (TrainingData training, TrainingData? validation) = ReadData(request, start);
        try
        {
            TellWhatWasCounted(request, training);
            LabelScale scale = ScaleOf(training, start);
            CheckLabels(training.Labels, scale);
            CheckLabels(validation is null ? [] : validation.Labels, scale);
            return (Scaled(training, scale), validation is null ? null : Scaled(validation, scale), scale);
        }
        catch
        {
            training.Dispose();
            validation?.Dispose();
            throw;
        }
    }

    private (TrainingRows Training, LabelScale Scale) ReadRows(LabelledData data, IChannel channel)
    {
        (TrainingData training, _) = Read(data, null, "training", channel);
        try
        {
            if (training.RowCount == 0)
            {
                throw NoUsableRows();
            }

            LabelScale scale = ScaleOf(training, null);
            CheckLabels(training.Labels, scale);
            return (Scaled(training, scale), scale);
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }

    private (TrainingData Rows, TrainingData Marked) Read(LabelledData data, MlpModelContent? start, string purpose, IChannel channel) =>
        DataViewReader.Read(data, KeepsMissing(start), purpose, Options.MaxThreads, channel, CheckAlive);

    private (TrainingData Training, TrainingData? Validation) ReadData(TrainingRequest request, MlpModelContent? start)
    {
        LabelledData? validationData = ValidationData(request);
        (TrainingData training, TrainingData? validation) = Read(request.Training, start, "training", request.Channel);
        try
        {
            if (training.RowCount == 0)
            {
                throw NoUsableRows();
            }

            if (validationData is not null)
            {
                CheckSameShape(request.Training, validationData);
                CheckSameCategories(request.Training, validationData);
                (validation, _) = Read(validationData, start, "validation", request.Channel);
            }
            else if (Options.ValidationColumnName is null)
            {
                return (training, null);
            }

            return validation.RowCount > 0 ? (training, validation) : throw NoValidationRows();
        }
        catch
        {
            training.Dispose();
            validation.Dispose();
            throw;
        }
    }

    // Lengths in epochs or fractions become steps only when the rows are counted; where the data did not know their number, reading them counted.
    private void TellWhatWasCounted(TrainingRequest request, TrainingData training)
    {
        if (request.Training.RowCount is null && Options.LearningRate is not { NeedsTotalSteps: false, NeedsStepsPerEpoch: false })
        {
            request.Channel.Trace(
                MessageSensitivity.None, $"Counted {training.RowCount} usable rows, because the learning-rate schedule has lengths in epochs or fractions of the run.");
        }
    }

    private static TrainingData Scaled(TrainingData data, LabelScale scale)
    {
        if (scale == LabelScale.None)
        {
            return data;
        }

        float[] labels = data.Labels.ToArray();
        foreach (ref float label in labels.AsSpan())
        {
            label = scale.ToOutput(label);
        }

        return data.WithLabels(labels);
    }
}
