using System;
using CsCheck;
using MLNet.LrSchedule.Schedules;
using Xunit;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class PortableMathTests
{
    private const double Tolerance = 1e-15;

    [Fact]
    public void Exponential_is_accurate_to_the_last_bits() =>
        Gen.Double[-700, 700].Sample(x => Close(PortableMath.Exp(x), Math.Exp(x), Tolerance));

    [Fact]
    public void Logarithm_is_accurate_to_the_last_bits() =>
        Gen.Double[-300, 300].Select(power => Math.Pow(10, power)).Sample(x => Close(PortableMath.Log(x), Math.Log(x), Tolerance));

    // The error of an exponent is multiplied by its size, so the bound grows with it.
    [Fact]
    public void Power_loses_no_more_than_its_exponent_must() =>
        Gen.Select(Gen.Double[1e-3, 3], Gen.Double[-20, 20]).Sample((x, y) => Close(PortableMath.Pow(x, y), Math.Pow(x, y), 1e-15 * (1 + Math.Abs(y * Math.Log(x)))));

    [Fact]
    public void Whole_powers_lose_no_more_than_their_exponent_must() =>
        Gen.Select(Gen.Double[0.1, 2], Gen.Int[-100, 100]).Sample((x, n) => Close(PortableMath.Pow(x, n), Math.Pow(x, n), 1e-15 * (1 + Math.Abs(n))));

    [Fact]
    public void Cosine_is_accurate_in_absolute_terms() =>
        Gen.Double[-50, 50].Sample(x => Math.Abs(PortableMath.CosPi(x) - Math.Cos(Math.PI * (x % 2))) < 1e-14);

    [Fact]
    public void Special_values_are_exact()
    {
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(0, PortableMath.Exp(-800));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(800));
        Assert.True(double.IsNaN(PortableMath.Exp(double.NaN)));
        Assert.Equal(0, PortableMath.Log(1));
        Assert.Equal(double.NegativeInfinity, PortableMath.Log(0));
        Assert.Equal(5, PortableMath.Log(32, 2));
        Assert.Equal(1.0 / 1024, PortableMath.Pow(0.5, 10));
        Assert.Equal(1, PortableMath.Pow(0, 0));
        Assert.Equal(0, PortableMath.Pow(0, 3.5));
        Assert.Equal([1, 0, -1, 0, 1], new[] { PortableMath.CosPi(0), PortableMath.CosPi(0.5), PortableMath.CosPi(1), PortableMath.CosPi(1.5), PortableMath.CosPi(2) });
        Assert.Equal(0.5, PortableMath.HalfComplementOfTanh(0));
    }

    private static bool Close(double actual, double expected, double relative) => Math.Abs(actual - expected) <= relative * Math.Abs(expected);
}
