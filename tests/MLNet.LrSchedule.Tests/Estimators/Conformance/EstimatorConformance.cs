using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Conformance;

/// <summary>Data that an estimator has to refuse.</summary>
/// <param name="Data">The data.</param>
/// <param name="TransformRefuses">Whether the fitted transformer has to refuse it too; it does not look at labels and weights.</param>
internal sealed record Misfit(IDataView Data, bool TransformRefuses);

/// <summary>What ML.NET's pipelines expect of every estimator with its transformer. Each method checks one expectation and throws where it is not met.</summary>
internal sealed class EstimatorConformance(MLContext context, IEstimator<ITransformer> estimator, IDataView data)
{
    private readonly ITransformer _transformer = estimator.Fit(data);

    public void CheckAll(params IEnumerable<Misfit> misfits)
    {
        CheckPromisedAndDeliveredSchemasAgree();
        CheckSchemasAgreeHoweverTheyAreAsked();
        CheckSaving();
        CheckMisfitsAreRefused(misfits);
        CheckValuesDoNotDependOnTheWayTheyAreRead();
        CheckAnnotationSizes();
    }

    /// <summary>What is promised before fitting is what is delivered, in both directions: nothing missing and nothing more.</summary>
    public void CheckPromisedAndDeliveredSchemasAgree()
    {
        SchemaShape promised = estimator.GetOutputSchema(Shapes.Of(data.Schema));
        SchemaShape delivered = Shapes.Of(_transformer.Transform(data).Schema);

        Assert.Equal([], Shapes.Unsatisfied(promised, delivered));
        Assert.Equal([], Shapes.Unsatisfied(delivered, promised));
        Assert.Equal(promised.Select(column => column.Name).Order(), delivered.Select(column => column.Name).Distinct().Order());
    }

    public void CheckSchemasAgreeHoweverTheyAreAsked() => CheckSchemasAgree(_transformer, SchemaText.Of(_transformer.Transform(data).Schema));

    /// <summary>A saved and loaded transformer has the same schemas and the same values.</summary>
    public void CheckSaving()
    {
        using MemoryStream stream = new();
        context.Model.Save(_transformer, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = context.Model.Load(stream, out DataViewSchema inputSchema);

        Assert.Equal(SchemaText.Of(data.Schema), SchemaText.Of(inputSchema));
        CheckSchemasAgree(loaded, SchemaText.Of(_transformer.Transform(data).Schema));
        IDataView expected = _transformer.Transform(data), found = loaded.Transform(data);
        foreach (DataViewSchema.Column column in expected.Schema)
        {
            Assert.Equal(SchemaText.Values(expected, column.Name), SchemaText.Values(found, column.Name));
        }

        // A chain forgets the type of its last part; the parts have to keep theirs.
        Assert.Equal(Parts(_transformer).Select(part => part.GetType()), Parts(loaded).Select(part => part.GetType()));
    }

    public void CheckMisfitsAreRefused(IEnumerable<Misfit> misfits)
    {
        foreach ((IDataView misfit, bool transformRefuses) in misfits)
        {
            CheckRefused(() => estimator.GetOutputSchema(Shapes.Of(misfit.Schema)));
            CheckRefused(() => estimator.Fit(misfit));
            if (transformRefuses)
            {
                CheckRefused(() => _transformer.GetOutputSchema(misfit.Schema));
                CheckRefused(() => _transformer.Transform(misfit));
            }
        }
    }

    /// <summary>One cursor or many, behind a cache, with any columns active, asked once or twice: a row has the same values.</summary>
    public void CheckValuesDoNotDependOnTheWayTheyAreRead()
    {
        IDataView transformed = _transformer.Transform(data);
        string[] names = [.. transformed.Schema.Where(column => !column.IsHidden).Select(column => column.Name)];
        Dictionary<string, string[]> expected = names.ToDictionary(name => name, name => SchemaText.Values(transformed, name));

        IDataView cached = context.Data.Cache(transformed);
        foreach (string name in names)
        {
            Assert.Equal(expected[name], SchemaText.Values(cached, name));
        }

        string[] rows = [.. Enumerable.Range(0, expected[names[0]].Length).Select(row => string.Join(';', names.Select(name => expected[name][row])))];
        Assert.Equal(rows, Read(transformed.GetRowCursor(transformed.Schema)));
        IEnumerable<string> fromMany = transformed.GetRowCursorSet(transformed.Schema, 3).SelectMany(Read);
        Assert.Equal(rows.Order(StringComparer.Ordinal), fromMany.Order(StringComparer.Ordinal));
    }

    /// <summary>Slot names are as many as slots, key values as many as keys.</summary>
    public void CheckAnnotationSizes()
    {
        foreach (DataViewSchema.Column column in _transformer.Transform(data).Schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull("SlotNames") is { } slotNames)
            {
                Assert.Equal(((VectorDataViewType)column.Type).Size, ((VectorDataViewType)slotNames.Type).Size);
            }

            if (column.Annotations.Schema.GetColumnOrNull("KeyValues") is { } keyValues)
            {
                Assert.Equal(((KeyDataViewType)column.Type).Count, (ulong)((VectorDataViewType)keyValues.Type).Size);
            }
        }
    }

    private static IEnumerable<ITransformer> Parts(ITransformer transformer) => transformer is IEnumerable<ITransformer> chain ? chain : [transformer];

    private static string[] Read(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            DataViewSchema.Column[] columns = [.. cursor.Schema.Where(column => !column.IsHidden)];
            Func<string>[] getters = [.. columns.Select(column => SchemaText.Getter(cursor, column))];
            List<string> rows = [];
            while (cursor.MoveNext())
            {
                string row = string.Join(';', getters.Select(getter => getter()));
                Assert.Equal(row, string.Join(';', getters.Select(getter => getter())));
                rows.Add(row);
            }

            return [.. rows];
        }
    }

    // ML.NET's own estimators throw one of the two, from inside a reflection call at times.
    private static void CheckRefused(Action action)
    {
        Exception exception = Assert.ThrowsAny<Exception>(action);
        if (exception is TargetInvocationException { InnerException: { } inner })
        {
            exception = inner;
        }

        Assert.True(exception is ArgumentOutOfRangeException or InvalidOperationException, exception.ToString());
    }

    private void CheckSchemasAgree(ITransformer transformer, string[] expected)
    {
        Assert.Equal(expected, SchemaText.Of(transformer.GetOutputSchema(data.Schema)));
        Assert.Equal(expected, SchemaText.Of(transformer.Transform(data).Schema));
        Assert.True(transformer.IsRowToRowMapper);
        Assert.Equal(expected, SchemaText.Of(transformer.GetRowToRowMapper(data.Schema).OutputSchema));
    }
}
