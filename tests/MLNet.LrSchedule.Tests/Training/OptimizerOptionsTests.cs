using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Tests.Networks;
using MLNet.LrSchedule.Tests.Optimizers;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

public sealed class OptimizerOptionsTests
{
    private static readonly Dictionary<string, Optimizer> All = new()
    {
        ["sgd"] = new Sgd(),
        ["adam"] = new Adam(),
        ["adam as in Keras"] = Adam.AsInKeras,
        ["amsgrad"] = new Adam { AmsGrad = true },
        ["adamw"] = new AdamW(),
        ["nadam"] = new NAdam(),
        ["radam"] = new RAdam(),
        ["adamax"] = new Adamax(),
        ["rmsprop"] = new RmsProp { Momentum = 0.5 },
        ["rmsprop as in PyTorch"] = RmsProp.AsInPyTorch,
        ["centred rmsprop"] = new RmsProp { IsCentered = true },
        ["adagrad"] = new AdaGrad { InitialSum = 0.1 },
        ["adadelta"] = new AdaDelta(),
        ["rprop"] = new RProp(),
        ["lion"] = new Lion(),
        ["schedule-free sgd"] = new ScheduleFreeSgd(),
        ["schedule-free adamw"] = new ScheduleFreeAdamW { StepPower = 1 },
        ["schedule-free radam"] = new ScheduleFreeRAdam(),
    };

    private static readonly TrainingRecipe Recipe = new()
    {
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers = [16],
        BatchSize = 28,
        NumberOfEpochs = 40,
        LearningRate = 0.01,
        ValidationSetFraction = 0.33,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_optimizer_learns_the_ionosphere_data(string name)
    {
        double rate = name switch
        {
            "lion" => 0.001,
            "adadelta" => 1,
            "sgd" => 0.03,
            "adagrad" => 0.05,
            "schedule-free sgd" => 0.3,
            _ => 0.01,
        };
        var recipe = Recipe with { Optimizer = All[name], LearningRate = rate, BatchSize = name == "rprop" ? 1000 : 28 };
        var trained = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(), null, null), new TrainingControl { Seed = 3 });
        var last = trained.History.Epochs[^1];
        Assert.True(last.ValidationAccuracy > 0.85, $"accuracy {last.ValidationAccuracy}");
        Assert.True(last.TrainingLoss < 0.25, $"loss {last.TrainingLoss}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_network_that_training_gives_is_the_one_that_was_validated(string name)
    {
        var recipe = Recipe with { Optimizer = All[name], NumberOfEpochs = 3 };
        var data = IonosphereRows.Load();
        var validation = IonosphereRows.Load();
        var trained = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, data, validation, null), new TrainingControl { Seed = 3 });
        using var kernels = new KernelContext();
        var batch = new Batch(351, 34, hasWeights: false);
        var source = new MemoryBatchSource(data, [.. Enumerable.Range(0, 351)], 351, shuffleSeed: null);
        var again = new Evaluation(source, batch, Workspace.ForEvaluation(trained.Network, kernels, 351), Loss.BinaryCrossEntropy).Measure(trained.Network);
        Assert.Equal(trained.History.Epochs[trained.History.ReturnedEpoch!.Value].ValidationLoss!.Value, again.Loss / again.Weight, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_optimizer_given_another_s_slots_and_scalars_goes_on_bit_for_bit(string name)
    {
        var recipe = new TrainingRecipe { Optimizer = All[name], LearningRate = 0.01 };
        var schedules = new HyperparameterSchedules(recipe, TrainingRun.OfEpochs(10, 3));
        ParameterGroup[] groups = [new(0, 20), new(20, 13, IsDecayed: false)];
        using var kernels = new KernelContext();
        var random = new Random(4);
        float[][] gradients = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 33).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        float[] weights = [.. Enumerable.Range(0, 33).Select(_ => random.NextSingle())];
        var first = recipe.Optimizer!.Create(recipe, 33);
        for (int step = 0; step < 7; step++)
            first.Step(kernels, weights, gradients[step], groups, schedules.At(step));

        float[] copied = [.. weights];
        var second = recipe.Optimizer!.Create(recipe, 33);
        for (int slot = 0; slot < first.Slots.Count; slot++)
            first.Slots[slot].Span.CopyTo(second.Slots[slot].Span);
        first.Scalars.CopyTo(second.Scalars, 0);
        for (int step = 7; step < 12; step++)
        {
            first.Step(kernels, weights, gradients[step], groups, schedules.At(step));
            second.Step(kernels, copied, gradients[step], groups, schedules.At(step));
        }

        Assert.Equal(weights, copied);
        Assert.Equal(first.SlotNames.Count, first.SlotNames.Distinct().Count());
        Assert.Equal(first.ScalarNames.Count, first.Scalars.Length);
    }

    [Theory]
    [InlineData("torch-adam-betas-weight-decay")]
    [InlineData("torch-adamw-strong")]
    [InlineData("keras-adam-large-eps")]
    [InlineData("torch-nadam-foreach-decay")]
    [InlineData("torch-rmsprop-momentum")]
    [InlineData("keras-rmsprop-momentum")]
    [InlineData("torch-rprop-etas")]
    public void Options_give_the_steps_of_the_library_they_name(string id)
    {
        TrainingRecipe recipe = id switch
        {
            "torch-adam-betas-weight-decay" => new() { Optimizer = new Adam { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6 }, L2Regularization = 0.1 },
            "torch-adamw-strong" => new() { Optimizer = new AdamW { Beta1 = 0.85, Beta2 = 0.98, WeightDecay = 0.3 } },
            "keras-adam-large-eps" => new() { Optimizer = Adam.AsInKeras with { Epsilon = 1e-3 } },
            "torch-nadam-foreach-decay" => new() { Optimizer = new NAdam { Beta1 = 0.8, Beta2 = 0.95, MomentumDecay = 0.02 }, L2Regularization = 0.1 },
            "torch-rmsprop-momentum" => new() { Optimizer = RmsProp.AsInPyTorch with { Rho = 0.9, Momentum = 0.7 } },
            "keras-rmsprop-momentum" => new() { Optimizer = new RmsProp { Rho = 0.9, Momentum = 0.7 } },
            _ => new() { Optimizer = new RProp { Decrease = 0.4, Increase = 1.5, SmallestStep = 0.02, LargestStep = 0.15 } },
        };
        var trace = new GoldenTrace(id);
        recipe = recipe with { LearningRate = Schedule.Custom(time => trace.Values((int)time.GlobalStep).LearningRate) };
        var schedules = new HyperparameterSchedules(recipe, TrainingRun.OfEpochs(12, 1));
        double[] weights = GoldenTrace.Initial;
        var optimizer = recipe.Optimizer!.Create(recipe, weights.Length);
        double[][] slots = [.. optimizer.Slots.Select(_ => new double[weights.Length])];
        for (int step = 0; step < trace.Length; step++)
        {
            optimizer.Step(weights, trace.Gradient(step), slots, [new ParameterGroup(0, weights.Length)], schedules.At(step));
            GoldenNetworkTests.Near(trace.Expected(step), weights, 1e-12);
        }
    }

    [Fact]
    public void A_beta_that_changes_is_corrected_by_the_product_of_all_betas()
    {
        var recipe = new TrainingRecipe { Optimizer = new Adam { Beta1 = Schedule.Linear(from: 0.5, to: 0.9), Beta2 = 0.9 }, LearningRate = 0.1 };
        var run = TrainingRun.OfEpochs(4, 1);
        var schedules = new HyperparameterSchedules(recipe, run);
        double[] weights = [0];
        double[][] slots = [[0], [0]];
        var optimizer = recipe.Optimizer!.Create(recipe, 1);
        for (int step = 0; step < 4; step++)
            optimizer.Step(weights, [2.0], slots, [new ParameterGroup(0, 1)], schedules.At(step));

        // A constant gradient has the corrected moments g and g^2 exactly, whatever the betas were, so every step is the rate.
        Assert.Equal(-0.4, weights[0], 1e-8);
        Assert.Equal(0.5 * 0.6 * 0.7 * 0.8, optimizer.Scalars[0], 1e-15);
    }

    [Fact]
    public void A_hyperparameter_that_leaves_its_range_is_named()
    {
        var recipe = Recipe with { Optimizer = new Adam { Beta2 = Schedule.Custom(time => time.GlobalStep == 3 ? 1 : 0.9) } };
        var error = Assert.Throws<InvalidOperationException>(() => Train(recipe));
        Assert.Contains("Beta2", error.Message);
        Assert.Contains("step 3", error.Message);
    }

    [Fact]
    public void Momentum_options_of_the_recipe_are_refused_with_another_optimizer()
    {
        foreach (var recipe in new[]
        {
            Recipe with { Momentum = 0.5 },
            Recipe with { Nesterov = true },
            Recipe with { Dampening = 0.1 },
            Recipe with { MomentumConvention = MomentumConvention.GradientBuffer },
        })
        {
            var error = Assert.Throws<InvalidOperationException>(() => Train(recipe with { Optimizer = new Adam() }));
            Assert.Contains("belong to Sgd, but the optimizer is Adam", error.Message);
        }
    }

    [Fact]
    public void Two_weight_decays_and_a_dampened_velocity_are_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Train(Recipe with { Optimizer = new AdamW(), WeightDecay = 0.1 }));
        Assert.Throws<InvalidOperationException>(() => Train(Recipe with { Dampening = 0.1 }));
        Train(Recipe with { Dampening = 0.1, MomentumConvention = MomentumConvention.GradientBuffer, NumberOfEpochs = 1 });
    }

    [Fact]
    public void Options_are_compared_by_value()
    {
        Assert.Equal(new Adam { Beta1 = 0.9 }, new Adam());
        Assert.NotEqual<Optimizer>(new Adam(), new RAdam());
        Assert.NotEqual(Recipe, Recipe with { Optimizer = new Adam() });
        Assert.Throws<ArgumentNullException>(() => new Adam { Beta1 = null! });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScheduleFreeSgd { RatePower = 9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaGrad { InitialSum = -1 });
    }

    private static TrainedNetwork Train(TrainingRecipe recipe) =>
        Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(), null, null), new TrainingControl { Seed = 3 });
}
