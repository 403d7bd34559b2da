using System.Linq;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Tests.Golden;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>ML.NET's own schedule objects give the rates of its formulas.</summary>
public sealed class LearningRateSchedulerExtensionsTests
{
    [Fact]
    public void The_default_exponential_decay_gives_ML_NETs_rates() =>
        Same("mlnet-exponential-default", new ExponentialLRDecay().ToSchedule(), stepsPerEpoch: 9);

    [Fact]
    public void The_default_decay_by_epochs_gives_ML_NETs_rates() =>
        Same("mlnet-lsr-default", new LsrDecay(0.1f).ToSchedule(batchSize: 64), stepsPerEpoch: 1);

    [Fact]
    public void A_smooth_exponential_decay_keeps_the_fraction_of_its_period()
    {
        // ML.NET makes 7 steps of 1.5 epochs of 5; the decay asked for needs 7.5.
        var schedule = new ExponentialLRDecay(0.05f, 1.5f, 0.8f, false).ToSchedule();
        Assert.Equal(0.05 * 0.8 * 0.8, schedule.At(TrainingRun.OfEpochs(10, 5).At(15)), 1e-15);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_polynomial_decay_ends_at_its_end_rate(bool cycle)
    {
        var schedule = new PolynomialLRDecay(0.1f, 2f, 0.01f, 2f, cycle).ToSchedule();
        var run = TrainingRun.OfEpochs(10, 5);
        Assert.Equal(0.1, schedule.At(run.At(0)), 1e-15);
        Assert.Equal(0.01 + 0.09 * 0.25, schedule.At(run.At(5)), 1e-15);
        Assert.Equal(0.01, schedule.At(run.At(10)), 1e-15);
        Assert.Equal(cycle, schedule.At(run.At(11)) > 0.01);
    }

    private static void Same(string id, Schedule schedule, long stepsPerEpoch)
    {
        JsonNode golden = GoldenFile.Read("schedules.json").AsArray().Single(node => (string)node!["id"]! == id)!;
        double[] expected = golden["values"]!.Doubles();
        double[] steps = golden["steps"]?.Doubles() ?? [.. Enumerable.Range(0, expected.Length).Select(step => (double)step)];
        var run = new TrainingRun((long)steps.Max() + stepsPerEpoch, stepsPerEpoch);
        Assert.All(expected.Zip(steps), pair => Assert.Equal(pair.First, schedule.At(run.At((long)pair.Second)), 1e-12 * (pair.First + expected.Max())));
    }
}
