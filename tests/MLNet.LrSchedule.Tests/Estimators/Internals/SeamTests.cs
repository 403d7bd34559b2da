using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MLNet.LrSchedule.Internals;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Internals;

/// <summary>The seam to ML.NET's internals holds against the ML.NET that is really there, and uses no more of it than is written down.</summary>
public class SeamTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly _library = typeof(IgnoresAccessChecksToAttribute).Assembly;

    [Fact]
    public void Every_type_loads_and_every_method_compiles_against_the_stock_assemblies()
    {
        // GetTypes throws when an abstract member of a base class is not implemented or a type of a signature does not exist;
        // compiling a method throws when it calls a member that is not there.
        Type[] types = _library.GetTypes();
        HashSet<Type> compiled = [];
        foreach (Type type in types.Where(type => !type.ContainsGenericParameters).SelectMany(WithGenericAncestors))
        {
            if (!compiled.Add(type))
            {
                continue;
            }

            RuntimeTypeHandle[] arguments = [.. type.GetGenericArguments().Select(argument => argument.TypeHandle)];
            foreach (MethodBase method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)))
            {
                if (!method.IsAbstract && !method.ContainsGenericParameters)
                {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle, arguments);
                }
            }
        }

        Assert.Contains(typeof(LabelledRows), compiled);
    }

    [Fact]
    public void What_is_used_of_ML_NET_without_being_public_there_is_on_the_checked_in_list()
    {
        using NonPublicReferences references = new(_library.Location);

        string[] listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Estimators", "NonPublicReferences.txt"));
        IReadOnlyCollection<string> used = references.List();

        Assert.True(listed.SequenceEqual(used), $"The list should read:\n{string.Join('\n', used)}");
    }

    [Fact]
    public void What_is_used_is_marked_by_ML_NET_as_shared_but_for_the_constructor_of_the_Platt_calibrator()
    {
        using NonPublicReferences references = new(_library.Location);

        // Abstract members carry no mark of their own: whoever derives has to override them.
        IEnumerable<string> unmarked = references.List().Where(line => line.Contains(" unmarked ") && !line.StartsWith("override ", StringComparison.Ordinal));
        Assert.All(unmarked, line => Assert.StartsWith("member unmarked Microsoft.ML.Calibrators.PlattCalibrator..ctor(", line));
    }

    [Fact]
    public void Every_type_that_is_opened_for_the_compiler_is_used()
    {
        using NonPublicReferences references = new(_library.Location);
        string used = string.Join('\n', references.List());
        string props = File.ReadAllText(Path.Combine(Repository.Root, "src", "MLNet.LrSchedule", "Estimators", "Internals", "Build", "OpenedTypes.props"));

        string[] opened = [.. Regex.Matches(props, "OpenedType Include=\"(?<name>[^\"]+)\"").Select(match => match.Groups["name"].Value)];

        Assert.NotEmpty(opened);
        Assert.All(opened, name => Assert.Contains(name, used));
    }

    [Fact]
    public void Only_the_folder_Internals_names_the_types_that_are_not_public()
    {
        using NonPublicReferences references = new(_library.Location);
        string[] names =
        [
            .. references.List().Where(line => line.StartsWith("type ", StringComparison.Ordinal))
                .Select(line => line.Split('.', '+')[^1].Split('`')[0]).Distinct(),
        ];
        string estimators = Path.Combine(Repository.Root, "src", "MLNet.LrSchedule", "Estimators");
        Assert.NotEmpty(names);
        foreach (string file in Directory.EnumerateFiles(estimators, "*.cs"))
        {
            string source = File.ReadAllText(file);
            Assert.All(names, name => Assert.False(Regex.IsMatch(source, $@"\b{name}\b"), $"{Path.GetFileName(file)} names {name}"));
        }
    }

    private static IEnumerable<Type> WithGenericAncestors(Type type)
    {
        yield return type;
        for (Type? ancestor = type.BaseType; ancestor is { IsGenericType: true } && ancestor.Assembly == _library; ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }
    }
}
