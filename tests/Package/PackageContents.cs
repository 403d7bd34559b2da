using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Xml.Linq;

namespace MLNet.LrSchedule.NewUser;

/// <summary>What must be in the packages beside code that works.</summary>
internal static class PackageContents
{
    private static readonly string[] Names = ["MLNet.LrSchedule", "MLNet.LrSchedule.Charts"];

    /// <summary>Prints a line for each fault.</summary>
    /// <returns>1 if there is a fault, else 0.</returns>
    public static int Check(string folder, string version, string commit)
    {
        string[] faults = [.. Names.SelectMany(name => Faults(folder, name, version, commit))];
        foreach (string fault in faults)
            Console.Error.WriteLine(fault);
        return faults.Length == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Faults(string folder, string name, string version, string commit)
    {
        using var package = ZipFile.OpenRead(Path.Combine(folder, $"{name}.{version}.nupkg"));
        using var symbols = ZipFile.OpenRead(Path.Combine(folder, $"{name}.{version}.snupkg"));
        var missing = Missing(package, "README.md", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml").Concat(Missing(symbols, $"lib/net10.0/{name}.pdb"));
        foreach (string file in missing)
            yield return $"{name}: {file} is missing.";

        using var stream = package.GetEntry($"{name}.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        foreach (var (what, found, wanted) in Values(metadata, name, version, commit).Where(value => value.Found != value.Wanted))
            yield return $"{name}: {what} is '{found}', not '{wanted}'.";
        if (string.IsNullOrWhiteSpace(Child(metadata, "description")?.Value))
            yield return $"{name}: there is no description.";
    }

    private static IEnumerable<(string What, string? Found, string Wanted)> Values(XElement metadata, string name, string version, string commit)
    {
        yield return ("the version", Child(metadata, "version")?.Value, version);
        yield return ("the licence", Child(metadata, "license")?.Value, "MIT");
        yield return ("the readme", Child(metadata, "readme")?.Value, "README.md");
        yield return ("the type of the repository", Child(metadata, "repository")?.Attribute("type")?.Value, "git");
        // Sources without their history have no commit to name.
        if (commit.Length > 0)
            yield return ("the commit of the repository", Child(metadata, "repository")?.Attribute("commit")?.Value, commit);

        var dependencies = metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);
        // Only what was proven: the trainer uses members of ML.NET that another minor version may change.
        var wanted = name == Names[0]
            ? new Dictionary<string, string> { ["Microsoft.ML"] = "[5.0.1, 5.1.0)", ["Microsoft.ML.DataView"] = "[5.0.1, 5.1.0)" }
            : new Dictionary<string, string> { [Names[0]] = version };
        foreach (var (id, range) in wanted)
            yield return ($"the range of {id}", dependencies.GetValueOrDefault(id), range);
    }

    private static IEnumerable<string> Missing(ZipArchive archive, params string[] files) => files.Where(file => archive.GetEntry(file) is not { Length: > 0 });

    private static XElement? Child(XElement element, string name) => element.Elements().SingleOrDefault(child => child.Name.LocalName == name);
}
