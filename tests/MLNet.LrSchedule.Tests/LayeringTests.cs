using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace MLNet.LrSchedule.Tests;

/// <summary>
/// Imports go one way. Each folder of the library may name the folders listed for it and nothing else of the library; only the
/// estimators know ML.NET, and only their Internals folder may use what ML.NET keeps to itself.
/// </summary>
public sealed partial class LayeringTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Kernels"] = [],
        ["Schedules"] = [],
        ["Inputs"] = [],
        ["Networks"] = ["Kernels"],
        ["Optimizers"] = ["Kernels"],
        ["Training"] = ["Inputs", "Kernels", "Networks", "Optimizers", "Schedules"],
        ["Estimators"] = ["Inputs", "Kernels", "Networks", "Optimizers", "Schedules", "Training", "Internals"],
    };

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_imports_only_the_layers_below_it(string folder)
    {
        var wrong = new List<string>();
        foreach (string file in SourceFiles(folder))
        {
            string text = File.ReadAllText(file);
            foreach (Match match in LibraryName().Matches(text))
            {
                string layer = match.Groups["layer"].Value;
                if (layer != folder && Known.Contains(layer) && !Allowed[folder].Contains(layer))
                    wrong.Add($"{Path.GetRelativePath(SourceRoot, file)} names {match.Value}");
            }

            if (folder != "Estimators" && text.Contains("Microsoft.ML", StringComparison.Ordinal))
                wrong.Add($"{Path.GetRelativePath(SourceRoot, file)} names Microsoft.ML");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_file_s_namespace_is_its_folder(string folder)
    {
        string[] expected = folder == "Estimators"
            ? ["MLNet.LrSchedule", "MLNet.LrSchedule.Internals", "Microsoft.ML", "System.Runtime.CompilerServices"]
            : ["MLNet.LrSchedule." + folder];
        var files = SourceFiles(folder).ToArray();
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            foreach (Match match in Namespace().Matches(File.ReadAllText(file)))
                Assert.True(expected.Contains(match.Groups["name"].Value), $"{file}: {match.Value}");
        }
    }

    [Fact]
    public void Every_source_file_is_in_a_known_folder()
    {
        var folders = Directory.EnumerateFiles(SourceRoot, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(SourceRoot, file).Split(Path.DirectorySeparatorChar)[0])
            .Where(folder => folder is not ("obj" or "bin"))
            .Distinct();
        Assert.All(folders, folder => Assert.Contains(folder, Allowed.Keys));
    }

    private static HashSet<string> Known => [.. Allowed.Keys, "Internals"];

    private static string SourceRoot { get; } = Path.Combine(Repository.Root, "src", "MLNet.LrSchedule");

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(SourceRoot, folder), "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(@"MLNet\.LrSchedule\.(?<layer>[A-Z][A-Za-z]+)")]
    private static partial Regex LibraryName();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
