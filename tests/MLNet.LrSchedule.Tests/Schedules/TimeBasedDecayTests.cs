using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class TimeBasedDecayTests
{
    private static readonly TrainingRun NineStepsAnEpoch = TrainingRun.OfEpochs(50, stepsPerEpoch: 9);

    [Fact]
    public void The_compounding_reading_gives_the_five_printed_rates_of_the_tutorial()
    {
        var schedule = Schedule.TimeBasedCompounding(initial: 0.1, decay: 0.001).PrepareFor(NineStepsAnEpoch);
        string[] printed = ["0.1", "0.0999000999", "0.0997006985", "0.0994024910", "0.0990064652"];
        double[] published = [0.1, 0.0999000999, 0.0997006985, 0.09940249103, 0.09900646517];

        for (var epoch = 0; epoch < 5; epoch++)
        {
            var rate = schedule.At(NineStepsAnEpoch.At(epoch * 9));
            Assert.Equal(published[epoch], rate, 10);
            Assert.Equal(printed[epoch], rate.ToString("0.##########", System.Globalization.CultureInfo.InvariantCulture).PadRight(printed[epoch].Length, '0'));
        }
    }

    [Fact]
    public void Per_epoch_the_rate_is_constant_within_an_epoch()
    {
        var schedule = Schedule.TimeBased(initial: 0.1, decay: 0.002);

        Assert.Equal(0.1 / 1.002, schedule.At(NineStepsAnEpoch.At(9)));
        Assert.Equal(0.1 / 1.002, schedule.At(NineStepsAnEpoch.At(17)));
        Assert.Equal(0.1 / 1.004, schedule.At(NineStepsAnEpoch.At(18)));
    }

    [Fact]
    public void Per_step_the_rate_falls_with_every_update()
    {
        var schedule = Schedule.TimeBased(initial: 0.1, decay: 0.002, per: Steps(1));

        Assert.Equal(Enumerable.Range(0, 450).Select(step => 0.1 / (1 + 0.002 * step)), Enumerable.Range(0, 450).Select(step => schedule.At(NineStepsAnEpoch.At(step))));
    }

    [Theory]
    [InlineData("tutorial-time-based-table")]
    [InlineData("tutorial-time-based-50")]
    [InlineData("tutorial-time-based-zero-decay")]
    public void Compounding_follows_the_golden_curve_at_every_step_of_each_epoch(string id)
    {
        var golden = GoldenCase.All[id];
        var schedule = Schedule.TimeBasedCompounding(
            golden.Parameters.GetProperty("initial_lr").GetDouble(), golden.Parameters.GetProperty("decay").GetDouble());

        foreach (var inEpoch in (int[])[0, 8])
        {
            var rates = Enumerable.Range(0, golden.Count).Select(epoch => schedule.At(NineStepsAnEpoch.At((epoch * 9) + inEpoch))).ToArray();
            GoldenCase.AssertEqual(golden.Values, rates, id);
        }
    }

    [Theory]
    [InlineData("keras2-sgd-decay-ionosphere")]
    [InlineData("keras2-sgd-decay-fast")]
    public void Per_step_follows_the_golden_curve_of_the_decay_argument(string id)
    {
        var golden = GoldenCase.All[id];
        var schedule = Schedule.TimeBased(
            golden.Parameters.GetProperty("initial_lr").GetDouble(), golden.Parameters.GetProperty("decay").GetDouble(), per: Steps(1));

        GoldenCase.AssertEqual(golden.Values, Enumerable.Range(0, golden.Count).Select(step => schedule.At(NineStepsAnEpoch.At(step))).ToArray(), id);
    }
}
