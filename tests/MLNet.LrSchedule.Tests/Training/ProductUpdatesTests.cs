using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Tests.Kernels;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>Weights that are updated by the products that make their gradients: the same run in less time.</summary>
public sealed class ProductUpdatesTests
{
    private const int Width = 130;

    private static readonly TrainingRecipe Recipe = new()
    {
        HiddenLayers = [256, new HiddenLayer(160) { LearningRateMultiplier = 0.5 }, 24],
        BatchSize = 32,
        NumberOfEpochs = 3,
        LearningRate = Schedule.TimeBased(0.05, 0.1, per: Duration.Epochs(1)),
        Momentum = 0.9,
        Optimizer = new Sgd(),
    };

    public static TheoryData<MomentumConvention, double, int> Conventions => new()
    {
        { MomentumConvention.Velocity, 0, 1 },
        { MomentumConvention.GradientBuffer, 0.25, 1 },
        { MomentumConvention.GradientBuffer, 0, 2 },
        { MomentumConvention.Velocity, 0, 2 },
    };

    // A limit that no gradient reaches changes none, but has to see all of them before the first update.
    [Theory]
    [MemberData(nameof(Conventions))]
    public void A_run_has_the_bits_of_one_whose_optimizer_updates_all(MomentumConvention convention, double dampening, int threads)
    {
        var recipe = Recipe with { MomentumConvention = convention, Dampening = dampening };
        var joined = Train(recipe, threads);
        var apart = Train(recipe with { MaximumGradientNorm = 1e30 }, threads);
        Assert.Equal(Bits(apart.Network), Bits(joined.Network));
        Assert.Equal(apart.History.Epochs.Select(epoch => epoch.GradientNorm), joined.History.Epochs.Select(epoch => epoch.GradientNorm));
        Assert.Equal(apart.History.Epochs.Select(epoch => epoch.TrainingLoss), joined.History.Epochs.Select(epoch => epoch.TrainingLoss));
    }

    public static TheoryData<string> Networks => [.. Variants().Keys];

    [Theory]
    [MemberData(nameof(Networks))]
    public void So_it_has_with_layers_of_all_kinds_and_sparse_rows(string variant)
    {
        var (recipe, isSparse) = Variants()[variant];
        using (var setup = Setup(recipe, isSparse))
        {
            float[] gradient = GradientOfStep(setup).ToArray();
            Assert.Contains(setup.Network.Layers.OfType<DenseLayer>(), layer => IsUnset(gradient.AsSpan(layer.ParameterOffset, layer.Inputs * layer.Outputs)));
        }

        Assert.Equal(Bits(Train(recipe with { MaximumGradientNorm = 1e30 }, 2, isSparse: isSparse).Network), Bits(Train(recipe, 2, isSparse: isSparse).Network));
    }

    [Theory]
    [InlineData(MomentumConvention.Velocity)]
    [InlineData(MomentumConvention.GradientBuffer)]
    public void A_run_that_is_cut_and_resumed_has_the_bits_of_one_in_one_go(MomentumConvention convention)
    {
        var recipe = Recipe with { MomentumConvention = convention, Dampening = convention == MomentumConvention.Velocity ? 0 : 0.25 };
        var rows = (TrainingData)Task().Training;
        Assert.Equal(Resuming.Bits(Resuming.InOneGo(recipe, rows: rows)), Resuming.Bits(Resuming.InPieces(recipe, null, [0, 6], rows)));
    }

    [Fact]
    public void A_step_leaves_no_gradient_of_the_weights_that_its_products_update_unless_it_is_asked_to_keep_it()
    {
        using var setup = Setup(Recipe);
        var gradient = GradientOfStep(setup);
        int first = Width * 256, second = 256 * 160;
        Assert.True(IsUnset(gradient[..first]));
        Assert.True(IsUnset(gradient.Slice(first + 256, second)));

        // Biases, and weights that are few.
        Assert.True(ReductionKernels.AllFinite(gradient.Slice(first, 256)));
        Assert.True(ReductionKernels.AllFinite(gradient[(first + 256 + second)..]));
        setup.Step(setup.Schedules.At(1), keepsGradient: true);
        Assert.True(ReductionKernels.AllFinite(gradient));
    }

    [Fact]
    public void What_changes_more_than_momentum_does_is_left_to_the_optimizer()
    {
        foreach (var recipe in new[]
        {
            Recipe with { WeightDecay = 0.01 },
            Recipe with { L2Regularization = 0.01 },
            Recipe with { MaximumGradientValue = 0.5 },
            Recipe with { Nesterov = true },
            Recipe with { Optimizer = new Adam() },
        })
        {
            using var setup = Setup(recipe);
            Assert.True(ReductionKernels.AllFinite(GradientOfStep(setup)), recipe.ToString());
        }
    }

    // Only weights of the first layer overflow, those of one feature, so that nothing but its product can see it.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_weight_that_is_no_finite_number_ends_the_run_as_after_any_update(int threads)
    {
        var recipe = Recipe with
        {
            HiddenLayers = [256, new HiddenLayer(160) { LearningRateMultiplier = 0 }, new HiddenLayer(24) { LearningRateMultiplier = 0 }],
            OutputLearningRateMultiplier = 0,
            LearningRate = 1e15,
            FeatureScaling = FeatureScaling.None,
        };
        string joined = Assert.Throws<InvalidOperationException>(() => Train(recipe, threads, largeFeature: 1e30f)).Message;
        string apart = Assert.Throws<InvalidOperationException>(() => Train(recipe with { MaximumGradientNorm = 1e37 }, threads, largeFeature: 1e30f)).Message;
        Assert.Contains("Training diverged: a parameter is not a finite number in epoch 0, step 0", joined, StringComparison.Ordinal);
        Assert.Equal(apart, joined);
    }

    [Fact]
    public void The_rule_of_a_product_has_the_bits_of_the_two_conventions()
    {
        var random = new Random(5);
        var values = new StepValues { Step = 3, LearningRate = 0.037, Momentum = 0.85, Dampening = 0.3 };
        var group = new ParameterGroup(0, 501);
        foreach (var convention in new[] { MomentumConvention.Velocity, MomentumConvention.GradientBuffer })
        {
            using var kernels = new KernelContext();
            float[] weights = KernelCases.Numbers(random, 501), gradient = KernelCases.Numbers(random, 501), slot = KernelCases.Numbers(random, 501);
            float[] expected = [.. weights], expectedSlot = [.. slot];
            if (convention == MomentumConvention.Velocity)
                UpdateKernels.Apply(kernels, new VelocityRule(values, group, nesterov: false), expected, gradient, expectedSlot);
            else
                UpdateKernels.Apply(kernels, new GradientBufferRule(values, group, nesterov: false, isFirst: false), expected, gradient, expectedSlot);

            var optimizer = new SgdOptimizer(convention, nesterov: false, 501);
            optimizer.Scalars[0] = 3;
            slot.CopyTo(optimizer.Slots[0].Span);
            Assert.NotNull(optimizer.MomentumRuleOf(group, values));
            Assert.True(optimizer.Step(kernels, weights, gradient, [group], values));
            KernelCases.AssertSameBits(expected, weights, $"{convention}, weights");
            KernelCases.AssertSameBits(expectedSlot, optimizer.Slots[0].Span, $"{convention}, slot");
        }
    }

    private static Dictionary<string, (TrainingRecipe Recipe, bool IsSparse)> Variants() => new()
    {
        ["normalizations, dropout and a residual layer whose function needs its sums"] = (Recipe with
        {
            HiddenLayers =
            [
                new HiddenLayer(256) { Normalization = Normalization.Batch, Dropout = 0.2 },
                new HiddenLayer(256) { IsResidual = true, Activation = Activation.Gelu },
                new HiddenLayer(160) { Normalization = Normalization.Layer },
            ],
        }, false),
        ["sparse rows, whose own weights the optimizer updates"] = (Recipe, true),
        ["weights that are frozen"] = (Recipe with { HiddenLayers = [new HiddenLayer(256) { LearningRateMultiplier = 0 }, 160] }, false),
    };

    // What the first step leaves of a gradient of NaN.
    private static Span<float> GradientOfStep(TrainingSetup setup)
    {
        var gradient = setup.Workspace.ParameterGradients.Span;
        gradient.Fill(float.NaN);
        setup.Step(setup.Schedules.At(0));
        return gradient;
    }

    private static bool IsUnset(ReadOnlySpan<float> gradient) => gradient.IndexOfAnyExcept(float.NaN) < 0;

    private static byte[] Bits(MlpNetwork network) => MemoryMarshal.AsBytes(network.Parameters.Span).ToArray();

    private static TrainedNetwork Train(TrainingRecipe recipe, int threads, float? largeFeature = null, bool isSparse = false) =>
        Trainer.Train(recipe, Task(largeFeature, isSparse), new TrainingControl { Seed = 3, MaxThreads = threads });

    private static TrainingSetup Setup(TrainingRecipe recipe, bool isSparse = false)
    {
        var setup = new TrainingSetup(recipe, Task(isSparse: isSparse), new TrainingControl { Seed = 3 });
        setup.Source.BeginEpoch(0);
        Assert.True(setup.Source.TryRead(setup.Batch));
        return setup;
    }

    // The last batch is smaller.
    private static TrainingTask Task(float? largeFeature = null, bool isSparse = false)
    {
        var random = new Random(4);
        FeatureStoreBuilder store = isSparse ? new SparseFeaturesBuilder(Width) : new DenseFeaturesBuilder(Width, 0);
        var builder = new TrainingDataBuilder(store, hasWeights: false);
        float[] features = new float[Width];
        for (int row = 0; row < 150; row++)
        {
            foreach (ref float feature in features.AsSpan())
                feature = isSparse && random.Next(10) > 0 ? 0 : (float)random.NextDouble() - 0.5f;
            features[7] = largeFeature ?? features[7];
            builder.Add(features, row % 3 == 0 ? 1f : 0f, 1f);
        }

        return new TrainingTask(Loss.BinaryCrossEntropy, 1, builder.Build());
    }
}
