using System;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class UserCodeTests
{
    [Fact]
    public void Warmup_restarts_momentum_and_a_sweep_read_as_they_should()
    {
        var schedule = Schedule.Cosine(from: 0.1, to: 1e-5)
            .Restart(every: Epochs(10), periodMultiplier: 2, peakMultiplier: 0.8)
            .WithWarmup(over: Steps(500));
        var options = new TrainingRecipe
        {
            HiddenLayers = [64, 32],
            NumberOfEpochs = 75,
            LearningRate = schedule,
            Momentum = Schedule.Linear(from: 0.85, to: 0.95),
        };
        var sweep = new[] { 0.3, 1, 3 }.Select(scale => options with { LearningRate = schedule * scale });

        Assert.Equal([0.03, 0.1, 0.3], sweep.Select(recipe => Math.Round(recipe.LearningRate!.At(TrainingRun.OfEpochs(75, 120).At(500)), 12)));
    }

    [Fact]
    public void A_preview_and_a_rehearsal_read_as_they_should()
    {
        var schedule = Schedule.Linear(from: 0, to: 0.01).For(Epochs(3)).Then(0.01);
        var preview = schedule.Preview(epochs: 75, stepsPerEpoch: 120);
        var factors = new ReduceOnPlateau { Factor = 0.5, Patience = 2 }.Simulate([1.0, 0.8, 0.8, 0.8]);

        Assert.Equal(75 * 120, preview.Values.Length);
        Assert.Contains("75 epochs", preview.ToAsciiChart(), StringComparison.Ordinal);
        Assert.Equal([1, 1, 1, 0.5], factors);
    }

    [Fact]
    public void A_lambda_sees_the_epoch()
    {
        var quick = Schedule.Custom(t => 0.05 / Math.Sqrt(1 + t.Epoch));

        Assert.Equal(0.025, quick.At(TrainingRun.OfEpochs(10, 7).At(21)));
    }
}
