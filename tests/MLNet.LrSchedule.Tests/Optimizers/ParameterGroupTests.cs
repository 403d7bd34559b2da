using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Optimizers;
using Xunit;

namespace MLNet.LrSchedule.Tests.Optimizers;

public sealed class ParameterGroupTests
{
    private const int Count = 53;

    private static readonly StepValues WithoutDecay = new() { Step = 0, LearningRate = 0.1, Momentum = 0.9 };

    [Fact]
    public void Neighbours_that_are_updated_by_the_same_numbers_are_joined()
    {
        ParameterGroup[] groups = [new(0, 20), new(20, 4, IsDecayed: false), new(24, 8, Layer: 1), new(32, 2, IsDecayed: false, Layer: 1)];
        Assert.Equal([(0, 34)], Joined(groups, WithoutDecay));
    }

    [Fact]
    public void Decay_and_penalty_keep_those_apart_that_they_spare()
    {
        ParameterGroup[] groups = [new(0, 20), new(20, 4, IsDecayed: false), new(24, 2, IsDecayed: false, Layer: 1), new(26, 8, Layer: 2)];
        (int, int)[] apart = [(0, 20), (20, 6), (26, 8)];
        Assert.Equal(apart, Joined(groups, WithoutDecay with { WeightDecay = 0.01 }));
        Assert.Equal(apart, Joined(groups, WithoutDecay with { L2Regularization = 0.01 }));
    }

    [Fact]
    public void Other_rates_gaps_and_what_threads_divide_keep_groups_apart()
    {
        Assert.Equal([(0, 5), (5, 5)], Joined([new(0, 5), new(5, 5) { RateMultiplier = 0.5 }], WithoutDecay));
        Assert.Equal([(0, 5), (6, 5)], Joined([new(0, 5), new(6, 5)], WithoutDecay));
        ParameterGroup[] large = [new(0, UpdateKernels.MinParallelCount), new(UpdateKernels.MinParallelCount, 5), new(UpdateKernels.MinParallelCount + 5, 5)];
        Assert.Single(Joined(large, WithoutDecay));
        Assert.Equal([(0, UpdateKernels.MinParallelCount), (UpdateKernels.MinParallelCount, 10)], Joined(large, WithoutDecay, threads: 2));
    }

    [Fact]
    public void A_sparse_gradient_is_cleared_by_the_update_with_all_that_its_group_was_joined_with()
    {
        ParameterGroup[] groups = [new(0, 19), new(19, 30) { HasSparseGradient = true }, new(49, 4) { RateMultiplier = 0.5 }];
        var optimizer = new SgdOptimizer(MomentumConvention.Velocity, nesterov: false, Count);
        using var kernels = new KernelContext();
        float[] gradient = Numbers(new Random(4));
        float[] last = gradient[49..];
        optimizer.Step(kernels, new float[Count], gradient, groups, WithoutDecay, new SparseGradient(30));
        Assert.DoesNotContain(0f, gradient);
        optimizer.Step(kernels, new float[Count], gradient, groups, WithoutDecay, new SparseGradient(30), clears: true);
        Assert.All(gradient[..49], number => Assert.Equal(0f, number));
        Assert.Equal(last, gradient[49..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Joined_groups_are_updated_to_the_bits_of_separate_ones(double decay)
    {
        ParameterGroup[] groups = [new(0, 19), new(19, 3, IsDecayed: false), new(22, 30), new(52, 1, IsDecayed: false)];
        var values = WithoutDecay with { WeightDecay = decay };

        // In the reverse order no group goes on where the one before it ends.
        Assert.Equal(Trained(groups, values), Trained([.. groups.Reverse()], values));
    }

    private static (int Offset, int Length)[] Joined(ParameterGroup[] groups, in StepValues values, int threads = 1)
    {
        var joined = new ParameterGroup[groups.Length];
        int count = ParameterGroup.Join(groups, values, threads, joined);
        return [.. joined.Take(count).Select(group => (group.Offset, group.Length))];
    }

    private static float[] Trained(ParameterGroup[] groups, in StepValues values)
    {
        using var kernels = new KernelContext();
        var optimizer = new SgdOptimizer(MomentumConvention.Velocity, nesterov: true, Count);
        var random = new Random(1);
        float[] weights = Numbers(random);
        for (int step = 0; step < 4; step++)
            Assert.True(optimizer.Step(kernels, weights, Numbers(random), groups, values));
        return weights;
    }

    private static float[] Numbers(Random random) => [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle() - 0.5f)];
}
