using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using MLNet.LrSchedule.Samples.Ionosphere;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var data = new Option<string>("--data")
{
    Description = "A CSV file of the shape of ionosphere.csv: 34 numbers and a label, g or b, on every line; no header.",
    DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "data", "ionosphere.csv"),
};
var output = new Option<string>("--output")
{
    Description = "The folder that the chart and the model are written to.",
    DefaultValueFactory = _ => "ionosphere-output",
};
var seeds = new Option<int>("--seeds") { Description = "Runs of each experiment, each with its own seed.", DefaultValueFactory = _ => 100 };
seeds.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1)
        result.AddError("--seeds must be at least 1.");
});
var verbose = new Option<bool>("--verbose") { Description = "Prints a line for every epoch of the first run of each experiment." };

var command = new RootCommand("Trains a small network on the Ionosphere data with a constant, a time-based and a drop-based learning rate.")
{
    data, output, seeds, verbose,
};
command.SetAction(arguments =>
{
    try
    {
        Sample.Run(new SampleSettings(
            arguments.GetValue(data)!, arguments.GetValue(output)!, arguments.GetValue(seeds), arguments.GetValue(verbose)));
        return 0;
    }
    catch (SampleException e)
    {
        Console.Error.WriteLine(e.Message);
        return 2;
    }
});
var parsed = command.Parse(args);
int exit = parsed.Invoke();
return parsed.Errors.Count > 0 ? 2 : exit;
