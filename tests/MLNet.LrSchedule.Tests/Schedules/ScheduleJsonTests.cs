using System;
using System.IO;
using System.Text.Json;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed record Sawtooth(double Low, double High, Duration Period) : Schedule
{
    public override double At(ScheduleTime time) =>
        High - ((High - Low) * (time.Step / Period.InSteps(time.Run) % 1));
}

public sealed record Unregistered(double Value) : Schedule
{
    public override double At(ScheduleTime time) => Value;
}

public sealed class ScheduleJsonTests
{
    static ScheduleJsonTests() => ScheduleJson.Register<Sawtooth>("acme.sawtooth");

    [Fact]
    public void Names_are_short_and_durations_readable()
    {
        var schedule = Schedule.Cosine(from: 0.1, to: 1e-5).Restart(every: Epochs(10), periodMultiplier: 2).WithWarmup(over: Steps(500));

        Assert.Equal(
            """{"schedule":"warmup","inner":{"schedule":"restarts","inner":{"schedule":"cosine","from":0.1,"to":1E-05},"every":"10 epochs","periodMultiplier":2},"over":"500 steps","from":0}""",
            ScheduleJson.Write(schedule));
    }

    [Fact]
    public void A_sequence_reads_back_equal()
    {
        var schedule = Schedule.Linear(0, 0.1).For(Fraction(0.1)).Then(Schedule.Constant(0.1).For(Fraction(0.7))).Then(Schedule.Linear(0.1, 0) * 0.5);

        Assert.Equal(schedule, ScheduleJson.Read(ScheduleJson.Write(schedule)));
        Assert.Equal(schedule, ScheduleJson.Read(ScheduleJson.Write(schedule, indented: true)));
    }

    [Fact]
    public void A_number_is_the_constant_schedule()
    {
        Assert.Equal("0.1", ScheduleJson.Write(0.1));
        Assert.Equal(Schedule.Constant(0.1), ScheduleJson.Read("0.1"));
    }

    [Fact]
    public void A_registered_record_of_the_user_reads_back_equal()
    {
        Schedule schedule = new Sawtooth(0, 1, Epochs(2)).WithWarmup(Steps(5));

        Assert.Equal(schedule, ScheduleJson.Read(ScheduleJson.Write(schedule)));
    }

    [Fact]
    public void An_unregistered_record_says_how_to_register_it()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => ScheduleJson.Write(new Unregistered(1) * 2));
        Assert.Contains("Unregistered", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ScheduleJson.Register", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_is_opaque_and_says_so_when_asked()
    {
        var schedule = Schedule.Custom(time => 0.1).WithWarmup(Steps(5));
        Assert.True(schedule.IsOpaque);

        var loaded = ScheduleJson.Read(ScheduleJson.Write(schedule));

        Assert.True(loaded.IsOpaque);
        var exception = Assert.Throws<InvalidOperationException>(() => loaded.At(new TrainingRun(10, 1).At(6)));
        Assert.Contains("set the schedule again", exception.Message, StringComparison.Ordinal);
        Assert.False(Schedule.Constant(1).IsOpaque);
    }

    [Theory]
    [InlineData("", "not a valid schedule")]
    [InlineData("{", "not a valid schedule")]
    [InlineData("null", "null")]
    [InlineData("[]", "a list")]
    [InlineData("true", "a truth value")]
    [InlineData("\"cosine\"", "a text")]
    [InlineData("{}", "'schedule'")]
    [InlineData("""{"schedule":5}""", "'schedule'")]
    [InlineData("""{"schedule":"cosin","from":1,"to":0}""", "cosin")]
    [InlineData("""{"schedule":"cosine","from":1}""", "to")]
    [InlineData("""{"schedule":"cosine","from":1,"to":0,"until":5}""", "until")]
    [InlineData("""{"schedule":"cosine","from":1,"from":1,"to":0}""", "from")]
    [InlineData("""{"schedule":"cosine","from":"fast","to":0}""", "from")]
    [InlineData("""{"schedule":"cosine","from":null,"to":0}""", "from")]
    [InlineData("""{"schedule":"cosine","from":"NaN","to":0}""", "From must be a finite number")]
    [InlineData("""{"schedule":"piecewiseConstant","boundaries":["5 steps"],"values":[1,"Infinity"]}""", "finite")]
    [InlineData("""{"schedule":"cosine","from":1,"to":0,"exponent":-1}""", "Exponent")]
    [InlineData("""{"schedule":"cosine","from":1e999,"to":0}""", "From")]
    [InlineData("""{"schedule":"warmup","inner":0.1,"over":500,"from":0}""", "duration")]
    [InlineData("""{"schedule":"warmup","inner":0.1,"over":"500 parsecs","from":0}""", "parsecs")]
    [InlineData("""{"schedule":"warmup","inner":0.1,"over":"-5 steps","from":0}""", "amount")]
    [InlineData("""{"schedule":"warmup","inner":null,"over":"5 steps","from":0}""", "inner")]
    [InlineData("""{"schedule":"phase","inner":0.1,"length":"110%"}""", "amount")]
    [InlineData("""{"schedule":"sequence","phases":[],"last":0.1}""", "at least one phase")]
    [InlineData("""{"schedule":"sequence","phases":[null],"last":0.1}""", "phase")]
    [InlineData("""{"schedule":"sequence","phases":5,"last":0.1}""", "phases")]
    [InlineData("0.1 0.2", "not a valid schedule")]
    public void What_is_not_a_schedule_is_one_clear_error(string json, string expected)
    {
        var exception = Assert.Throws<InvalidDataException>(() => ScheduleJson.Read(json));
        Assert.Contains(expected, exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Deep_nesting_is_refused_both_ways()
    {
        Schedule deep = 0.1;
        for (var level = 0; level < 1000; level++)
        {
            deep = new Staircase(deep, Epochs(1));
        }

        Assert.Contains("deep", Assert.Throws<InvalidOperationException>(() => ScheduleJson.Write(deep)).Message, StringComparison.Ordinal);

        var text = new System.Text.StringBuilder();
        text.Insert(0, """{"schedule":"staircase","every":"1 epoch","inner":""", 1000).Append("0.1").Append('}', 1000);
        Assert.Contains("depth", Assert.Throws<InvalidDataException>(() => ScheduleJson.Read(text.ToString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_depth_is_written_is_read()
    {
        Schedule deep = 0.1;
        var levels = 0;
        for (; levels < ScheduleJson.LargestDepth - 1; levels++)
        {
            deep = new Staircase(deep, Epochs(1));
        }

        Assert.Equal(deep, ScheduleJson.Read(ScheduleJson.Write(deep)));
        Assert.Throws<InvalidOperationException>(() => ScheduleJson.Write(new Staircase(deep, Epochs(1))));
    }

    [Fact]
    public void An_error_names_the_place_where_it_is()
    {
        var exception = Assert.Throws<InvalidDataException>(() => ScheduleJson.Read(
            """{"schedule":"warmup","over":"5 steps","from":0,"inner":{"schedule":"cosine","from":0.1,"to":"low"}}"""));

        Assert.StartsWith("This is not a valid schedule: warmup.inner: cosine.to: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_oversized_text_is_refused_unread()
    {
        var exception = Assert.Throws<InvalidDataException>(() => ScheduleJson.Read(new string(' ', ScheduleJson.LargestText) + "0.1"));
        Assert.Contains("characters", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_power_of_two_reads_back_to_its_bits()
    {
        for (var exponent = -1074; exponent <= 1023; exponent++)
        {
            var value = Math.ScaleB(1, exponent);
            Assert.Equal(Schedule.Constant(value), ScheduleJson.Read(ScheduleJson.Write(value)));
            Assert.Equal(Steps(value), Parse(Steps(value).ToString()));
        }
    }

    [Fact]
    public void A_name_cannot_be_taken_twice()
    {
        ScheduleJson.Register<Sawtooth>("acme.sawtooth");

        Assert.Throws<ArgumentException>(() => ScheduleJson.Register<Unregistered>("cosine"));
        Assert.Throws<ArgumentException>(() => ScheduleJson.Register<Sawtooth>("acme.other"));
        Assert.Throws<ArgumentException>(() => ScheduleJson.Register<Unregistered>(" "));
    }

    [Fact]
    public void A_schedule_inside_another_object_needs_no_options()
    {
        var json = JsonSerializer.Serialize(new Recipe(Schedule.TimeBased(0.1, 0.002), 0.9));

        Assert.Equal("""{"LearningRate":{"schedule":"timeBased","initial":0.1,"decay":0.002,"per":"1 epoch"},"Momentum":0.9}""", json);
        Assert.Equal(new Recipe(Schedule.TimeBased(0.1, 0.002), 0.9), JsonSerializer.Deserialize<Recipe>(json));
    }

    private sealed record Recipe(Schedule LearningRate, Schedule Momentum);
}
