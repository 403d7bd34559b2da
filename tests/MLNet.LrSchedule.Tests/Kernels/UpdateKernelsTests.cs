using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public class UpdateKernelsTests
{
    [Fact]
    public void A_rule_has_the_same_bits_on_every_width_however_the_range_is_cut()
    {
        Random random = new(11);
        VelocityRule rule = new(0.1, 0.9);
        float[] weights = KernelCases.Numbers(random, 1003);
        float[] gradient = KernelCases.Numbers(random, 1003);
        float[] velocity = KernelCases.Numbers(random, 1003);
        float[] expected = (float[])weights.Clone();
        float[] expectedVelocity = (float[])velocity.Clone();
        for (int i = 0; i < weights.Length; i++)
        {
            expectedVelocity[i] = MathF.FusedMultiplyAdd(-0.1f, gradient[i], 0.9f * velocity[i]);
            expected[i] += expectedVelocity[i];
        }

        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            using KernelContext context = new(1, width);
            float[] w = (float[])weights.Clone();
            float[] v = (float[])velocity.Clone();
            foreach ((int first, int end) in new[] { (0, 5), (5, 333), (333, 1003) })
            {
                UpdateKernels.Apply(context, rule, w.AsSpan(first..end), gradient.AsSpan(first..end), v.AsSpan(first..end));
            }

            KernelCases.AssertSameBits(expected, w, $"Weights at {width}");
            KernelCases.AssertSameBits(expectedVelocity, v, $"Velocity at {width}");
        }
    }

    [Fact]
    public void A_rule_has_the_same_bits_at_any_number_of_threads()
    {
        const int Count = 150_001;
        Random random = new(13);
        float[] weights = KernelCases.Numbers(random, Count);
        float[] gradient = KernelCases.Numbers(random, Count);
        float[][] results = new float[3][];
        for (int threads = 1; threads <= 3; threads++)
        {
            using KernelContext context = new(threads);
            results[threads - 1] = (float[])weights.Clone();
            float[] velocity = new float[Count];
            UpdateKernels.Apply(context, new VelocityRule(0.1, 0.9), results[threads - 1], gradient, velocity);
            UpdateKernels.Apply(context, new VelocityRule(0.1, 0.9), results[threads - 1], gradient, velocity);
        }

        KernelCases.AssertSameBits(results[0], results[1], "two threads");
        KernelCases.AssertSameBits(results[0], results[2], "three threads");
    }

    [Theory]
    [InlineData(700, 96)]
    [InlineData(300, 301)]
    [InlineData(66_000, 1)]
    [InlineData(5, 20_011)]
    public void A_matrix_divided_by_columns_has_the_bits_of_a_run(int rows, int columns)
    {
        Update run = UpdatedByOneThread(rows * columns, seed: 17);
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            foreach ((int threads, bool areFar) in new[] { (1, false), (2, false), (2, true), (3, true) })
            {
                using KernelContext context = new(threads, width) { AssumesFarThreads = areFar };
                AssertSameBits(run, context, dividedColumns: columns);
            }
        }
    }

    [Theory]
    [InlineData(70_001, false, true)]
    [InlineData(140_001, false, false)]
    [InlineData(140_001, true, true)]
    [InlineData(2_100_001, true, false)]
    public void Weights_that_one_thread_has_in_its_cache_have_the_bits_of_a_run_whoever_updates_them(int count, bool areFar, bool staysWithOne)
    {
        Update run = UpdatedByOneThread(count, seed: 18);
        foreach (int threads in new[] { 2, 3 })
        {
            using KernelContext context = new(threads) { AssumesFarThreads = areFar };
            AssertSameBits(run, context, hasSparseRows: true);
            AssertSameBits(run, context, staysWithOneFarThread: true);
            Assert.Equal(staysWithOne, UpdateKernels.StaysWithOneThread<VelocityRule>(context, count));
        }
    }

    [Fact]
    public void Few_weights_are_updated_without_asking_how_far_threads_are()
    {
        using KernelContext context = new(2);
        AssertSameBits(UpdatedByOneThread(34 * 34, seed: 20), context, staysWithOneFarThread: true);
        Assert.False(context.HasWorkers);
    }

    [Theory]
    [InlineData(1_003, 1)]
    [InlineData(700, 100)]
    [InlineData(66_001, 1)]
    public void An_update_may_leave_zeros_in_the_place_of_the_gradient(int rows, int columns)
    {
        Update run = UpdatedByOneThread(rows * columns, seed: 19);
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            foreach ((int threads, int dividedColumns) in new[] { (1, 0), (2, 0), (3, columns) })
            {
                using KernelContext context = new(threads, width) { AssumesFarThreads = dividedColumns > 0 };
                float[] gradient = AssertSameBits(run, context, dividedColumns, cleared: new SparseGradient(rows));
                KernelCases.AssertSameBits(new float[rows * columns], gradient, $"Gradient on {threads} threads at {width}");
            }
        }
    }

    [Theory]
    [InlineData(1, 1 << 16, true, false)]
    [InlineData(2, (1 << 16) - 1, true, false)]
    [InlineData(2, 1 << 16, true, true)]
    [InlineData(2, 1 << 16, false, false)]
    [InlineData(2, (1 << 20) - 1, true, true)]
    [InlineData(2, 1 << 20, true, false)]
    public void Far_threads_update_the_columns_that_they_multiply_where_caches_hold_them(int threads, int weights, bool areFar, bool expected)
    {
        using KernelContext context = new(threads) { AssumesFarThreads = areFar };
        Assert.Equal(expected, UpdateKernels.StaysWithColumns(context, weights));
    }

    [Fact]
    public void A_matrix_divided_by_columns_says_where_a_weight_is_no_number()
    {
        const int Rows = 230;
        const int Columns = 301;
        using KernelContext context = new(2) { AssumesFarThreads = true };
        foreach (int place in new[] { 0, Columns - 1, 150, (Rows - 1) * Columns, (Rows * Columns) - 1, (Rows * Columns) - 2 })
        {
            float[] gradient = new float[Rows * Columns];
            gradient[place] = float.NaN;
            Assert.False(UpdateKernels.Apply(context, new VelocityRule(0.1, 0.9), new float[gradient.Length], gradient, new float[gradient.Length], dividedColumns: Columns));
        }
    }

    [Fact]
    public void A_parameter_is_rounded_as_a_cast_rounds_it()
    {
        Random random = new(19);
        IEnumerable<double> few = [0, -0.0, 1, -1, 0.1, float.MaxValue, 1e39, -1e300, 1e-45, 7e-46, 1e-300, double.Epsilon, double.PositiveInfinity, double.NaN, 1 + Math.Pow(2, -24), 1 + (3 * Math.Pow(2, -24))];
        foreach (double value in few.Concat(Enumerable.Range(0, 10_000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)))))
        {
            Assert.Equal((float)value, SingleBits.Rounded(value));
            Assert.Equal(float.IsNegative((float)value), float.IsNegative(SingleBits.Rounded(value)));
        }
    }

    [Fact]
    public void A_rule_runs_in_double_precision()
    {
        double[] weights = [1, 2];
        double[] buffer = [0.5, -1];
        UpdateKernels.Apply(new GradientBufferRule(0.1, 0.9), weights, [3, 4], buffer);
        Assert.Equal([(0.9 * 0.5) + 3, (0.9 * -1) + 4], buffer);
        Assert.Equal(1 - (0.1 * ((0.9 * 0.5) + 3)), weights[0], 1e-15);
        Assert.Equal(2 - (0.1 * ((0.9 * -1) + 4)), weights[1], 1e-15);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void An_update_says_whether_every_weight_is_finite_wherever_the_other_one_is(float bad)
    {
        const int Count = (1 << 16) + 21;
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            foreach (int threads in new[] { 1, 2 })
            {
                using KernelContext context = new(threads, width);
                foreach (int place in new[] { 0, 17, Count / 2, Count - 20, Count - 1 })
                {
                    float[] weights = new float[Count];
                    float[] gradient = new float[Count];
                    float[] velocity = new float[Count];
                    Assert.True(UpdateKernels.Apply(context, new VelocityRule(0.1, 0.9), weights, gradient, velocity));
                    gradient[place] = bad;
                    Assert.False(UpdateKernels.Apply(context, new VelocityRule(0.1, 0.9), weights, gradient, velocity));
                }
            }
        }
    }

    // Lanes beyond the last weight hold zeros, of which this rule makes 0 / 0.
    [Fact]
    public void What_a_rule_makes_of_lanes_without_a_weight_is_no_divergence()
    {
        foreach (VectorWidth width in KernelContext.AvailableWidths)
        {
            using KernelContext context = new(1, width);
            Assert.True(UpdateKernels.Apply(context, default(QuotientRule), new float[] { 1, 2, 3 }, [1, 1, 1]));
        }
    }

    [Fact]
    public void Missing_slots_are_refused()
    {
        using KernelContext context = new();
        Assert.Throws<ArgumentException>(() => UpdateKernels.Apply(context, new VelocityRule(0.1, 0.9), new float[3], new float[3]));
    }

    private static Update UpdatedByOneThread(int count, int seed)
    {
        Random random = new(seed);
        float[] weights = KernelCases.Numbers(random, count);
        float[] gradient = KernelCases.Numbers(random, count);
        float[] updated = (float[])weights.Clone();
        float[] velocity = new float[count];
        using KernelContext alone = new(1);
        Assert.True(UpdateKernels.Apply(alone, new VelocityRule(0.1, 0.9), updated, gradient, velocity));
        return new Update(weights, gradient, updated, velocity);
    }

    // Returns what the update made of the gradient.
    private static float[] AssertSameBits(
        Update expected, KernelContext context, int dividedColumns = 0, bool hasSparseRows = false, SparseGradient? cleared = null, bool staysWithOneFarThread = false)
    {
        float[] weights = (float[])expected.Weights.Clone();
        float[] velocity = new float[weights.Length];
        float[] gradient = (float[])expected.Gradient.Clone();
        Assert.True(UpdateKernels.Apply(
            context,
            new VelocityRule(0.1, 0.9),
            weights,
            gradient,
            velocity,
            dividedColumns: dividedColumns,
            hasSparseRows: hasSparseRows,
            sparseGradient: cleared,
            clears: cleared is not null,
            staysWithOneFarThread: staysWithOneFarThread));
        KernelCases.AssertSameBits(expected.Updated, weights, $"Weights on {context.MaxThreads} threads at {context.VectorWidth}");
        KernelCases.AssertSameBits(expected.Velocity, velocity, $"Velocity on {context.MaxThreads} threads at {context.VectorWidth}");
        return gradient;
    }

    private sealed record Update(float[] Weights, float[] Gradient, float[] Updated, float[] Velocity);

    /// <summary>w /= g.</summary>
    private readonly struct QuotientRule : IUpdateRule
    {
        public static int NumberOfSlots => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged =>
            weight = TSimd.Divide(weight, gradient);
    }

    /// <summary>v = momentum * v - rate * g; w += v.</summary>
    private readonly struct VelocityRule(double rate, double momentum) : IUpdateRule
    {
        public static int NumberOfSlots => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged
        {
            slot0 = TSimd.FusedMultiplyAdd(TSimd.Constant(-rate), gradient, TSimd.Multiply(TSimd.Constant(momentum), slot0));
            weight = TSimd.Add(weight, slot0);
        }
    }

    /// <summary>b = momentum * b + g; w -= rate * b.</summary>
    private readonly struct GradientBufferRule(double rate, double momentum) : IUpdateRule
    {
        public static int NumberOfSlots => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged
        {
            slot0 = TSimd.FusedMultiplyAdd(TSimd.Constant(momentum), slot0, gradient);
            weight = TSimd.FusedMultiplyAdd(TSimd.Constant(-rate), slot0, weight);
        }
    }
}
