using System;
using CsCheck;
using MLNet.LrSchedule.Schedules;
using Xunit;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class DurationTests
{
    private static readonly TrainingRun Run = TrainingRun.OfEpochs(10, stepsPerEpoch: 10);

    [Fact]
    public void Text_is_readable()
    {
        Assert.Equal("500 steps", Steps(500).ToString());
        Assert.Equal("1 step", Steps(1).ToString());
        Assert.Equal("1 epoch", Epochs(1).ToString());
        Assert.Equal("2.5 epochs", Epochs(2.5).ToString());
        Assert.Equal("30%", Fraction(0.3).ToString());
        Assert.Equal("7%", Fraction(0.07).ToString());
        Assert.Equal("100%", Fraction(1).ToString());
        Assert.Equal("0%", Fraction(0).ToString());
    }

    [Fact]
    public void Every_duration_reads_back_from_its_text()
    {
        Gen.OneOf(
            Gen.Double[0, 1e15].Select(Steps),
            Gen.Int[0, 1000].Select(count => Epochs(count)),
            Gen.Double[0, 1].Select(Fraction),
            Gen.Double[0, 1].Select(share => Fraction(Math.Pow(share, 60))))
            .Sample(duration => Parse(duration.ToString()) == duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5 lightyears")]
    [InlineData("five steps")]
    [InlineData("%")]
    [InlineData("steps")]
    public void Anything_else_is_no_duration(string text)
    {
        Assert.Contains(text, Assert.Throws<FormatException>(() => Parse(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1 steps")]
    [InlineData("130%")]
    [InlineData("NaN epochs")]
    [InlineData("-5%")]
    public void A_text_out_of_range_is_refused(string text)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Parse(text));
    }

    [Fact]
    public void Units_become_steps_of_the_run()
    {
        Assert.Equal(7, Steps(7).InSteps(Run));
        Assert.Equal(25, Epochs(2.5).InSteps(Run));
        Assert.Equal(30, Fraction(0.3).InSteps(Run));
    }

    [Fact]
    public void Rounding_noise_does_not_move_a_boundary()
    {
        // 0.55 * 100 is 55.00000000000001 in floating point.
        Assert.NotEqual(55, 0.55 * 100);
        Assert.Equal(55, Fraction(0.55).InSteps(Run));
    }

    [Fact]
    public void Nonsense_is_refused_where_it_is_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Steps(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Epochs(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Epochs(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fraction(1.0001));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fraction(0.6) * 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingRun(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingRun(1, 0));
    }
}
