using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Training;

public sealed class ResumeTests
{
    private static readonly TrainingRecipe Recipe = new()
    {
        HiddenLayers = [12, 5],
        BatchSize = 28,
        NumberOfEpochs = 8,
        ValidationSetFraction = 0.33,
        LearningRate = 0.01,
        Momentum = 0.9,
    };

    private static readonly Dictionary<string, Optimizer> Optimizers = new()
    {
        ["sgd"] = new Sgd(),
        ["adam"] = new Adam(),
        ["amsgrad"] = new Adam { AmsGrad = true },
        ["adamw"] = new AdamW(),
        ["nadam"] = new NAdam(),
        ["radam"] = new RAdam(),
        ["adamax"] = new Adamax(),
        ["rmsprop"] = new RmsProp(),
        ["adagrad"] = new AdaGrad(),
        ["adadelta"] = new AdaDelta(),
        ["rprop"] = new RProp(),
        ["lion"] = new Lion(),
        ["schedule-free sgd"] = new ScheduleFreeSgd(),
        ["schedule-free adamw"] = new ScheduleFreeAdamW(),
    };

    private static readonly Dictionary<string, Func<TrainingRecipe, TrainingRecipe>> Schedules = new()
    {
        ["closed form"] = recipe => recipe with { LearningRate = Schedule.Cosine(0.02, 0.001) },
        ["plateau"] = recipe => recipe with
        {
            ReactiveSchedule = new ReduceOnPlateau { Patience = 1, Factor = 0.5, MinDelta = 0.02 },
            EarlyStopping = new EarlyStopping { Patience = 6 },
        },
        ["sequence with warmup"] = recipe => recipe with
        {
            LearningRate = Schedule.Linear(0.02, 0.01).For(Epochs(3)).Then(Schedule.Exponential(0.01, 0.8)).WithWarmup(over: Steps(10)),
        },
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string optimizer in Optimizers.Keys)
            {
                foreach (string schedule in Schedules.Keys)
                    cases.Add(optimizer, schedule);
            }

            return cases;
        }
    }

    [Fact]
    public void A_run_resumed_inside_an_epoch_that_diverges_goes_back_to_where_it_was_resumed()
    {
        // Nine steps an epoch; the rate is far too high from step 14 to 16.
        var recipe = Recipe with
        {
            LearningRate = Schedule.Custom(time => time.Step is >= 14 and <= 16 ? 1e30 : 0.01),
            OnDivergence = new RollBack { Factor = 1e-31 },
        };
        var trained = Resuming.InPieces(recipe, 12);
        Assert.Contains(trained.History.Warnings, warning => warning.Contains("Rolled back to step 4 of epoch 1, where the run was resumed;", StringComparison.Ordinal));
        Assert.Equal(recipe.NumberOfEpochs, trained.History.Epochs.Count);
        Assert.All(trained.History.Epochs, epoch => Assert.True(double.IsFinite(epoch.TrainingLoss)));
        Assert.Equal(Resuming.InOneGo(recipe).History.Epochs[0].TrainingLoss, trained.History.Epochs[0].TrainingLoss);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_cut_anywhere_and_resumed_is_the_uninterrupted_run_bit_for_bit(string optimizer, string schedule)
    {
        var recipe = Schedules[schedule](Recipe with { Optimizer = Optimizers[optimizer], BatchSize = optimizer == "rprop" ? 1000 : 28 });
        // Rprop takes one step per epoch; the others nine, so that the cuts fall inside and between epochs.
        int[] cuts = optimizer == "rprop" ? [1, 4] : [4, 8, 40];
        Assert.Equal(Resuming.Bits(Resuming.InOneGo(recipe)), Resuming.Bits(Resuming.InPieces(recipe, cuts)));
    }

    [Fact]
    public void Every_single_step_is_a_good_place_to_cut()
    {
        var recipe = Recipe with { NumberOfEpochs = 3, LearningRate = Schedule.Linear(0.1, 0.01) };
        var expected = Resuming.Bits(Resuming.InOneGo(recipe));
        Assert.Equal(expected, Resuming.Bits(Resuming.InPieces(recipe, [.. Enumerable.Range(0, 26)])));
    }

    [Fact]
    public void A_checkpoint_of_another_recipe_seed_or_data_is_refused_with_what_differs()
    {
        var options = new CheckpointOptions { Path = Path.Combine(TemporaryFolders.Create("resume"), "run.checkpoint") };
        var control = new TrainingControl { Seed = 7, RecipeText = "recipe", Checkpoint = options };
        Resuming.Train(Recipe, control);
        var resume = control with { Checkpoint = null, ResumeFrom = Checkpoint.Load(options.Path) };

        void Refused(string what, Action train) => Assert.Contains($"another {what}", Assert.Throws<InvalidOperationException>(train).Message);
        Refused("recipe", () => Resuming.Train(Recipe, resume with { RecipeText = "other" }));
        Refused("seed", () => Resuming.Train(Recipe, resume with { Seed = 8 }));
        Refused("network", () => Resuming.Train(Recipe with { HiddenLayers = [13, 5] }, resume));
        Refused("data", () => Trainer.Train(
            Recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(_ => 1f)), resume));
    }

    [Fact]
    public void Extending_epoch_by_epoch_follows_the_schedule_of_one_call()
    {
        var recipe = Recipe with { NumberOfEpochs = 6, LearningRate = Schedule.Cosine(0.1, 0.001), ReturnedWeights = ReturnedWeights.Last };
        var one = Resuming.InOneGo(recipe);
        var step = recipe with { NumberOfEpochs = 1, ScheduleEpochs = 6, Continuation = Continuation.Extend };
        TrainedNetwork? trained = null;
        for (int epoch = 0; epoch < 6; epoch++)
        {
            var task = new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(), Start: trained?.Network);
            trained = Trainer.Train(step, task, new TrainingControl { Seed = 7, EarlierHistory = trained?.History });
        }

        Assert.Equal(one.History.Epochs.Select(epoch => (epoch.Epoch, epoch.LearningRate, epoch.LastLearningRate)),
            trained!.History.Epochs.Select(epoch => (epoch.Epoch, epoch.LearningRate, epoch.LastLearningRate)));
    }

    [Fact]
    public void Holding_the_last_rate_keeps_it_and_restarting_starts_the_schedule_over()
    {
        var recipe = Recipe with { LearningRate = Schedule.Linear(0.1, 0.01), ReturnedWeights = ReturnedWeights.Last };
        var first = Resuming.InOneGo(recipe);
        TrainedNetwork Go(Continuation continuation) => Trainer.Train(
            recipe with { Continuation = continuation },
            new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(), Start: first.Network),
            new TrainingControl { Seed = 7, EarlierHistory = first.History });

        Assert.All(Go(Continuation.HoldLastRate).History.Epochs, epoch => Assert.Equal(first.History.Epochs[^1].LastLearningRate, epoch.LearningRate));
        Assert.Equal(first.History.Epochs.Select(epoch => epoch.LearningRate), Go(Continuation.Restart).History.Epochs.Select(epoch => epoch.LearningRate));
    }
}
