using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

public sealed class LayerStepsTests
{
    private static readonly ParameterGroup[] Groups =
    [
        new(0, 6, Layer: 0) { RateMultiplier = 0.5 }, new(6, 2, IsDecayed: false, Layer: 0) { RateMultiplier = 0.5 }, new(8, 5, Layer: 1),
    ];

    [Fact]
    public void Rates_are_those_of_the_layers_and_plain_optimizers_have_no_step_sizes()
    {
        var values = new StepValues { Step = 3, LearningRate = 0.1, Momentum = 0.9 };
        var steps = LayerSteps.Measure(new SgdOptimizer(MomentumConvention.Velocity, false, 13), Groups, values);
        Assert.Equal([new LayerStep { Layer = 0, LearningRate = 0.05 }, new LayerStep { Layer = 1, LearningRate = 0.1 }], steps);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("adam as in Keras")]
    [InlineData("amsgrad")]
    [InlineData("adamax")]
    [InlineData("rmsprop")]
    [InlineData("rmsprop as in PyTorch")]
    [InlineData("centred rmsprop")]
    [InlineData("adagrad")]
    [InlineData("radam")]
    [InlineData("schedule-free adamw")]
    [InlineData("nadam")]
    public void A_first_step_moved_each_weight_by_its_step_size_times_what_the_method_multiplies(string name)
    {
        Optimizer options = name switch
        {
            "adam" => new Adam { Epsilon = 0.01 },
            "adam as in Keras" => Adam.AsInKeras with { Epsilon = 0.01 },
            "amsgrad" => new Adam { AmsGrad = true },
            "adamax" => new Adamax(),
            "rmsprop" => new RmsProp(),
            "rmsprop as in PyTorch" => RmsProp.AsInPyTorch,
            "centred rmsprop" => new RmsProp { IsCentered = true },
            "adagrad" => new AdaGrad(),
            "radam" => new RAdam(),
            "nadam" => new NAdam(),
            _ => new ScheduleFreeAdamW(),
        };
        var recipe = new TrainingRecipe { Optimizer = options, LearningRate = 0.1 };
        var values = new HyperparameterSchedules(recipe, TrainingRun.OfEpochs(1, 5)).At(0);
        using var kernels = new KernelContext();
        float[] weights = new float[13], gradient = [.. Enumerable.Range(1, 13).Select(i => i / 4f)];
        var optimizer = options.Create(recipe, 13);
        optimizer.Step(kernels, weights, gradient, Groups, values);

        // In the first step a corrected mean is the gradient, and Adam's step size holds the correction of the mean: it multiplies the uncorrected one.
        double share = options switch
        {
            Adam or Adamax or RAdam => 0.1,
            NAdam => (1 - values.Momentum) / (1 - values.Momentum) + values.NextMomentum / (1 - values.Momentum * values.NextMomentum) * 0.1,
            _ => 1,
        };
        var steps = LayerSteps.Measure(optimizer, Groups, values);
        foreach (var step in steps)
        {
            int first = step.Layer == 0 ? 0 : 8, count = step.Layer == 0 ? 8 : 5;
            double[] sizes = [.. Enumerable.Range(first, count).Select(i => -weights[i] / (share * gradient[i])).Order()];
            Assert.Equal(1, step.StepSizes!.Minimum / sizes[0], 1e-4);
            Assert.Equal(1, step.StepSizes.Median / sizes[(count - 1) / 2], 1e-4);
            Assert.Equal(1, step.StepSizes.LowerQuartile / sizes[(count - 1) / 4], 1e-4);
            Assert.Equal(1, step.StepSizes.UpperQuartile / sizes[(count - 1) * 3 / 4], 1e-4);
            Assert.Equal(1, step.StepSizes.Maximum / sizes[^1], 1e-4);
        }
    }

    [Fact]
    public void The_step_size_of_Adadelta_is_that_of_its_means_after_the_step()
    {
        var optimizer = new AdaDeltaOptimizer(1);
        optimizer.Slots[0].Span[0] = 0.25f;
        optimizer.Slots[1].Span[0] = 0.01f;
        Assert.Equal(2 * Math.Sqrt(0.01 + 1e-3) / Math.Sqrt(0.25 + 1e-3), optimizer.StepSize(0, 2, new StepValues { Step = 0, LearningRate = 2, Epsilon = 1e-3 }), 1e-8);
    }

    [Fact]
    public void Of_a_large_layer_a_part_is_looked_at()
    {
        const int Count = 100_000;
        var optimizer = new RPropOptimizer(Count);
        for (int i = 0; i < Count; i++)
            optimizer.Slots[0].Span[i] = i;
        var quantiles = LayerSteps.Measure(optimizer, [new ParameterGroup(0, Count)], new StepValues { Step = 0, LearningRate = 1 })[0].StepSizes!;
        Assert.Equal(0, quantiles.Minimum);
        Assert.InRange(quantiles.Median, 49_900, 50_100);
        Assert.InRange(quantiles.Maximum, Count - 50, Count);
    }
}
