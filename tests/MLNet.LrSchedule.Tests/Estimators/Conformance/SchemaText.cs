using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.LrSchedule.Tests.Estimators.Conformance;

/// <summary>Schemas and columns as text, so that two of them can be compared whatever their types are.</summary>
internal static class SchemaText
{
    private static readonly MethodInfo _readColumn = Method(nameof(ReadColumn));
    private static readonly MethodInfo _readAnnotation = Method(nameof(ReadAnnotation));
    private static readonly MethodInfo _getter = Method(nameof(TypedGetter));

    /// <summary>A line for each visible column and for each of its annotations, with the annotation's value.</summary>
    public static string[] Of(DataViewSchema schema) =>
    [
        .. from column in schema
           where !column.IsHidden
           from line in Annotations(column).Order(StringComparer.Ordinal).Prepend($"{column.Name}: {column.Type}")
           select line,
    ];

    /// <summary>The values of a column, row by row.</summary>
    public static string[] Values(IDataView data, string column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column]]);
        return (string[])_readColumn.MakeGenericMethod(data.Schema[column].Type.RawType).Invoke(null, [cursor, data.Schema[column]])!;
    }

    /// <summary>Reads the column's value in the row a cursor stands on; can be called more than once a row.</summary>
    public static Func<string> Getter(DataViewRow row, DataViewSchema.Column column) =>
        (Func<string>)_getter.MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;

    private static IEnumerable<string> Annotations(DataViewSchema.Column column) =>
        from annotation in column.Annotations.Schema
        select $"{column.Name}.{annotation.Name}: {annotation.Type} = "
            + _readAnnotation.MakeGenericMethod(annotation.Type.RawType).Invoke(null, [column.Annotations, annotation]);

    private static string[] ReadColumn<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        List<string> values = [];
        Func<string> getter = TypedGetter<T>(cursor, column);
        while (cursor.MoveNext())
        {
            values.Add(getter());
        }

        return [.. values];
    }

    private static Func<string> TypedGetter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Text(value);
        };
    }

    private static string ReadAnnotation<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default!;
        annotations.GetValue(annotation.Name, ref value);

        // ML.NET counts the score columns of a process; which number a set has says nothing.
        return annotation.Name == "ScoreColumnSetId" ? "a number" : Text(value);
    }

    private static string Text<T>(T value) => value switch
    {
        float number => number.ToString("R"),
        VBuffer<float> vector => string.Join(' ', vector.DenseValues().Select(number => number.ToString("R"))),
        VBuffer<ReadOnlyMemory<char>> names => string.Join('|', names.DenseValues()),
        _ => value?.ToString() ?? "",
    };

    private static MethodInfo Method(string name) => typeof(SchemaText).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
}
