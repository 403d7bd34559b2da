using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Schedules;
using Xunit;

namespace MLNet.LrSchedule.Tests.Schedules;

public sealed class SchedulePageTests
{
    [Fact]
    public void The_page_says_what_the_tables_say()
    {
        var page = SchedulePage.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(SchedulePage.FilePath)!);
            File.WriteAllText(SchedulePage.FilePath, page);
        }

        Assert.True(File.ReadAllText(SchedulePage.FilePath) == page, $"docs/schedules.md is out of date. Run: {SchedulePage.Command}");
    }

    [Fact]
    public void Every_family_of_reference_curves_has_one_row()
    {
        Assert.Equal(
            CrossReference.Expressions.Select(expression => expression.Family).Distinct().Order(),
            CrossReference.Rows.SelectMany(row => row.Families).Order());
    }

    [Fact]
    public void Every_reference_curve_is_made_of_the_records_its_row_stands_for()
    {
        foreach (var row in CrossReference.Rows.Where(row => row.Records.Count > 0))
        {
            foreach (var entry in GoldenTable.All.Values.Where(entry => row.Families.Contains(GoldenCase.All[entry.Id].Family)))
            {
                Assert.True(
                    WithParts(entry.Schedule).Any(part => row.Records.Contains(part.GetType())),
                    $"{entry.Id} stands in the row of {row.Ours}, but is made of none of its records: {entry.Schedule}");
            }
        }
    }

    [Fact]
    public void Every_door_of_every_library_stands_in_the_table()
    {
        string[] momenta = ["CyclicMomentum", "OneCycleMomentum", "FitOneCycleMomentum"];
        foreach (var library in CrossReference.Libraries)
        {
            var doors = typeof(Schedule).GetNestedType("From" + library)!
                .GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
                .Select(method => method.Name)
                .Distinct()
                .Except(momenta);

            Assert.Equal(doors.Order(), CrossReference.Rows.SelectMany(row => CrossReference.Cell(row, library)).Distinct().Order());
        }
    }

    [Fact]
    public void Every_shape_policy_and_combinator_has_a_picture()
    {
        var members = typeof(Schedule)
            .GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType.IsAssignableTo(typeof(Schedule)) && !method.IsSpecialName && !method.Name.StartsWith('<'))
            .Select(method => method.Name)
            .Where(name => name is not (nameof(Schedule.PrepareFor) or "<Clone>$"))
            .Distinct();

        foreach (var member in members)
        {
            Assert.True(ScheduleGallery.All.Any(entry => entry.Code.Contains("." + member + "(", StringComparison.Ordinal)), $"{member} has no picture.");
        }
    }

    [Fact]
    public void Every_chart_of_the_page_is_there_and_no_other()
    {
        var folder = Path.Combine(Repository.Root, "docs", SchedulePage.ImageFolder);

        Assert.True(
            ScheduleGallery.All.Select(entry => entry.FileName).Order().SequenceEqual(Directory.GetFiles(folder).Select(Path.GetFileName).Order()),
            $"The charts do not match the gallery. Run: {SchedulePage.ImageCommand}");
    }

    [Fact]
    public void No_two_pictures_share_a_file_and_none_is_longer_than_its_run()
    {
        Assert.Equal(ScheduleGallery.All.Count(), ScheduleGallery.All.Select(entry => entry.FileName).Distinct().Count());
        Assert.All(ScheduleGallery.All, entry => Assert.Empty(entry.Schedule.WarningsFor(entry.Run)));
    }

    private static IEnumerable<Schedule> WithParts(Schedule schedule) => [schedule, .. schedule.Parts.SelectMany(WithParts)];
}
