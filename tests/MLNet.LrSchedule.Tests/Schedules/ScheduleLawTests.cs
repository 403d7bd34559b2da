using System;
using System.IO;
using System.Linq;
using CsCheck;
using MLNet.LrSchedule.Schedules;
using Xunit;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class ScheduleLawTests
{
    // The last bit of a blend may fall outside its two ends.
    private const double Rounding = 1e-14;

    [Fact]
    public void Json_gives_back_an_equal_schedule_with_the_same_values_to_the_bit() => AnySchedule.Question.Sample(question =>
    {
        var back = ScheduleJson.Read(ScheduleJson.Write(question.Schedule));
        Assert.Equal(question.Schedule, back);
        Assert.Equal(question.Schedule.GetHashCode(), back.GetHashCode());
        Assert.Equal(question.Schedule.At(question.Run.At(question.Step)), back.At(question.Run.At(question.Step)));
    });

    [Fact]
    public void A_damaged_text_is_a_schedule_or_one_kind_of_error() => Gen.Select(AnySchedule.InUnitInterval, Gen.Int[0, 10_000], Gen.Char[' ', '~'], Gen.Int[0, 2]).Sample((schedule, place, character, damage) =>
    {
        var text = ScheduleJson.Write(schedule);
        var at = place % text.Length;
        var damaged = damage switch
        {
            0 => text[..at] + character + text[(at + 1)..],
            1 => text[..at] + text[(at + 1)..],
            _ => text[..at],
        };
        try
        {
            Assert.NotNull(ScheduleJson.Read(damaged));
        }
        catch (InvalidDataException exception)
        {
            Assert.StartsWith("This is not a valid schedule", exception.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void Preparation_changes_no_bit_at_any_step_of_a_run_or_after() => AnySchedule.Question.Sample(question =>
    {
        var time = question.Run.At(question.Step);
        Assert.Equal(question.Schedule.At(time), question.Schedule.PrepareFor(question.Run).At(time));
    });

    [Fact]
    public void Values_are_finite_and_stay_in_the_hull_of_their_parts() => AnySchedule.Question.Sample(question =>
        Assert.InRange(question.Schedule.At(question.Run.At(question.Step)), -Rounding, 1 + Rounding));

    [Fact]
    public void A_clamp_keeps_its_limits_exactly() => Gen.Select(AnySchedule.Question, Gen.Double[0, 0.5], Gen.Double[0.5, 1]).Sample((question, low, high) =>
        Assert.InRange((question.Schedule * 3).Clamp(low, high).At(question.Run.At(question.Step)), low, high));

    [Fact]
    public void A_sequence_equals_its_parts_in_local_time() => Gen.Select(
        Gen.Select(AnySchedule.InUnitInterval, AnySchedule.InUnitInterval, AnySchedule.InUnitInterval),
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 50]),
        AnySchedule.Run).Sample((parts, lengths, run) =>
    {
        var (a, b, c) = parts;
        var (m, n) = lengths;
        var sequence = a.For(Duration.Steps(m)).Then(b.For(Duration.Steps(n))).Then(c);
        for (long step = 0; step < run.TotalSteps; step++)
        {
            var time = run.At(step);
            var expected = step < m ? a.At(time.Window(0, m)) : step < m + n ? b.At(time.Window(m, n)) : c.At(time.Window(m + n, run.TotalSteps - m - n));
            Assert.Equal(expected, sequence.At(time));
        }
    });

    [Fact]
    public void A_warmup_ends_exactly_at_the_inner_start_value() => Gen.Select(AnySchedule.InUnitInterval, Gen.Int[0, 80], AnySchedule.Run).Sample((inner, over, run) =>
        Assert.Equal(
            inner.At(run.At(over).Window(over, run.TotalSteps - over)),
            inner.WithWarmup(Duration.Steps(over), from: 0.3).At(run.At(over))));

    [Fact]
    public void Preview_is_what_a_loop_over_the_steps_reads() => Gen.Select(AnySchedule.InUnitInterval, AnySchedule.Run).Sample((schedule, run) =>
    {
        var prepared = schedule.PrepareFor(run);
        Assert.Equal(Enumerable.Range(0, (int)run.TotalSteps).Select(step => prepared.At(run.At(step))), schedule.Preview(run).Values.ToArray());
    });

    [Fact]
    public void Restarts_follow_their_accumulated_starts_for_every_multiplier() =>
        Gen.Select(Gen.Double[1, 30], Gen.Double[0.5, 3]).Sample((every, multiplier) =>
        {
            var run = new TrainingRun(500, 1);
            var schedule = Schedule.Linear(0, 1).Restart(Duration.Steps(every), multiplier);
            var start = 0.0;
            var length = every;
            for (var step = 0; step < 500; step++)
            {
                while (step >= start + length)
                {
                    start += length;
                    length = Math.Max(length * multiplier, 1);
                }

                // Near an exact start the two sides may round differently.
                if (step - start > 1e-6 && start + length - step > 1e-6)
                {
                    Assert.Equal((step - start) / length, schedule.At(run.At(step)), 1e-9);
                }
            }
        });

    [Fact]
    public void A_schedule_that_needs_no_total_gives_the_same_values_in_a_longer_run() => AnySchedule.Question.Sample(question =>
    {
        if (!question.Schedule.NeedsTotalSteps)
        {
            var longer = question.Run with { TotalSteps = question.Run.TotalSteps * 3 };
            Assert.Equal(question.Schedule.At(question.Run.At(question.Step)), question.Schedule.At(longer.At(question.Step)));
        }

        if (!question.Schedule.NeedsStepsPerEpoch)
        {
            var other = question.Run with { StepsPerEpoch = question.Run.StepsPerEpoch + 5 };
            Assert.Equal(question.Schedule.At(question.Run.At(question.Step)), question.Schedule.At(other.At(question.Step)));
        }
    });
}
