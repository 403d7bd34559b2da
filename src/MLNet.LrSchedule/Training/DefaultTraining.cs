using System;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// What a recipe leaves open, chosen by the number of rows: the one place where the numbers of the defaults are. Measured on fourteen public tables
/// (docs/default-options.md).
/// </summary>
internal static class DefaultTraining
{
    /// <summary>Where the rate of <see cref="AdamW"/> starts.</summary>
    private const double AdamRate = 0.006;

    /// <summary>The rate of an optimizer that somebody chose.</summary>
    private const double OtherRate = 0.01;

    private const int FirstUnits = 256;
    private const int SecondUnits = 128;
    private const double Dropout = 0.15;

    /// <summary>Steps of an epoch, between the smallest and the largest batch.</summary>
    private const int StepsPerEpoch = 64;
    private const int SmallestBatch = 16;
    private const int LargestBatch = 256;

    /// <summary>Rows seen in all epochs, between the fewest and the most epochs.</summary>
    private const double RowsSeen = 5e5;
    private const int FewestEpochs = 5;
    private const int MostEpochs = 100;

    /// <summary>The rows at which the decay is 1, between the least and the most decay.</summary>
    private const double RowsOfDecayOne = 1400;
    private const double LeastDecay = 0.2;
    private const double MostDecay = 3;

    /// <summary>The fewest rows that have the most decay, and the decay of fewer than few.</summary>
    private const double RowsOfMostDecay = 300;
    private const double RowsOfMostDecayInRegression = 600;
    private const double DecayOfFewest = 0.5;

    public static HiddenLayerList HiddenLayers { get; } = [new HiddenLayer(FirstUnits) { Dropout = Dropout }, new HiddenLayer(SecondUnits) { Dropout = Dropout }];

    /// <summary>The recipe with batch size, epochs, optimizer and rate set.</summary>
    /// <param name="recipe">Any recipe.</param>
    /// <param name="rows">The number of rows that are trained on.</param>
    /// <param name="loss">What is made small: what tells regression.</param>
    public static TrainingRecipe Complete(TrainingRecipe recipe, long rows, Loss loss)
    {
        bool choosesAdam = recipe.Optimizer is null && recipe.LearningRate is null && recipe.KeepsMomentum;
        bool hasDecay = recipe.WeightDecay is not ConstantSchedule { Value: 0 };
        return recipe with
        {
            BatchSize = recipe.BatchSize ?? BatchSize(rows),
            NumberOfEpochs = recipe.NumberOfEpochs ?? (int)Math.Clamp(Math.Round(RowsSeen / rows), FewestEpochs, MostEpochs),
            Optimizer = recipe.Optimizer ?? (choosesAdam
                ? new AdamW { WeightDecay = hasDecay ? recipe.WeightDecay : Decay(rows, loss is PointLoss) }
                : new Sgd()),
            LearningRate = recipe.LearningRate ?? (choosesAdam ? Schedule.Cosine(AdamRate, 0) : OtherRate),
            WeightDecay = choosesAdam ? 0.0 : recipe.WeightDecay,
        };
    }

    // A square root is rounded the same everywhere, a power is not.
    private static double Decay(long rows, bool isRegression)
    {
        // The fewer the rows, the more of what can be learnt is noise. But the fewest are also the fewest steps, in which weights do not grow far.
        double share = RowsOfDecayOne / rows;
        double most = Math.Clamp(MostDecay * rows / (isRegression ? RowsOfMostDecayInRegression : RowsOfMostDecay), DecayOfFewest, MostDecay);
        return Math.Clamp(share * Math.Sqrt(share), LeastDecay, most);
    }

    // The power of two next to the share, by the share's logarithm.
    private static int BatchSize(long rows) =>
        1 << (int)Math.Round(Math.Log2(Math.Clamp(rows / (double)StepsPerEpoch, SmallestBatch, LargestBatch)));
}
