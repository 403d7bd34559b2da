using System;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;
using Xunit.Abstractions;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class GoldenScheduleTests(ITestOutputHelper output)
{
    // More than one step in an epoch: a schedule counted in epochs must hold its value within each.
    private const int StepsInAnEpoch = 3;

    public static TheoryData<string> Ids => [.. GoldenCase.All.Keys];

    [Fact]
    public void Every_case_has_an_expression_and_every_expression_a_case()
    {
        Assert.Equal(218, GoldenCase.All.Count);
        Assert.Equal(GoldenCase.All.Keys.Order(), GoldenTable.All.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_public_api_gives_the_reference_curve(string id)
    {
        var golden = GoldenCase.All[id];
        var entry = GoldenTable.All[id];
        var run = RunOf(golden, entry);

        AssertFollows(golden.Values, entry.Schedule, deviation => deviation.Ours);
        if (golden.Momentum is not null)
        {
            AssertFollows(golden.Momentum, entry.Momentum!, deviation => deviation.Momentum ?? golden.Momentum[deviation.Index]);
        }

        void AssertFollows(double[] values, Schedule schedule, Func<GoldenDeviation, double> ours)
        {
            var expected = values.ToArray();
            foreach (var deviation in entry.Deviations)
            {
                expected[deviation.Index] = ours(deviation);
            }

            var inEpoch = golden.Unit == "epoch" ? StepsInAnEpoch : 1;
            for (var offset = 0; offset < inEpoch; offset++)
            {
                foreach (var form in (Schedule[])[schedule, schedule.PrepareFor(run)])
                {
                    var actual = Enumerable.Range(0, golden.Count).Select(index => form.At(run.At(StepOf(golden, index) * inEpoch + offset))).ToArray();
                    GoldenCase.AssertEqual(expected, actual, $"{id} ({entry.Expression})");
                }
            }
        }
    }

    [Fact]
    public void The_second_group_of_a_case_is_a_schedule_of_its_own()
    {
        var golden = GoldenCase.All["torch-two-groups-lambda"];
        var run = TrainingRun.OfEpochs(golden.Count, StepsInAnEpoch);
        var second = Schedule.FromPyTorch.LambdaLR(0.1, t => 1 / (1 + (0.5 * t)));

        GoldenCase.AssertEqual(golden.ValuesOfSecondGroup!, [.. Enumerable.Range(0, golden.Count).Select(epoch => second.At(run.At(epoch * StepsInAnEpoch)))], golden.Id);
    }

    [Fact]
    public void Deviations_from_the_libraries_are_few_and_have_reasons()
    {
        var deviations = GoldenTable.All.Values.SelectMany(entry => entry.Deviations.Select(deviation => (entry.Id, deviation))).ToArray();
        foreach (var (id, deviation) in deviations)
        {
            output.WriteLine($"{id}[{deviation.Index}]: {GoldenCase.All[id].Values[deviation.Index]:R} there, {deviation.Ours:R} here. {deviation.Reason}");
        }

        Assert.Equal(4, deviations.Length);
        Assert.All(deviations, deviation => Assert.NotEmpty(deviation.deviation.Reason));
    }

    [Fact]
    public void Functions_are_used_only_where_the_library_takes_a_function()
    {
        string[] expected =
        [
            "keras-lr-scheduler-callback", "torch-cyclic-custom-cycle", "torch-cyclic-custom-iterations", "torch-lambda-exp", "torch-lambda-inverse", "torch-multiplicative",
            "torch-multiplicative-is-compound", "torch-sequential-lambda", "torch-sequential-multiplicative", "torch-two-groups-lambda",
        ];

        Assert.Equal(expected, GoldenTable.All.Values.Where(entry => entry.Schedule.IsOpaque).Select(entry => entry.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_schedule_without_a_function_reads_back_equal()
    {
        foreach (var entry in GoldenTable.All.Values.Where(entry => !entry.Schedule.IsOpaque))
        {
            Assert.Equal(entry.Schedule, ScheduleJson.Read(ScheduleJson.Write(entry.Schedule)));
        }
    }

    private static TrainingRun RunOf(GoldenCase golden, GoldenEntry entry) =>
        entry.Run ?? (golden.Unit == "epoch" ? TrainingRun.OfEpochs(golden.Count, StepsInAnEpoch) : new(golden.Count, 7));

    private static long StepOf(GoldenCase golden, int index) => golden.Steps is null ? index : (long)golden.Steps[index];
}
