using System.Linq;
using CsCheck;
using MLNet.LrSchedule.Schedules;
using Xunit;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class ReactiveLawTests
{
    private static readonly Gen<Metric> AnyMetric = Gen.OneOf(
        Gen.Const(Metric.Loss), Gen.Const(Metric.ValidationAccuracy), Gen.Const(new Metric("F1", MetricDirection.HigherIsBetter)));

    private static readonly Gen<double> Factor = Gen.Double[0.05, 0.95];

    private static readonly Gen<ReactiveSchedule> AnyReactive = Gen.OneOf(
        Gen.Select(AnyMetric, Factor, Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[1, 3], Gen.Double[0, 0.2], Gen.Bool, (metric, factor, patience, cooldown, average, delta, follows) =>
            (ReactiveSchedule)new ReduceOnPlateau
            {
                Metric = metric,
                Factor = factor,
                Patience = patience,
                Cooldown = cooldown,
                AverageOver = average,
                MinRelativeDelta = delta,
                BestFollowsEveryGain = follows,
                StartAfter = cooldown,
                MinFactor = 0.01,
                PatienceRule = follows ? PatienceRule.Exceeded : PatienceRule.Reached,
                StopAtRate = average == 3 ? 0.001 : null,
            }),
        Gen.Select(AnyMetric, Factor, Gen.Int[0, 3], Gen.Int[1, 3], (metric, factor, patience, lowerings) =>
            (ReactiveSchedule)new LowerThenRaise { Metric = metric, Factor = factor, Patience = patience, Lowerings = lowerings }),
        Gen.Select(AnyMetric, Factor, Gen.Int[1, 3], Gen.Int[1, 3], (metric, factor, up, down) =>
            (ReactiveSchedule)new GreedyUpDown { Metric = metric, Factor = factor, UpPatience = up, DownPatience = down }),
        Gen.Select(AnyMetric, Factor, (metric, factor) => (ReactiveSchedule)new BoldDriver { Metric = metric, Decrease = factor }),
        Gen.Select(AnyMetric, Factor, Gen.Int[0, 2], (metric, factor, patience) => (ReactiveSchedule)new NewBob { Metric = metric, Factor = factor, Patience = patience }),
        Gen.Select(AnyMetric, Gen.Double[-2, 2], (metric, scale) => (ReactiveSchedule)new ExponentialOfMetric { Metric = metric, Scale = scale }));

    // Metrics of every kind: steady, missing, not a number, infinite.
    private static readonly Gen<double?[]> AnyMetrics = Gen.OneOf(
        Gen.Double[0, 2].Select(value => (double?)value),
        Gen.Int[0, 3].Select(value => (double?)value),
        Gen.Const((double?)null),
        Gen.OneOf(Gen.Const((double?)double.NaN), Gen.Const((double?)double.PositiveInfinity), Gen.Const((double?)double.NegativeInfinity))).Array[1, 40];

    [Fact]
    public void A_run_cut_at_any_epoch_and_continued_from_its_saved_state_is_the_uncut_run_to_the_bit() =>
        Gen.Select(AnyReactive, AnyMetrics).Sample((reactive, metrics) =>
        {
            EpochMetrics[] epochs = [.. metrics.Select((value, epoch) => EpochMetrics.Of(epoch, reactive.Metric, value))];
            var whole = reactive.Rehearse(epochs, 0.1);
            var back = ReactiveJson.Read(ReactiveJson.Write(reactive));
            Assert.Equal(reactive, back);
            for (var cut = 1; cut < whole.Count; cut++)
            {
                var state = ReactiveJson.ReadState(ReactiveJson.Write(whole[cut - 1]));
                Assert.Equal(whole[cut - 1], state);
                Assert.Equal(whole[cut], back.Observe(state, epochs[cut], 0.1, 0.1 * state.Factor));
            }
        });

    [Fact]
    public void The_factor_is_always_a_usable_one_and_every_change_has_a_reason() => Gen.Select(AnyReactive, AnyMetrics).Sample((reactive, metrics) =>
    {
        var before = 1.0;
        foreach (var state in reactive.Rehearse(metrics.Select((value, epoch) => EpochMetrics.Of(epoch, reactive.Metric, value)), 0.1))
        {
            Assert.InRange(state.Factor, 0, 1000);
            Assert.Equal(state.Factor != before || state.StopRequested, state.Reason is not null);
            before = state.Factor;
        }
    });

    [Fact]
    public void An_epoch_without_the_metric_moves_nothing() => Gen.Select(AnyReactive, AnyMetrics).Sample((reactive, metrics) =>
    {
        var state = reactive.Rehearse(metrics.Select((value, epoch) => EpochMetrics.Of(epoch, reactive.Metric, value)), 0.1)[^1];
        var next = reactive.Observe(state, new EpochMetrics(metrics.Length), 0.1, 0.1 * state.Factor);

        Assert.Equal(state with { Reason = null }, next);
    });
}
