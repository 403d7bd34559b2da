using System;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class StepDecayTests
{
    private static readonly TrainingRun Run = TrainingRun.OfEpochs(50, stepsPerEpoch: 9);

    [Theory]
    [InlineData("tutorial-drop-text", 0)]
    [InlineData("tutorial-drop-code", 1)]
    public void Both_readings_of_the_tutorials_drop_follow_their_golden_curves(string id, int offset)
    {
        var golden = GoldenCase.All[id];
        var schedule = Schedule.StepDecay(initial: 0.1, drop: 0.5, every: Epochs(10), offset: Epochs(offset));

        foreach (var inEpoch in (int[])[0, 8])
        {
            GoldenCase.AssertEqual(golden.Values, Enumerable.Range(0, golden.Count).Select(epoch => schedule.At(Run.At((epoch * 9) + inEpoch))).ToArray(), id);
        }
    }

    [Fact]
    public void Halving_is_exact()
    {
        var schedule = Schedule.StepDecay(initial: 0.1, drop: 0.5, every: Epochs(10));

        Assert.Equal(0.1 / 16, schedule.At(Run.At(40 * 9)));
    }

    [Fact]
    public void A_negative_factor_is_refused_where_it_is_written()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.StepDecay(0.1, -0.5, Epochs(10)));
        Assert.Contains("Drop", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.StepDecay(0.1, 0.5, Epochs(0)));
    }
}
