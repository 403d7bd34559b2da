using System.Linq;
using System.Reflection;
using Microsoft.ML;

namespace MLNet.LrSchedule.Tests.Estimators.Conformance;

/// <summary>ML.NET's schema shapes: what an estimator is told of its input and promises of its output before any data exist.</summary>
internal static class Shapes
{
    private static readonly MethodInfo _create = typeof(SchemaShape).GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly MethodInfo _isCompatible = typeof(SchemaShape.Column).GetMethod("IsCompatibleWith", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>The shape of a schema that exists.</summary>
    public static SchemaShape Of(DataViewSchema schema) => (SchemaShape)_create.Invoke(null, [schema])!;

    /// <summary>The columns of <paramref name="wanted"/> that <paramref name="given"/> does not satisfy, by ML.NET's own rule.</summary>
    public static string[] Unsatisfied(SchemaShape wanted, SchemaShape given) =>
    [
        .. from column in wanted
           where !given.Any(candidate => candidate.Name == column.Name && (bool)_isCompatible.Invoke(column, [candidate])!)
           select column.Name,
    ];
}
