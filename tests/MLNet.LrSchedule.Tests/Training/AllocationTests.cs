using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>What a run allocates, counted over the whole process, in a process of its own.</summary>
public sealed class AllocationTests
{
    /// <summary>What an epoch may allocate besides its record, in bytes: the generator that shuffles it and what goes into the record.</summary>
    private const long EpochBound = 2048;

    public static TheoryData<string, string> Runs => new() { { "dense", "1" }, { "dense", "2" }, { "sparse", "1" }, { "streamed", "1" } };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Steps_after_the_first_allocate_nothing_and_an_epoch_little_more_than_its_record(string form, string threads)
    {
        long[] allocated = [.. ChildProcess.Run(Train, null, form, threads).Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        Assert.Equal(0, allocated[0]);
        if (form != "streamed")
            Assert.InRange(allocated[1], 1, EpochBound);
    }

    [Fact]
    public void Threads_that_fall_asleep_and_wake_up_allocate_nothing() => Assert.Equal("0", ChildProcess.Run(FallAsleep));

    [ChildCommand]
    internal static unsafe string FallAsleep(string[] arguments)
    {
        using KernelContext context = new(2);
        using WorkerPool pool = new(1);
        Arrivals first = default, last = default;
        pool.Run(context, &Arrive, &first, 2);
        for (int i = 0; i < 50; i++)
        {
            Thread.Sleep(10);
            last = default;
            pool.Run(context, &Arrive, &last, 2);
        }

        return (last.AllocatedByWorker - first.AllocatedByWorker).ToString(CultureInfo.InvariantCulture);
    }

    [ChildCommand]
    internal static string Train(string[] arguments)
    {
        const int Width = 200;
        var random = new Random(3);
        FeatureStoreBuilder features = arguments[0] == "sparse" ? new SparseFeaturesBuilder(Width) : new DenseFeaturesBuilder(Width, 0);
        var builder = new TrainingDataBuilder(features, hasWeights: true);
        for (int row = 0; row < 3200; row++)
        {
            // A streamed row that is sparse lies in a slot that grows to the longest row it has held, so streams are dense here.
            bool isDense = arguments[0] == "streamed";
            float[] values = [.. Enumerable.Range(0, Width).Select(_ => !isDense && random.Next(10) > 0 ? 0f : (float)random.NextDouble())];
            builder.Add(values, random.Next(2), 0.5f + (float)random.NextDouble());
        }

        TrainingRows rows = builder.Build();
        if (arguments[0] == "streamed")
            rows = new ListStream((TrainingData)rows).Rows(500);
        var recipe = new TrainingRecipe { HiddenLayers = [64, 32], BatchSize = 32, NumberOfEpochs = 6, LearningRate = 0.01, ValidationSetFraction = 0.1 };
        var counter = new Counter(recipe.NumberOfEpochs.Value);
        Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, rows), new TrainingControl
        {
            Seed = 3,
            MaxThreads = int.Parse(arguments[1], CultureInfo.InvariantCulture),
            Callbacks = [counter],
        });
        return $"{counter.InSteps} {counter.InEpoch}";
    }

    // The caller waits in its chunk until the worker has run the other.
    private static unsafe void Arrive(KernelContext context, void* state, int chunk, int thread)
    {
        Arrivals* arrivals = (Arrivals*)state;
        if (thread == 1)
            arrivals->AllocatedByWorker = GC.GetAllocatedBytesForCurrentThread();
        Interlocked.Increment(ref arrivals->Count);
        while (Volatile.Read(ref arrivals->Count) < 2)
            Thread.Yield();
    }

    private struct Arrivals
    {
        public long AllocatedByWorker;
        public int Count;
    }

    // The first epoch is the compiler's; the last ends with what the run leaves behind.
    private sealed class Counter(int epochs) : ITrainingCallback
    {
        private readonly long[] _firstStep = new long[epochs];
        private readonly long[] _lastStep = new long[epochs];

        public long InSteps => Enumerable.Range(1, epochs - 2).Max(epoch => _lastStep[epoch] - _firstStep[epoch]);

        public long InEpoch => Enumerable.Range(1, epochs - 2).Max(epoch => _firstStep[epoch + 1] - _lastStep[epoch]);

        public void OnStep(in StepRecord record)
        {
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            if (_firstStep[record.Epoch] == 0)
                _firstStep[record.Epoch] = allocated;
            _lastStep[record.Epoch] = allocated;
        }
    }
}
