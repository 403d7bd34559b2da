using System.Runtime.Intrinsics.X86;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public sealed unsafe class AheadLinesTests
{
    [Theory]
    [InlineData(3, 40, 7, 2)]
    [InlineData(1, 16, 5, 1)]
    [InlineData(12, 1, 12, 1)]
    [InlineData(0, 16, 4, 0)]
    public void Turns_ask_for_every_line_of_every_row(int rows, int length, int turns, int expectedPerTurn)
    {
        FloatBuffer memory = new(12 * 64);
        AheadLines lines = new(memory.Pointer, rows, length, 64);
        Assert.Equal(rows * ((length + 15) / 16), lines.Left);

        lines.Divide(turns, maximum: 100);
        Assert.Equal(expectedPerTurn, lines.PerTurn);
        for (int turn = 0; turn < turns; turn++)
        {
            lines.Ask();
        }

        if (Sse.IsSupported)
        {
            Assert.Equal(0, lines.Left);
        }
    }

    [Fact]
    public void A_turn_asks_for_no_more_than_the_maximum()
    {
        FloatBuffer memory = new(10 * 64);
        AheadLines lines = new(memory.Pointer, 10, 64, 64);
        lines.Divide(turns: 4, maximum: 3);
        Assert.Equal(3, lines.PerTurn);
        lines.Ask();
        if (Sse.IsSupported)
        {
            Assert.Equal(37, lines.Left);
        }
    }
}
