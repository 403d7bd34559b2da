using System;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed record WorseTwice(double Factor) : ReactiveSchedule
{
    public override ReactiveState Start => new WorseTwiceState();

    public override ReactiveState Observe(ReactiveState state, EpochMetrics metrics, double baseRate, double appliedRate)
    {
        var seen = (WorseTwiceState)state;
        var value = metrics[Metric] ?? seen.Last;
        var worse = value > seen.Last ? seen.Worse + 1 : 0;
        return worse == 2
            ? seen with { Last = value, Worse = 0, Factor = state.Factor * Factor, Reason = "worse twice" }
            : seen with { Last = value, Worse = worse, Reason = null };
    }
}

public sealed record WorseTwiceState : ReactiveState
{
    public double Last { get; init; } = double.MaxValue;

    public int Worse { get; init; }
}

public sealed class ReactiveScheduleTests
{
    static ReactiveScheduleTests()
    {
        ReactiveJson.Register<WorseTwice>("acme.worseTwice");
        ReactiveJson.RegisterState<WorseTwiceState>("acme.worseTwiceState");
    }

    [Fact]
    public void Reduce_on_plateau_lowers_the_rate_when_patience_is_reached()
    {
        Assert.Equal([1, 1, 1, 0.5], new ReduceOnPlateau { Factor = 0.5, Patience = 2 }.Simulate([1.0, 0.8, 0.8, 0.8]));
    }

    [Fact]
    public void Every_change_is_explained()
    {
        var plateau = new ReduceOnPlateau { Metric = Metric.ValidationLoss, Factor = 0.5, Patience = 5 };
        var epochs = Enumerable.Range(0, 13).Select(epoch => new EpochMetrics(epoch) { ValidationLoss = epoch <= 2 ? 1 - (0.2 * epoch) : 0.6122 });
        var reasons = plateau.Rehearse(epochs).Select(state => state.Reason).Where(reason => reason is not null);

        Assert.Equal(
            ["epoch 7: validation loss 0.6122 has not improved for 5 epochs: factor 1 -> 0.5", "epoch 12: validation loss 0.6122 has not improved for 5 epochs: factor 0.5 -> 0.25"],
            reasons);
    }

    [Fact]
    public void The_loss_is_that_of_the_validation_rows_where_there_are_any()
    {
        var plateau = new ReduceOnPlateau { Patience = 1 };
        var withValidation = plateau.Rehearse([.. Enumerable.Range(0, 2).Select(epoch => new EpochMetrics(epoch) { TrainingLoss = 1 - epoch, ValidationLoss = 1 })]);
        var without = plateau.Rehearse([.. Enumerable.Range(0, 2).Select(epoch => new EpochMetrics(epoch) { TrainingLoss = 1 })]);

        Assert.Contains("validation loss 1 has not", withValidation[^1].Reason, StringComparison.Ordinal);
        Assert.Contains("training loss 1 has not", without[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_direction_follows_from_the_metric()
    {
        double[] rising = [0.1, 0.2, 0.3, 0.4];
        Assert.All(new ReduceOnPlateau { Metric = Metric.ValidationAccuracy, Patience = 1 }.Simulate(rising), factor => Assert.Equal(1, factor));
        Assert.Equal(0.001, new ReduceOnPlateau { Metric = Metric.ValidationLoss, Patience = 1 }.Simulate(rising)[^1], 15);
    }

    [Fact]
    public void A_metric_of_the_users_own_is_found_by_its_name()
    {
        var f1 = new Metric("F1", MetricDirection.HigherIsBetter);
        var plateau = new ReduceOnPlateau { Metric = f1, Factor = 0.5, Patience = 1 };
        var states = plateau.Rehearse([.. Enumerable.Range(0, 3).Select(epoch => new EpochMetrics(epoch) { TrainingLoss = -epoch, Others = [new("F1", 0.5)] })]);

        Assert.Equal([1, 0.5, 0.25], states.Select(state => state.Factor));
        Assert.Equal(plateau, ReactiveJson.Read(ReactiveJson.Write(plateau)));
    }

    [Fact]
    public void Lowering_and_raising_take_turns()
    {
        var schedule = new LowerThenRaise { Patience = 1, Lowerings = 2, RaiseTo = 0.8 };

        Assert.Equal([1, 0.5, 0.25, 0.8, 0.4, 0.2, 0.8], schedule.Simulate(Enumerable.Repeat(1.0, 7)).Select(factor => Math.Round(factor, 12)));
    }

    [Fact]
    public void The_greedy_rule_goes_up_while_it_helps_and_down_while_it_does_not()
    {
        var schedule = new GreedyUpDown { Factor = 0.5, MaxFactor = 4, MinFactor = 0.5 };

        Assert.Equal([1, 2, 4, 4, 2, 1, 0.5, 0.5, 1], schedule.Simulate([1.0, 0.9, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.6]));
    }

    [Fact]
    public void The_rate_can_be_an_exponential_of_the_loss()
    {
        var factors = new ExponentialOfMetric { Metric = Metric.TrainingLoss, MaxFactor = 5 }.Simulate([0.5, 0.1, double.NaN, 3]);

        Assert.Equal(Math.Exp(0.5), factors[0], 14);
        Assert.Equal(Math.Exp(0.1), factors[1], 14);
        Assert.Equal(factors[1], factors[2]);
        Assert.Equal(5, factors[3]);
    }

    [Fact]
    public void The_rate_can_be_any_function_of_a_metric()
    {
        var schedule = new FunctionOfMetric(accuracy => 1 - accuracy) { Metric = Metric.TrainingAccuracy };

        Assert.Equal([0.5, 0.25, 0.25], schedule.Simulate([0.5, 0.75, double.NaN]));
        Assert.True(schedule.IsOpaque);

        var loaded = ReactiveJson.Read(ReactiveJson.Write(schedule));
        Assert.True(loaded.IsOpaque);
        Assert.Equal(Metric.TrainingAccuracy, loaded.Metric);
        Assert.Contains("set it again", Assert.Throws<InvalidOperationException>(() => loaded.Simulate([0.5])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bold_driver_treats_a_loss_that_is_not_a_number_as_worse()
    {
        Assert.Equal([1, 0.5, 0.525, 0.2625], new BoldDriver().Simulate([1, double.NaN, 0.9, double.PositiveInfinity]).Select(factor => Math.Round(factor, 12)));
    }

    [Fact]
    public void A_reactive_schedule_of_the_users_own_is_saved_with_its_state()
    {
        var schedule = new WorseTwice(0.1);
        var states = schedule.Rehearse([.. new double[] { 1, 2, 3, 2 }.Select((loss, epoch) => new EpochMetrics(epoch) { TrainingLoss = loss })]);

        Assert.Equal([1, 1, 0.1, 0.1], states.Select(state => state.Factor));
        Assert.Equal(schedule, ReactiveJson.Read(ReactiveJson.Write(schedule)));
        Assert.All(states, state => Assert.Equal(state, ReactiveJson.ReadState(ReactiveJson.Write(state))));
    }

    [Fact]
    public void Json_leaves_out_what_is_at_its_default()
    {
        Assert.Equal("""{"reactive":"reduceOnPlateau","factor":0.5,"patience":5}""", ReactiveJson.Write(new ReduceOnPlateau { Factor = 0.5, Patience = 5 }));
        Assert.Equal("""{"reactive":"newBob","metric":"training loss"}""", ReactiveJson.Write(new NewBob { Metric = Metric.TrainingLoss }));
    }

    [Theory]
    [InlineData("""{"reactive":"plateau"}""", "plateau")]
    [InlineData("""{"reactive":"reduceOnPlateau","factor":1.5}""", "Factor")]
    [InlineData("""{"reactive":"reduceOnPlateau","patience":"long"}""", "patience")]
    [InlineData("""{"reactive":"reduceOnPlateau","patience":-1}""", "Patience")]
    [InlineData("""{"reactive":"reduceOnPlateau","metric":"happiness"}""", "happiness")]
    [InlineData("""{"reactive":"reduceOnPlateau","patienceRule":"never"}""", "patienceRule")]
    [InlineData("""{"schedule":"cosine","from":1,"to":0}""", "'reactive'")]
    [InlineData("5", "a number")]
    public void What_is_not_a_reactive_schedule_is_one_clear_error(string json, string expected)
    {
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => ReactiveJson.Read(json)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"state":"plateau","factor":-1}""", "Factor")]
    [InlineData("""{"state":"plateau","tracker":{"best":1,"stalled":-1}}""", "Stalled")]
    [InlineData("""{"state":"plateau","tracker":null}""", "tracker")]
    [InlineData("""{"state":"nowhere"}""", "nowhere")]
    public void What_is_not_a_state_is_one_clear_error(string json, string expected)
    {
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => ReactiveJson.ReadState(json)).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_state_of_another_rule_is_refused_by_name()
    {
        var exception = Assert.Throws<ArgumentException>(() => new NewBob().Observe(new PlateauState(), new EpochMetrics(0), 1, 1));

        Assert.Contains("NewBob needs a ComparisonState", exception.Message, StringComparison.Ordinal);
        Assert.Contains("PlateauState", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nonsense_is_refused_where_it_is_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau { Factor = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau { Patience = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau { MinDelta = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LowerThenRaise { Lowerings = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoldDriver { Increase = 0.9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau { PatienceRule = (PatienceRule)7 });
        Assert.Throws<ArgumentException>(() => new Metric("", MetricDirection.LowerIsBetter));
    }
}
