using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Optimizers;
using Xunit;

namespace MLNet.LrSchedule.Tests.Optimizers;

/// <summary>What follows from the formulas, for optimizers with and without golden traces.</summary>
public sealed class OptimizerLawTests
{
    private const int Count = 37;
    private const int Steps = 15;

    private static readonly StepValues Values = new()
    {
        Step = 0,
        LearningRate = 0.05,
        Momentum = 0.9,
        NextMomentum = 0.9,
        Beta1 = 0.9,
        Beta2 = 0.99,
        Epsilon = 1e-30,
        Increase = 1.2,
        Decrease = 0.5,
        SmallestStep = 1e-6,
        LargestStep = 50,
    };

    private static readonly string[] DecoupledNames =
        ["sgd", "gradient buffer", "adam", "amsgrad", "nadam", "radam", "adamax", "rmsprop", "adagrad", "adadelta", "rprop", "lion"];

    public static TheoryData<string> Decoupled => [.. DecoupledNames];

    public static TheoryData<string> AllNames =>
        [.. DecoupledNames, "centred rmsprop", "schedule-free sgd", "schedule-free adamw", "schedule-free radam"];

    [Fact]
    public void Lion_moves_by_the_sign_of_an_interpolation_and_keeps_another()
    {
        // b1 = 0.9, b2 = 0.5: c = 0.1 g, m = 0.5 g; then c = 0.9 m + 0.1 g', m = 0.5 m + 0.5 g'.
        var optimizer = new LionOptimizer(3);
        double[] weights = [1, 1, 1];
        double[][] slots = [new double[3]];
        ParameterGroup[] group = [new(0, 3)];
        var values = new StepValues { Step = 0, LearningRate = 0.25, Beta1 = 0.9, Beta2 = 0.5 };
        optimizer.Step(weights, [2.0, -4, 0], slots, group, values);
        Assert.Equal([0.75, 1.25, 1], weights);
        Assert.Equal([1, -2, 0], slots[0]);
        optimizer.Step(weights, [-8.0, 24, 1], slots, group, values);

        // 0.9 - 0.8 is above zero, -1.8 + 2.4 above zero, 0.1 above zero.
        Assert.Equal([0.5, 1, 0.75], weights);
        Assert.Equal([-3.5, 11, 0.5], slots[0]);
    }

    [Theory]
    [MemberData(nameof(Decoupled))]
    public void Without_gradients_decoupled_decay_shrinks_weights_alone_and_by_rate_times_decay(string name)
    {
        using var kernels = new KernelContext();
        float[] weights = new float[Count];
        Array.Fill(weights, 2f);
        ParameterGroup[] groups = [new(0, 20), new(20, Count - 20, IsDecayed: false)];
        var optimizer = Create(name);
        var values = Values with { WeightDecay = 0.1, Epsilon = 1e-8 };
        for (int step = 0; step < Steps; step++)
            optimizer.Step(kernels, weights, new float[Count], groups, values with { Step = step });
        Assert.All(weights[..20], weight => Assert.Equal(2 * Math.Pow(1 - 0.05 * 0.1, Steps), weight, 1e-5));
        Assert.All(weights[20..], weight => Assert.Equal(2f, weight));
    }

    [Theory]
    [MemberData(nameof(AllNames))]
    public void A_penalty_is_a_gradient_that_grows_with_the_weight(string name)
    {
        double[] plain = Weights(), penalized = Weights();
        var (first, second) = (Create(name), Create(name));
        var (firstSlots, secondSlots) = (Slots(first), Slots(second));
        ParameterGroup[] groups = [new(0, Count)];
        for (int step = 0; step < Steps; step++)
        {
            double[] gradient = Gradient(step);
            double[] withPenalty = [.. gradient.Zip(plain, (g, w) => Math.FusedMultiplyAdd(0.3, w, g))];
            first.Step(plain, withPenalty, firstSlots, groups, Values with { Step = step });
            second.Step(penalized, gradient, secondSlots, groups, Values with { Step = step, L2Regularization = 0.3 });
        }

        Assert.Equal(plain, penalized);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("amsgrad")]
    [InlineData("nadam")]
    [InlineData("adamax")]
    [InlineData("rmsprop")]
    [InlineData("adagrad")]
    [InlineData("rprop")]
    [InlineData("lion")]
    public void A_method_that_divides_by_the_gradient_s_size_does_not_see_its_unit(string name)
    {
        // A power of two changes no mantissa, and epsilon is far below all.
        double[] small = Weights(), large = Weights();
        var (first, second) = (Create(name), Create(name));
        var (firstSlots, secondSlots) = (Slots(first), Slots(second));
        ParameterGroup[] groups = [new(0, Count)];
        for (int step = 0; step < Steps; step++)
        {
            double[] gradient = Gradient(step);
            first.Step(small, gradient, firstSlots, groups, Values with { Step = step });
            second.Step(large, [.. gradient.Select(g => g * 1024)], secondSlots, groups, Values with { Step = step });
        }

        for (int i = 0; i < Count; i++)
            Assert.Equal(small[i], large[i], 1e-14);
    }

    [Theory]
    [MemberData(nameof(AllNames))]
    public void A_rate_multiplier_of_a_group_is_a_rate_of_its_own(string name)
    {
        double[] multiplied = Weights(), scaled = Weights();
        var (first, second) = (Create(name), Create(name));
        var (firstSlots, secondSlots) = (Slots(first), Slots(second));
        for (int step = 0; step < Steps; step++)
        {
            first.Step(multiplied, Gradient(step), firstSlots, [new ParameterGroup(0, Count) { RateMultiplier = 0.5 }], Values with { Step = step });
            second.Step(scaled, Gradient(step), secondSlots, [new ParameterGroup(0, Count)], Values with { Step = step, LearningRate = Values.LearningRate / 2 });
        }

        for (int i = 0; i < Count; i++)
            Assert.Equal(scaled[i], multiplied[i], 1e-14);
    }

    [Theory]
    [MemberData(nameof(AllNames))]
    public void A_gradient_that_is_no_number_is_not_hidden(string name)
    {
        using var kernels = new KernelContext();
        float[] weights = new float[Count], gradient = new float[Count];
        Array.Fill(gradient, 1f);
        gradient[7] = float.NaN;
        var optimizer = Create(name);

        // Rectified methods rest in their first steps, but the mean remembers.
        for (int step = 0; step < Steps; step++)
            optimizer.Step(kernels, weights, gradient, [new ParameterGroup(0, Count)], Values with { Step = step, Beta2 = 0.9 });
        Assert.True(float.IsNaN(weights[7]));
        Assert.All(weights[..7], weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void The_two_conventions_of_momentum_agree_while_the_rate_is_constant()
    {
        double[] velocity = Weights(), buffer = Weights();
        var (first, second) = (Create("sgd"), Create("gradient buffer"));
        var (firstSlots, secondSlots) = (Slots(first), Slots(second));
        for (int step = 0; step < Steps; step++)
        {
            first.Step(velocity, Gradient(step), firstSlots, [new ParameterGroup(0, Count)], Values with { Step = step });
            second.Step(buffer, Gradient(step), secondSlots, [new ParameterGroup(0, Count)], Values with { Step = step });
        }

        for (int i = 0; i < Count; i++)
            Assert.Equal(velocity[i], buffer[i], 1e-13);
    }

    [Fact]
    public void Schedule_free_averages_evenly_at_a_constant_rate_and_copies_what_is_in_no_group()
    {
        using var kernels = new KernelContext();
        float[] weights = [1, 1, 7], evaluated = new float[3];
        ParameterGroup[] groups = [new(0, 2)];
        var optimizer = new ScheduleFreeSgdOptimizer(0, 2, 3);
        optimizer.WriteEvaluationWeights(weights, groups, evaluated);
        Assert.Equal([1, 1, 7], evaluated);
        for (int step = 0; step < 4; step++)
            optimizer.Step(kernels, weights, [1, -1, 5], groups, Values with { Step = step, LearningRate = 0.5, Momentum = 0 });

        // z is 0.5, 0, -0.5, -1 for the first weight; with no interpolation y is z.
        weights[2] = 8;
        optimizer.WriteEvaluationWeights(weights, groups, evaluated);
        Assert.Equal([-1, 3, 8], weights);
        Assert.Equal(-0.25f, evaluated[0], 1e-6f);
        Assert.Equal(2.25f, evaluated[1], 1e-6f);
        Assert.Equal(8, evaluated[2]);
    }

    private static ParameterOptimizer Create(string name) => name switch
    {
        "sgd" => new SgdOptimizer(MomentumConvention.Velocity, nesterov: false, Count),
        "gradient buffer" => new SgdOptimizer(MomentumConvention.GradientBuffer, nesterov: false, Count),
        "adam" => new AdamOptimizer(amsGrad: false, EpsilonPlacement.AfterBiasCorrection, Count),
        "amsgrad" => new AdamOptimizer(amsGrad: true, EpsilonPlacement.BeforeBiasCorrection, Count),
        "nadam" => new NAdamOptimizer(Count),
        "radam" => new RAdamOptimizer(Count),
        "adamax" => new AdamaxOptimizer(Count),
        "rmsprop" => new RmsPropOptimizer(MomentumConvention.GradientBuffer, isCentered: false, Count),
        "centred rmsprop" => new RmsPropOptimizer(MomentumConvention.Velocity, isCentered: true, Count),
        "adagrad" => new AdaGradOptimizer(initialSum: 0, Count),
        "adadelta" => new AdaDeltaOptimizer(Count),
        "rprop" => new RPropOptimizer(Count),
        "lion" => new LionOptimizer(Count),
        "schedule-free sgd" => new ScheduleFreeSgdOptimizer(0, 2, Count),
        "schedule-free adamw" => new ScheduleFreeAdamOptimizer(isRectified: false, 0, 2, Count),
        "schedule-free radam" => new ScheduleFreeAdamOptimizer(isRectified: true, 0, 2, Count),
        _ => throw new NotSupportedException(name),
    };

    private static double[][] Slots(ParameterOptimizer optimizer) => [.. optimizer.Slots.Select(_ => new double[Count])];

    private static double[] Weights() => Numbers(-1);

    private static double[] Gradient(int step) => Numbers(step);

    private static double[] Numbers(int seed)
    {
        var random = new Random(seed + 100);
        return [.. Enumerable.Range(0, Count).Select(_ => random.NextDouble() - 0.5)];
    }
}
