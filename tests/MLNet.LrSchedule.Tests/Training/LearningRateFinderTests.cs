using System;
using System.Linq;
using System.Text.Json.Nodes;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Tests.Golden;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

public sealed class LearningRateFinderTests
{
    private static readonly TrainingRecipe Recipe = new() { HiddenLayers = [34], BatchSize = 28, NumberOfEpochs = 5, LearningRate = 0.05 };

    private static readonly JsonArray Golden = GoldenFile.Read("lrfinder.json").AsArray();

    public static TheoryData<string> Cases => [.. Golden.Select(node => (string)node!["id"]!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Smoothing_and_suggestions_are_those_of_the_libraries(string id)
    {
        var golden = Golden.Single(node => (string)node!["id"]! == id)!;
        double[] rates = golden["learning_rates"]!.Doubles(), raw = golden["raw_losses"]!.Doubles();
        bool fastai = id.StartsWith("fastai");
        var parameters = golden["parameters"]!;
        var smoothed = fastai
            ? RangeTestCurve.Smooth([.. raw], (double)parameters["smoothing_beta"]!)
            : RangeTestCurve.SmoothFromFirst([.. raw], (double)parameters["smooth_f"]!);
        Near(golden["smoothed_losses"]!.Doubles(), [.. smoothed]);

        // torch-lr-finder leaves out ten steps whatever their number, which is a tenth of a hundred.
        var curve = new RangeTestCurve([.. rates], smoothed, fastai ? (int)parameters["num_it"]! : 10 * (int)parameters["skip_start"]!);
        var suggestions = golden["suggestions"]!;
        void Suggests(string name, double actual)
        {
            if (suggestions[name] is { } expected)
                Near([(double)expected], [actual]);
        }

        Suggests("valley", curve.Valley);
        Suggests("slide", curve.Slide);
        Suggests("minimum", curve.MinimumTenth);
        Suggests("steep", curve.Steepest);
        Suggests("steepest", curve.SteepestStep);
    }

    [Fact]
    public void A_curve_that_only_rises_does_not_descend()
    {
        var golden = Golden.Single(node => (string)node!["id"]! == "fastai-rising")!;
        Assert.False(new RangeTestCurve([.. golden["learning_rates"]!.Doubles()], [.. golden["smoothed_losses"]!.Doubles()], 60).Descends);
        Assert.False(new RangeTestCurve([], [], 100).Descends);
    }

    [Fact]
    public void On_real_data_every_seed_suggests_a_rate_that_trains()
    {
        var result = Find(IonosphereRows.Load());
        Assert.Null(result.Refusal);
        Assert.Equal(3, result.Curves.Count);
        var valley = result.Valley!.Value;
        Assert.InRange(valley.LearningRate, valley.Lowest, valley.Highest);
        var trained = Resuming.Train(Recipe with { LearningRate = valley.LearningRate, NumberOfEpochs = 30 }, new TrainingControl { Seed = 1 });
        Assert.True(trained.History.Epochs[^1].TrainingLoss < 0.5 * trained.History.Epochs[0].TrainingLoss);
    }

    [Fact]
    public void Where_nothing_can_be_learnt_no_rate_is_suggested()
    {
        var builder = new TrainingDataBuilder(3, hasWeights: false);
        for (int row = 0; row < 2000; row++)
            builder.Add([0f, 0f, 0f], row % 2, 1f);
        var result = Find(builder.Build());
        Assert.NotNull(result.Refusal);
        Assert.Null(result.Valley);
    }

    [Fact]
    public void Training_after_a_test_is_the_training_without_it_bit_for_bit()
    {
        var expected = Resuming.Bits(Resuming.InOneGo(Recipe));
        Find(IonosphereRows.Load());
        Assert.Equal(expected, Resuming.Bits(Resuming.InOneGo(Recipe)));

        var start = Resuming.InOneGo(Recipe).Network;
        float[] before = start.Parameters.Span.ToArray();
        LearningRateFinder.Find(
            Recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, IonosphereRows.Load(), Start: start), new LearningRateFinderOptions(), new TrainingControl { Seed = 1 });
        Assert.Equal(before, start.Parameters.Span.ToArray());
    }

    private static LearningRateFinderResult Find(TrainingData data) =>
        LearningRateFinder.Find(Recipe, new TrainingTask(Loss.BinaryCrossEntropy, 1, data), new LearningRateFinderOptions(), new TrainingControl { Seed = 1 });

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12 * (Math.Abs(pair.First) + largest)));
    }
}
