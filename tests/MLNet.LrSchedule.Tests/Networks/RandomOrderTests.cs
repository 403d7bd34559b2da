using System.Linq;
using MLNet.LrSchedule.Networks;
using Xunit;

namespace MLNet.LrSchedule.Tests.Networks;

public sealed class RandomOrderTests
{
    // Lengths around powers of two, where the number of bits of an index and the chance of drawing it again change.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(235)]
    [InlineData(1025)]
    [InlineData(70_000)]
    [InlineData(100_000)]
    public void The_order_is_that_of_a_generator_that_draws_one_number_at_a_time(int count)
    {
        for (int epoch = 0; epoch < 20; epoch++)
        {
            int[] expected = Expected(7, epoch, count), actual = [.. Enumerable.Range(0, count)];
            RandomOrder.Shuffle(RandomStream.Derive(7, RandomPurpose.Shuffle, epoch), actual, new double[RandomOrder.DrawsFor(count)]);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Numbers_that_run_out_are_drawn_one_by_one_and_change_nothing()
    {
        const int Count = 200;
        int[] expected = Expected(-3, 1, Count);
        for (int draws = 0; draws <= 2 * Count; draws++)
        {
            int[] actual = [.. Enumerable.Range(0, Count)];
            RandomOrder.Shuffle(RandomStream.Derive(-3, RandomPurpose.Shuffle, 1), actual, new double[draws]);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void The_numbers_that_are_drawn_at_once_suffice_and_have_a_limit()
    {
        Assert.All(new[] { 0, 1, 100, 10_000 }, count => Assert.InRange(RandomOrder.DrawsFor(count), 1.47 * count, 1.5 * count + 64));
        Assert.All(new[] { 100_000, 1_000_000, int.MaxValue }, count => Assert.Equal(0, RandomOrder.DrawsFor(count)));
    }

    private static int[] Expected(int seed, int epoch, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        RandomStream.Create(seed, RandomPurpose.Shuffle, epoch).Shuffle(order);
        return order;
    }
}
