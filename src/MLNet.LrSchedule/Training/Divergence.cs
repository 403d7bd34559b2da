using System;
using System.Globalization;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Optimizers;

namespace MLNet.LrSchedule.Training;

/// <summary>A step after which the loss or a parameter is no finite number.</summary>
internal sealed record Divergence(string Message)
{
    public static Divergence At(int epoch, in StepValues values, LossSum sum, TrainingSetup setup)
    {
        string what = double.IsFinite(sum.Loss) ? "a parameter" : "the loss";
        return new Divergence(string.Create(CultureInfo.InvariantCulture,
            $"Training diverged: {what} is not a finite number in epoch {epoch}, step {values.Step}, at learning rate {values.LearningRate:G4}; " +
            $"the largest activation was {LargestActivation(setup):G4}. Lower the learning rate, put a warmup in front of it, or normalize the features."));
    }

    private static float LargestActivation(TrainingSetup setup)
    {
        float largest = 0;
        for (int i = 0; i < setup.Network.Layers.Count; i++)
        {
            foreach (float value in setup.Workspace.Output(i, setup.Batch.Rows * setup.Network.Layers[i].Outputs))
                largest = float.IsNaN(value) ? float.NaN : Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
