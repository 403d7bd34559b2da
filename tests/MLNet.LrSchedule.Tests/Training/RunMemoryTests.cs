using System;
using System.Linq;
using System.Threading;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>Buffers of large runs lie in memory that other runs have written: none of it shows, and none of it can be used after its run.</summary>
public sealed class RunMemoryTests
{
    private const int Large = (1 << 20) + 17;

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(Large)]
    public void Zeros_are_zeros_whoever_had_the_memory_before(int length)
    {
        for (int round = 0; round < 3; round++)
        {
            using RunMemory memory = new();
            FloatBuffer zeros = memory.Zeros(length), undefined = memory.Undefined(length);

            Assert.Equal(length, zeros.Length);
            Assert.Equal(length, undefined.Length);
            Assert.False(zeros.Span.ContainsAnyExcept(0f));
            undefined.Span.Fill(float.NaN);
            Assert.False(zeros.Span.ContainsAnyExcept(0f));
            zeros.Span.Fill(float.NaN);
        }
    }

    // Threads that pack operands for themselves take their buffers while a product runs. Nothing is written, so that the memory is only reserved.
    [Fact]
    public void Buffers_that_threads_take_at_the_same_time_all_go_with_the_memory()
    {
        const int Threads = 4;
        const int BuffersOfThread = 200;
        RunMemory memory = new();
        FloatBuffer[][] buffers = [.. Enumerable.Range(0, Threads).Select(_ => new FloatBuffer[BuffersOfThread])];
        using Barrier start = new(Threads);
        Thread[] threads = [.. buffers.Select(own => new Thread(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < BuffersOfThread; i++)
            {
                own[i] = memory.Undefined(RunMemory.MinimumLength);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        memory.Dispose();

        Assert.All(buffers.SelectMany(own => own), buffer => Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length));
    }

    [Fact]
    public void A_large_buffer_ends_with_its_run()
    {
        RunMemory memory = new();
        FloatBuffer large = memory.Undefined(Large);
        memory.Dispose();

        Assert.Throws<ObjectDisposedException>(() => large.Span.Length);
    }

    [Theory]
    [InlineData("SGD")]
    [InlineData("Adam")]
    public void A_large_network_is_trained_to_the_same_bits_in_every_run(string optimizer)
    {
        TrainingRecipe recipe = new()
        {
            FeatureScaling = FeatureScaling.None,
            NumericEncoding = NumericEncoding.None,
            HiddenLayers = [1024, 1024],
            BatchSize = 16,
            NumberOfEpochs = 2,
            LearningRate = 0.001,
            ReturnedWeights = ReturnedWeights.Best,
        };
        recipe = optimizer == "SGD" ? recipe with { Optimizer = new Sgd(), Momentum = 0.9 } : recipe with { Optimizer = new Adam() };
        TrainingDataBuilder builder = new(8, hasWeights: false);
        Random random = new(3);
        for (int row = 0; row < 32; row++)
        {
            float[] features = [.. Enumerable.Range(0, 8).Select(_ => random.NextSingle() - 0.5f)];
            builder.Add(features, row & 1, 1);
        }

        TrainingTask task = new(Loss.BinaryCrossEntropy, 1, builder.Build());
        MlpNetwork[] networks = [.. Enumerable.Range(0, 3).Select(_ => Trainer.Train(recipe, task, new TrainingControl { Seed = 1 }).Network)];

        Assert.True(networks[0].Parameters.Length > Large);
        Assert.All(networks, network => Assert.True(network.Parameters.Span.SequenceEqual(networks[0].Parameters.Span)));
    }
}
