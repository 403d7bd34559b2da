using System.Linq;
using CsCheck;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class TrainingLoopLawTests
{
    private const int Epochs = 4;
    private const int StepsPerEpoch = 13;

    private static readonly TrainingData Data = IonosphereRows.Load();

    [Fact]
    public void Preview_equals_what_the_training_loop_recorded() => AnySchedule.InUnitInterval.Sample(
        schedule =>
        {
            // A factor keeps the rates in a range in which nothing diverges.
            var recipe = Recipe(schedule * 0.1);
            var preview = recipe.LearningRate!.Preview(Epochs, StepsPerEpoch);
            var history = Train(recipe);

            Assert.Equal(preview.ValuesByEpoch(), history.Epochs.Select(epoch => epoch.LearningRate));
            Assert.Equal(
                Enumerable.Range(1, Epochs).Select(epoch => preview.Values[(epoch * StepsPerEpoch) - 1]),
                history.Epochs.Select(epoch => epoch.LastLearningRate));
        },
        iter: 20);

    [Fact]
    public void A_plateau_multiplies_the_curve_beneath()
    {
        var plateau = new ReduceOnPlateau { Metric = Metric.TrainingLoss, Factor = 0.5, Patience = 1, MinDelta = 100 };
        var recipe = Recipe(Schedule.Linear(0.1, 0)) with { ReactiveSchedule = plateau };
        var history = Train(recipe);
        var curve = recipe.LearningRate!.Preview(Epochs, StepsPerEpoch).ValuesByEpoch();
        var factors = plateau.Rehearse(history.Epochs.Select(epoch => new EpochMetrics(epoch.Epoch) { TrainingLoss = epoch.TrainingLoss })).Select(state => state.Factor);

        Assert.Equal(curve.Zip([1, .. factors], (rate, factor) => rate * factor), history.Epochs.Select(epoch => epoch.LearningRate));
        Assert.Equal(0.25, factors.ElementAt(2));
    }

    private static TrainingRecipe Recipe(Schedule learningRate) => new()
    {
        HiddenLayers = [4],
        BatchSize = 28,
        NumberOfEpochs = Epochs,
        LearningRate = learningRate,
        Momentum = 0.5,
    };

    private static TrainingHistory Train(TrainingRecipe recipe) =>
        Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, Data, null, null), new TrainingControl { Seed = 3 }).History;
}
