using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class RecurrentScheduleTests
{
    [Fact]
    public void Preparation_changes_no_bit()
    {
        var run = new TrainingRun(2000, stepsPerEpoch: 7);
        foreach (var schedule in (Schedule[])[Schedule.TimeBasedCompounding(0.1, 1e-5, per: Steps(1)), Schedule.TimeBasedCompounding(0.1, 0.01)])
        {
            var prepared = schedule.PrepareFor(run);
            Assert.Equal(
                Enumerable.Range(0, 2100).Select(step => schedule.At(run.At(step))),
                Enumerable.Range(0, 2100).Select(step => prepared.At(run.At(step))));
        }
    }

    [Fact]
    public void A_run_longer_than_the_table_keeps_the_same_values()
    {
        var run = new TrainingRun(3_000_000, stepsPerEpoch: 1000);
        var schedule = Schedule.TimeBasedCompounding(0.1, 1e-13, per: Steps(1));
        var prepared = schedule.PrepareFor(run);

        foreach (var step in (long[])[0, 1, 2, 1_048_576, 2_097_151, 2_999_999, 3_000_000])
        {
            Assert.Equal(schedule.At(run.At(step)), prepared.At(run.At(step)));
        }
    }
}
