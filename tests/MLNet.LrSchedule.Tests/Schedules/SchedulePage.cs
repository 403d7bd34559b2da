using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using MLNet.LrSchedule.Schedules;
using static MLNet.LrSchedule.Schedules.Duration;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>The text of docs/schedules.md, made from the gallery and from the tables of reference curves.</summary>
public static class SchedulePage
{
    public const string Command = "UPDATE_DOCS=1 dotnet test tests/MLNet.LrSchedule.Tests -c Release --filter SchedulePageTests";

    private static readonly Schedule Example = Schedule.Cosine(from: 0.1, to: 1e-5).Restart(every: Epochs(10), periodMultiplier: 2).WithWarmup(over: Steps(500));

    public static string FilePath => Path.Combine(Repository.Root, "docs", "schedules.md");

    public const string ImageFolder = "images/schedules";

    public const string ImageCommand = "dotnet run -c Release --project tests/MLNet.LrSchedule.Benchmarks -- gallery docs/images/schedules";

    public static string Write()
    {
        var page = new StringBuilder();
        page.Append(
            $"""
            # Schedules

            <!-- Generated from the tables the tests use. Change those, then run: {Command}
            and for the charts: {ImageCommand} -->

            A schedule is an immutable record: a pure function of training time that returns the value for the update about to be applied. A plain
            number is a schedule too. Shapes have no length: they span the window they are given, which is the run unless a combinator gives them
            another. Lengths are durations, `Steps(500)`, `Epochs(10)` or `Fraction(0.3)` of the run, and stand only where something needs one.
            Windows are half-open: `from` holds at step 0, and `to` is reached at the first step of whatever follows.

            The examples use `using static MLNet.LrSchedule.Schedules.Duration;`. Each is drawn over a run of {ScheduleGallery.Run.TotalEpochs} epochs of {ScheduleGallery.Run.StepsPerEpoch} steps.
            Learning rate, momentum, weight decay and layer multipliers all take schedules. `Preview` shows any of them before training:

            ```csharp
            Console.WriteLine(schedule.Preview(epochs: 50, stepsPerEpoch: 20).ToAsciiChart());
            ```


            """);
        Gallery(page, "Shapes", ScheduleGallery.Shapes);
        Gallery(page, "Policies", ScheduleGallery.Policies);
        Gallery(page, "Combinators", ScheduleGallery.Combinators);
        page.Append(
            $$"""
            ## Reactive schedules

            A `ReactiveSchedule` watches a metric and multiplies whatever curve runs beneath. It is a fold over epochs: state in, metrics in, state
            out; the state is saved with a checkpoint. Every change comes with its reason, for example
            `epoch 12: validation loss 0.412 has not improved for 5 epochs: factor 0.25 -> 0.125`.

            | | |
            |---|---|
            | `new ReduceOnPlateau { Factor = 0.5, Patience = 5 }` | lowers the rate when the metric has stopped improving |
            | `new LowerThenRaise { Lowerings = 3, Patience = 5 }` | lowers it at three stalls, raises it at the next, and starts over |
            | `new GreedyUpDown { Factor = 0.9 }` | up while it helps, down while it does not |
            | `new BoldDriver()` | up a little after a good epoch, down a lot after a bad one |
            | `new NewBob()` | lowers it after every epoch that improved too little on the one before |
            | `new ExponentialOfMetric { Metric = Metric.TrainingLoss }` | `eta0 exp(loss)` |
            | `new FunctionOfMetric(accuracy => 1 - accuracy) { Metric = Metric.ValidationAccuracy }` | any function of a metric |

            The direction follows from the metric. NaN and infinities are worse than every number and never become the best. `Simulate` rehearses a rule:

            ```csharp
            var factors = new ReduceOnPlateau { Factor = 0.5, Patience = 2 }.Simulate([1.0, 0.8, 0.8, 0.8]);   // 1, 1, 1, 0.5
            ```

            ## Your own

            A function of training time is a schedule. It cannot be saved: a model trained with one loads and predicts as ever, and only resuming its training asks
            for the schedule again.

            ```csharp
            var quick = Schedule.Custom(time => 0.05 / Math.Sqrt(1 + time.Epoch));
            ```

            A record can be compared, printed and saved. `ScheduleTime` has the local clock (`Step`, `Length`, `Progress`, `Epoch`, `WholeEpoch`) and the place in
            the run (`GlobalStep`, `GlobalEpoch`, `GlobalWholeEpoch`, `GlobalProgress`). Derive from `WindowShape` for a function of progress, and from
            `RecurrentSchedule` for one of the value before; a record with parts of its own should prepare them in `Prepare`.

            ```csharp
            public sealed record Sawtooth(double Low, double High, Duration Period) : Schedule
            {
                public override double At(ScheduleTime time) => High - (High - Low) * (time.Step / Period.InSteps(time.Run) % 1);
            }

            ScheduleJson.Register<Sawtooth>("acme.sawtooth");
            ```

            As JSON, schedules have short names and readable durations:

            ```json
            {{ScheduleJson.Write(Example)}}
            ```

            ## Coming from another library

            `Schedule.FromKeras`, `FromPyTorch`, `FromOptax`, `FromTimm`, `FromTransformers`, `FromFastai` and `FromScikitLearn` have each library's names,
            parameters, defaults and edge behaviour. Every name below is held to that library's numbers by a test.


            """);
        Table(page);
        Deviations(page);
        return page.ToString();
    }

    private static void Gallery(StringBuilder page, string title, IReadOnlyList<GalleryEntry> entries)
    {
        page.Append($"## {title}\n\n");
        foreach (var entry in entries)
        {
            page.Append($"### {entry.Name}\n\n{entry.Description}\n\n```csharp\n{entry.Code}\n```\n\n");
            page.Append($"![{entry.Name}]({ImageFolder}/{entry.FileName})\n\n");
        }
    }

    private static void Table(StringBuilder page)
    {
        page.Append($"| ours | {string.Join(" | ", CrossReference.Libraries.Select(Title))} |\n|---|{string.Concat(CrossReference.Libraries.Select(_ => "---|"))}\n");
        foreach (var row in CrossReference.Rows)
        {
            var cells = CrossReference.Libraries.Select(library => CrossReference.Cell(row, library)).Select(names => names.Count == 0 ? "-" : string.Join(", ", names.Select(name => $"`{name}`")));
            page.Append($"| `{row.Ours}` | {string.Join(" | ", cells)} |\n");
        }

        page.Append('\n');
    }

    private static void Deviations(StringBuilder page)
    {
        page.Append("## Where we differ on purpose\n\nDefects of the libraries are not imitated. These reference cases give other values here:\n\n| case | why |\n|---|---|\n");
        foreach (var entry in GoldenTable.All.Values)
        {
            foreach (var deviation in entry.Deviations)
            {
                page.Append($"| `{entry.Expression}`, value {deviation.Index} | {deviation.Reason} |\n");
            }
        }

        foreach (var entry in GoldenReactionTable.All.Values.Where(entry => entry.Reason is not null))
        {
            page.Append($"| `{entry.Id}` | {entry.Reason} |\n");
        }
    }

    private static string Title(string library) => library switch
    {
        "Optax" => "optax",
        "Timm" => "timm",
        "Transformers" => "transformers",
        "Fastai" => "fastai",
        "ScikitLearn" => "scikit-learn",
        _ => library,
    };
}
