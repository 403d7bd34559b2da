using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>A run that is cut into pieces at chosen steps, each piece resumed from the checkpoint of the one before.</summary>
internal static class Resuming
{
    public static TrainedNetwork InOneGo(TrainingRecipe recipe, CategoricalRange[]? categories = null, TrainingData? rows = null) =>
        Train(recipe, new TrainingControl { Seed = 7, RecipeText = "recipe" }, categories, rows);

    /// <summary>Cancels after each of the steps (counted over the run) and resumes.</summary>
    public static TrainedNetwork InPieces(TrainingRecipe recipe, params int[] cuts) => InPieces(recipe, null, cuts);

    public static TrainedNetwork InPieces(TrainingRecipe recipe, CategoricalRange[]? categories, int[] cuts, TrainingData? rows = null)
    {
        string path = Path.Combine(TemporaryFolders.Create("resuming"), "run.checkpoint");
        Checkpoint? from = null;
        foreach (int cut in cuts)
        {
            using var cancellation = new CancellationTokenSource();
            var control = new TrainingControl
            {
                Seed = 7,
                RecipeText = "recipe",
                Checkpoint = new CheckpointOptions { Path = path, EveryEpochs = 1000 },
                ResumeFrom = from,
                CancellationToken = cancellation.Token,
                OnCancel = CancellationResult.Throw,
                Callbacks = [new CancelAfter(cut, cancellation)],
            };
            try
            {
                Train(recipe, control, categories, rows);
                throw new InvalidOperationException("The run ended before it was cancelled.");
            }
            catch (OperationCanceledException)
            {
                from = Checkpoint.Load(path);
            }
        }

        return Train(recipe, new TrainingControl { Seed = 7, RecipeText = "recipe", ResumeFrom = from }, categories, rows);
    }

    /// <summary>On the rows of Ionosphere, unless others are given.</summary>
    public static TrainedNetwork Train(TrainingRecipe recipe, TrainingControl control, CategoricalRange[]? categories = null, TrainingData? rows = null) =>
        Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, rows ?? IonosphereRows.Load(), Categories: categories), control);

    /// <summary>Everything of a run that must be the same to the bit; times are not.</summary>
    public static IReadOnlyList<object> Bits(TrainedNetwork trained) =>
    [
        string.Join(' ', trained.Network.Parameters.Span.ToArray().Select(BitConverter.SingleToInt32Bits)),
        trained.History.StopReason,
        trained.History.ReturnedEpoch ?? -1,
        .. trained.History.Epochs.Select(epoch => epoch with { Elapsed = default, EstimatedTimeLeft = default, RowsPerSecond = 0 }),
    ];

    private sealed class CancelAfter(int step, CancellationTokenSource cancellation) : ITrainingCallback
    {
        public void OnStep(in StepRecord record)
        {
            if (record.Step == step)
                cancellation.Cancel();
        }
    }
}
