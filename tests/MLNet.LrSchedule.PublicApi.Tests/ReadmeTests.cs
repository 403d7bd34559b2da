using System;
using System.IO;
using System.Linq;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace MLNet.LrSchedule.PublicApi.Tests;

/// <summary>Every C# snippet of the README is compiled as it stands there, as a program of its own, and run.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] Snippets =
        [.. CSharpBlock().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"))).Select(match => match.Groups["code"].Value)];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Snippets.Length)];

    [Fact]
    public void The_readme_has_snippets() => Assert.NotEmpty(Snippets);

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_snippet_compiles_and_runs(int number)
    {
        byte[] program = Compile(Snippets[number]);
        string folder = Directory.CreateTempSubdirectory("readme").FullName;
        string before = Directory.GetCurrentDirectory();
        try
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "data", "ionosphere.csv"), Path.Combine(folder, "ionosphere.csv"));
            Directory.SetCurrentDirectory(folder);
            var context = new AssemblyLoadContext("readme snippet", isCollectible: true);
            var entry = context.LoadFromStream(new MemoryStream(program)).EntryPoint!;
            entry.Invoke(null, [Array.Empty<string>()]);
            context.Unload();
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Compile(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            .Select(path => MetadataReference.CreateFromFile(path));
        var tree = CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.CSharp14));
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable);
        using var stream = new MemoryStream();
        var result = CSharpCompilation.Create("ReadmeSnippet", [tree], references, options).Emit(stream);
        var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ToList();
        Assert.True(result.Success, string.Join(Environment.NewLine, errors) + Environment.NewLine + code);
        return stream.ToArray();
    }

    [GeneratedRegex(@"^```csharp\r?\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}
