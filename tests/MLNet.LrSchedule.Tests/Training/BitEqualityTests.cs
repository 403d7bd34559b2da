using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>The seed decides every bit, whatever vectors the processor (or its settings) has and on however many threads.</summary>
public sealed class BitEqualityTests
{
    public static TheoryData<string, string> Settings => new()
    {
        { "without AVX-512", nameof(VectorWidth.Bits256) },
        { "without AVX2", nameof(VectorWidth.Bits128) },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Trained_weights_have_the_same_bits_with_instruction_sets_switched_off(string setting, string width)
    {
        string here = TrainAndDescribe([]);
        string there = ChildProcess.Run(TrainAndDescribe, setting == "without AVX2" ? ChildProcess.WithoutAvx2 : ChildProcess.WithoutAvx512);
        Assert.EndsWith(width, there);
        Assert.Equal(here.Split(' ')[0], there.Split(' ')[0]);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void Trained_weights_have_the_same_bits_on_two_threads_of_which_both_work(string optimizer)
    {
        // In a process of its own, where no other test keeps the processors busy.
        string[] one = ChildProcess.Run(TrainWide, null, optimizer, "1").Split(' '), two = ChildProcess.Run(TrainWide, null, optimizer, "2").Split(' ');
        Assert.Equal(optimizer == "sgd" ? "products" : "optimizer", two[2]);
        Assert.Equal("0", one[1]);
        Assert.NotEqual("0", two[1]);
        Assert.Equal(one[0], two[0]);
    }

    // Weights that products update.
    [Theory]
    [MemberData(nameof(Settings))]
    public void Wide_layers_have_the_same_bits_with_instruction_sets_switched_off(string setting, string width)
    {
        string here = TrainWide(["sgd", "1"]);
        string there = ChildProcess.Run(TrainWide, setting == "without AVX2" ? ChildProcess.WithoutAvx2 : ChildProcess.WithoutAvx512, "sgd", "1");
        Assert.EndsWith($"products {width}", there);
        Assert.Equal(here.Split(' ')[0], there.Split(' ')[0]);
    }

    [ChildCommand]
    internal static string TrainWide(string[] arguments)
    {
        var data = new TrainingDataBuilder(200, hasWeights: false);
        var random = new Random(3);
        for (int row = 0; row < 600; row++)
        {
            var features = data.Add(row % 2, 1f);
            foreach (ref float feature in features)
                feature = (float)random.NextDouble();
        }

        var recipe = new TrainingRecipe
        {
            HiddenLayers = [300, 260],
            BatchSize = 200,
            NumberOfEpochs = 3,
            LearningRate = 0.01,
            Momentum = 0.9,
            Optimizer = arguments[0] == "adam" ? new Adam() : new Sgd(),
        };
        using var setup = new TrainingSetup(
            recipe,
            new TrainingTask(Loss.BinaryCrossEntropy, 1, data.Build()),
            new TrainingControl { Seed = 7, MaxThreads = int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture) });
        for (int epoch = 0, step = 0; epoch < 3; epoch++)
        {
            setup.Source.BeginEpoch(epoch);
            while (setup.Source.TryRead(setup.Batch))
                setup.Step(setup.Schedules.At(step++));
        }

        string digest = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(setup.Network.Parameters.Span)));
        // Never written where products update the weights.
        bool isUnset = setup.Workspace.ParameterGradients.Span[..(200 * 300)].IndexOfAnyExcept(0f) < 0;
        return $"{digest} {setup.Kernels.ChunksRunByWorkers} {(isUnset ? "products" : "optimizer")} {setup.Kernels.VectorWidth}";
    }

    [ChildCommand]
    internal static string TrainAndDescribe(string[] arguments)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var activation in new[] { Activation.Relu, Activation.Tanh, Activation.Sigmoid })
        {
            var recipe = new TrainingRecipe
            {
                HiddenLayers = [34, 17],
                Activation = activation,
                BatchSize = 28,
                NumberOfEpochs = 10,
                LearningRate = Schedule.TimeBased(0.1, 0.002, per: Steps(1)),
                Momentum = 0.8,
                WeightDecay = 1e-4,
                ValidationSetFraction = 0.33,
            };
            var trained = Trainer.Train(recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load()), new TrainingControl { Seed = 7 });
            digest.AppendData(MemoryMarshal.AsBytes(trained.Network.Parameters.Span));
            foreach (var epoch in trained.History.Epochs)
            {
                digest.AppendData(BitConverter.GetBytes(epoch.TrainingLoss));
                digest.AppendData(BitConverter.GetBytes(epoch.ValidationLoss!.Value));
            }
        }

        using var kernels = new KernelContext();
        return $"{Convert.ToHexString(digest.GetHashAndReset())} {kernels.VectorWidth}";
    }
}
