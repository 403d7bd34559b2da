using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;
using Xunit.Abstractions;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class GoldenReactionTests(ITestOutputHelper output)
{
    public static TheoryData<string> Ids => [.. GoldenReaction.All.Keys];

    [Fact]
    public void Every_case_has_an_expression_and_every_expression_a_case()
    {
        Assert.Equal(51, GoldenReaction.All.Count);
        Assert.Equal(GoldenReaction.All.Keys.Order(), GoldenReactionTable.All.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_public_api_gives_the_reference_rates(string id)
    {
        var golden = GoldenReaction.All[id];
        var entry = GoldenReactionTable.All[id];
        var run = TrainingRun.OfEpochs(golden.Count + 1, 1);
        var curve = entry.LearningRate ?? golden.InitialLr;
        var state = entry.Reactive.Start;
        var rates = new double[golden.Count];
        var reductions = new System.Collections.Generic.List<int>();
        int? stoppedAt = null;
        foreach (var (value, epoch) in golden.Observed.Select((value, epoch) => (value, epoch)))
        {
            var baseRate = curve.At(run.At(epoch));
            var before = state.Factor;
            state = entry.Reactive.Observe(state, EpochMetrics.Of(epoch, entry.Reactive.Metric, value), baseRate, baseRate * state.Factor);
            rates[epoch] = curve.At(run.At(epoch + 1)) * state.Factor;
            if (state.Factor < before)
            {
                reductions.Add(epoch);
            }

            Assert.Equal(state.Factor != before || state.StopRequested, state.Reason is not null);
            stoppedAt ??= state.StopRequested ? epoch : null;
        }

        GoldenCase.AssertEqual(entry.Ours ?? golden.Values, rates, $"{id} ({entry.Expression})");
        if (entry.Ours is null)
        {
            Assert.Equal(golden.Reductions, reductions);
            Assert.Equal(golden.StoppedAt, stoppedAt);
        }
    }

    [Fact]
    public void Deviations_from_the_libraries_have_reasons()
    {
        var deviations = GoldenReactionTable.All.Values.Where(entry => entry.Ours is not null).ToArray();
        foreach (var entry in deviations)
        {
            output.WriteLine($"{entry.Id}: {string.Join(", ", GoldenReaction.All[entry.Id].Values)} there, {string.Join(", ", entry.Ours!)} here. {entry.Reason}");
        }

        Assert.Equal(9, deviations.Length);
        Assert.All(deviations, entry => Assert.NotNull(entry.Reason));
    }

    [Fact]
    public void Every_reactive_schedule_and_every_state_on_its_way_reads_back_equal()
    {
        foreach (var (id, entry) in GoldenReactionTable.All)
        {
            Assert.Equal(entry.Reactive, ReactiveJson.Read(ReactiveJson.Write(entry.Reactive)));
            var states = entry.Reactive.Rehearse(GoldenReaction.All[id].Observed.Select((value, epoch) => EpochMetrics.Of(epoch, entry.Reactive.Metric, value)), 0.1);
            Assert.All(states, state => Assert.Equal(state, ReactiveJson.ReadState(ReactiveJson.Write(state))));
        }
    }

    [Fact]
    public void A_run_cut_at_any_epoch_and_continued_from_its_saved_state_gives_the_same_rates_to_the_bit()
    {
        foreach (var (id, entry) in GoldenReactionTable.All)
        {
            EpochMetrics[] epochs = [.. GoldenReaction.All[id].Observed.Select((value, epoch) => EpochMetrics.Of(epoch, entry.Reactive.Metric, value))];
            var whole = entry.Reactive.Rehearse(epochs, 0.1);
            for (var cut = 1; cut < whole.Count; cut++)
            {
                var state = ReactiveJson.ReadState(ReactiveJson.Write(whole[cut - 1]));
                var reactive = ReactiveJson.Read(ReactiveJson.Write(entry.Reactive));
                for (var epoch = cut; epoch < whole.Count; epoch++)
                {
                    state = reactive.Observe(state, epochs[epoch], 0.1, 0.1 * state.Factor);
                    Assert.Equal(whole[epoch], state);
                }
            }
        }
    }
}
