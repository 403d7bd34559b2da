using CsCheck;
using MLNet.LrSchedule.Schedules;
using Xunit;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class ImprovementTrackerTests
{
    private static readonly ImprovementRule Lower = new() { Metric = Metric.ValidationLoss };
    private static readonly ImprovementRule Higher = new() { Metric = Metric.ValidationAccuracy };

    [Fact]
    public void What_is_not_finite_never_becomes_the_best() => Gen.Select(Gen.Double.Array[1, 20], Gen.Bool).Sample((values, higher) =>
    {
        var rule = higher ? Higher : Lower;
        var tracker = new ImprovementTracker();
        double? best = null;
        for (var epoch = 0; epoch < values.Length; epoch++)
        {
            tracker = tracker.Observe(rule, epoch, values[epoch]);
            if (double.IsFinite(values[epoch]) && (best is null || (higher ? values[epoch] > best : values[epoch] < best)))
            {
                best = values[epoch];
                Assert.Equal(epoch, tracker.BestEpoch);
                Assert.True(tracker.HasImproved);
            }
            else
            {
                Assert.False(tracker.HasImproved);
            }

            Assert.Equal(best, tracker.Best);
        }
    });

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Even_as_the_first_value_it_is_only_a_bad_one(double value)
    {
        foreach (var rule in (ImprovementRule[])[Lower, Higher])
        {
            var tracker = new ImprovementTracker().Observe(rule, 0, value);
            Assert.Null(tracker.Best);
            Assert.Equal(1, tracker.Stalled);
            Assert.True(tracker.Observe(rule, 1, 5).HasImproved);
        }
    }

    [Fact]
    public void Slow_progress_adds_up_unless_the_best_follows_every_gain()
    {
        var patient = new ImprovementRule { MinDelta = 0.1 };
        var following = patient with { BestFollowsEveryGain = true };
        var (first, second) = (new ImprovementTracker(), new ImprovementTracker());
        foreach (var (value, epoch) in new[] { (1.0, 0), (0.95, 1), (0.91, 2), (0.87, 3) })
        {
            first = first.Observe(patient, epoch, value);
            second = second.Observe(following, epoch, value);
        }

        Assert.True(first.HasImproved);
        Assert.Equal(3, second.Stalled);
        Assert.Equal(0.87, second.Best);
    }

    [Fact]
    public void A_relative_delta_makes_the_bar_harder_even_for_a_negative_best()
    {
        var rule = Lower with { MinRelativeDelta = 0.1 };

        Assert.False(rule.IsImproved(-1.05, -1));
        Assert.True(rule.IsImproved(-1.2, -1));
        Assert.True((rule with { RelativeToSignedBest = true }).IsImproved(-0.95, -1));
    }
}
