using System;
using System.Globalization;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>What the steps of the current epoch have done so far.</summary>
internal readonly record struct EpochProgress(long Steps, LossSum Sum, double FirstRate, double LastRate)
{
    public EpochProgress After(LossSum batch, double rate) => new(Steps + 1, Sum + batch, Steps == 0 ? rate : FirstRate, rate);

    public EpochRecord ToRecord(int epoch, TrainingSetup setup, Loss loss, LossSum? validated, double gradientNorm, TimeSpan elapsed, TimeSpan time)
    {
        int done = epoch + 1 - setup.FirstEpoch, left = setup.EndEpoch - epoch - 1;
        return new EpochRecord
        {
            Epoch = epoch,
            NumberOfEpochs = setup.EndEpoch,
            Steps = (epoch + 1) * setup.Run.StepsPerEpoch,
            LearningRate = FirstRate,
            LastLearningRate = LastRate,
            TrainingLoss = Sum.Loss / Sum.Weight,
            TrainingAccuracy = loss.HasAccuracy ? Sum.Correct / Sum.Weight : null,
            ValidationLoss = validated?.Loss / validated?.Weight,
            ValidationAccuracy = loss.HasAccuracy ? validated?.Correct / validated?.Weight : null,
            Elapsed = elapsed,
            RowsPerSecond = setup.Source.RowCount / Math.Max(time.TotalSeconds, 1e-9),
            EstimatedTimeLeft = elapsed / done * left,
            GradientNorm = gradientNorm,
            IsBest = false,
        };
    }
}

/// <summary>How a record reads on a log.</summary>
internal static class EpochRecordText
{
    public static string ToText(this EpochRecord record)
    {
        string text = string.Create(CultureInfo.InvariantCulture,
            $"Epoch {record.Epoch + 1}/{record.NumberOfEpochs}: learning rate {record.LearningRate:G6}, training loss {record.TrainingLoss:F6}");
        if (record.TrainingAccuracy is { } accuracy)
            text += string.Create(CultureInfo.InvariantCulture, $", training accuracy {accuracy:P2}");
        if (record.ValidationLoss is { } loss)
            text += string.Create(CultureInfo.InvariantCulture, $", validation loss {loss:F6}");
        if (record.ValidationAccuracy is { } validationAccuracy)
            text += string.Create(CultureInfo.InvariantCulture, $", validation accuracy {validationAccuracy:P2}");
        return text + string.Create(CultureInfo.InvariantCulture, $", {record.RowsPerSecond:N0} rows/s, {record.EstimatedTimeLeft.TotalSeconds:F0} s left");
    }
}
