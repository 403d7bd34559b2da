using System;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

public class DefaultTrainingTests
{
    [Theory]
    [InlineData(1, 16, 100, 0.5)]
    [InlineData(105, 16, 100, 1.05)]
    [InlineData(300, 16, 100, 3.0)]
    [InlineData(700, 16, 100, 2.8284)]
    [InlineData(1400, 16, 100, 1.0)]
    [InlineData(1500, 32, 100, 0.9016)]
    [InlineData(3783, 64, 100, 0.2251)]
    [InlineData(10_000, 128, 50, 0.2)]
    [InlineData(34_189, 256, 15, 0.2)]
    [InlineData(3_000_000_000, 256, 5, 0.2)]
    public void What_is_left_open_is_chosen_by_the_number_of_rows(long rows, int batch, int epochs, double decay)
    {
        TrainingRecipe recipe = DefaultTraining.Complete(new TrainingRecipe(), rows, Loss.SoftmaxCrossEntropy);

        Assert.Equal((batch, epochs), (recipe.BatchSize, recipe.NumberOfEpochs));
        Assert.Equal(Schedule.Cosine(0.006, 0), recipe.LearningRate);
        Schedule chosen = Assert.IsType<AdamW>(recipe.Optimizer).WeightDecay;
        Assert.Equal(decay, Assert.IsType<ConstantSchedule>(chosen).Value, 1e-4);
    }

    [Theory]
    [InlineData(20, 0.5)]
    [InlineData(167, 0.835)]
    [InlineData(600, 3.0)]
    [InlineData(3783, 0.2251)]
    public void Regression_on_few_rows_decays_less(long rows, double decay)
    {
        TrainingRecipe recipe = DefaultTraining.Complete(new TrainingRecipe(), rows, Loss.Absolute);
        Assert.Equal(decay, ((ConstantSchedule)((AdamW)recipe.Optimizer!).WeightDecay).Value, 1e-4);
    }

    [Fact]
    public void What_is_set_stays()
    {
        TrainingRecipe recipe = new() { BatchSize = 7, NumberOfEpochs = 3, LearningRate = 0.2, Optimizer = new Lion(), WeightDecay = 0.5 };
        Assert.Equal(recipe, DefaultTraining.Complete(recipe, 1000, Loss.SoftmaxCrossEntropy));
    }

    [Fact]
    public void A_rate_or_a_momentum_of_one_s_own_is_that_of_gradient_descent()
    {
        TrainingRecipe[] recipes =
        [
            new() { LearningRate = Schedule.StepDecay(0.1, 0.5, Duration.Epochs(10)), Momentum = 0.8 }, new() { LearningRate = 0.1 }, new() { Momentum = 0 },
            new() { Nesterov = true }, new() { MomentumConvention = MomentumConvention.GradientBuffer },
        ];
        foreach (TrainingRecipe recipe in recipes)
        {
            TrainingRecipe complete = DefaultTraining.Complete(recipe, 1000, Loss.SoftmaxCrossEntropy);
            Assert.Equal(new Sgd(), complete.Optimizer);
            Assert.Equal(recipe.LearningRate ?? 0.01, complete.LearningRate);
            Assert.Equal(recipe.Momentum, complete.Momentum);
        }
    }

    [Fact]
    public void A_decay_of_one_s_own_is_that_of_the_optimizer_that_is_chosen()
    {
        TrainingRecipe recipe = DefaultTraining.Complete(new TrainingRecipe { WeightDecay = 0.3 }, 1000, Loss.SoftmaxCrossEntropy);
        Assert.Equal(new AdamW { WeightDecay = 0.3 }, recipe.Optimizer);
        recipe.Check();
    }

    [Fact]
    public void An_optimizer_that_is_named_has_its_own_decay_and_a_constant_rate()
    {
        TrainingRecipe recipe = DefaultTraining.Complete(new TrainingRecipe { Optimizer = new AdamW() }, 1000, Loss.SoftmaxCrossEntropy);
        Assert.Equal(new AdamW(), recipe.Optimizer);
        Assert.Equal(0.01, recipe.LearningRate);
    }

    [Fact]
    public void A_run_has_as_many_steps_as_the_chosen_batches_and_epochs_make()
    {
        Random random = new(1);
        TrainingDataBuilder rows = new(2, hasWeights: false);
        for (int i = 0; i < 4000; i++)
            rows.Add([random.NextSingle(), random.NextSingle()], i % 2, 1);
        TrainingHistory history = Trainer.Train(
            new TrainingRecipe { HiddenLayers = [], ValidationSetFraction = 0.25 }, new TrainingTask(Loss.BinaryCrossEntropy, 1, rows.Build()), new TrainingControl { Seed = 1 }).History;

        Assert.Equal(100, history.Epochs.Count);
        Assert.Equal(100 * (3000 / 64 + 1), history.Epochs[^1].Steps);
        Assert.Equal(0.006, history.Epochs[0].LearningRate);
    }

    [Theory]
    [InlineData(599, 1, 1)]
    [InlineData(600, 1, 2)]
    [InlineData(2_400, 1, 8)]
    [InlineData(10_399, 1, 8)]
    [InlineData(10_400, 1, 9)]
    [InlineData(34_189, 6, 48)]
    [InlineData(10_000_000, 6, 48)]
    [InlineData(10_000_000, 64, 16)]
    [InlineData(10_000_000, 128, 8)]
    public void Numbers_have_more_pieces_the_more_rows_there_are_to_learn_them_from(long rows, int features, int pieces) =>
        Assert.Equal(pieces, EncodingLearning.Pieces(rows, features));
}
