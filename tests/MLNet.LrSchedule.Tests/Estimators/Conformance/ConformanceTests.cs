using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Conformance;

/// <summary>Our trainers and stock trainers beside them meet the same expectations, and refuse the same data in the same words.</summary>
public class ConformanceTests
{
    private static readonly MlpOptions _options = new() { HiddenLayers = [4], NumberOfEpochs = 2, Seed = 1 };

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string, bool> Trainers => new() { { "binary", false }, { "binary", true }, { "multiclass", false }, { "multiclass", true }, { "regression", false }, { "regression", true } };

    public static TheoryData<string> Tasks => ["binary", "multiclass", "regression"];

    [Theory]
    [MemberData(nameof(Trainers))]
    public void A_trainer_is_a_conforming_estimator(string task, bool isStock) =>
        new EstimatorConformance(_context, Trainer(task, isStock), Data(task)).CheckAll(Misfits(task));

    [Theory]
    [MemberData(nameof(Trainers))]
    public void A_trainer_conforms_behind_a_normalizer_over_named_slots(string task, bool isStock)
    {
        IDataView data = Named(task);
        IEstimator<ITransformer> pipeline = _context.Transforms.Concatenate("Features", "Width", "Height")
            .Append(_context.Transforms.NormalizeMinMax("Features"))
            .Append(Trainer(task, isStock));

        new EstimatorConformance(_context, pipeline, data).CheckAll();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Labels_mapped_inside_the_pipeline_conform(bool isStock)
    {
        IDataView data = Rows.Load(_context, Rows.Multiclass(40));
        IEstimator<ITransformer> pipeline = _context.Transforms.Conversion.MapValueToKey("Label", "Species")
            .Append(Trainer("multiclass", isStock))
            .Append(_context.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"));

        new EstimatorConformance(_context, pipeline, data).CheckAll();
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Misfits_are_refused_in_the_words_of_the_stock_trainer(string task)
    {
        IEstimator<ITransformer> mlp = Trainer(task, isStock: false), stock = Trainer(task, isStock: true);
        foreach (Misfit misfit in Misfits(task))
        {
            Exception expected = Assert.ThrowsAny<Exception>(() => stock.Fit(misfit.Data));
            Exception found = Assert.ThrowsAny<Exception>(() => mlp.Fit(misfit.Data));

            Assert.Equal(expected.GetType(), found.GetType());
            Assert.Equal(expected.Message, found.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Values_do_not_depend_on_the_pipeline_s_cache(string task)
    {
        IDataView data = Data(task);

        var copied = _context.Transforms.CopyColumns("Copy", "Weight");

        ITransformer plain = copied.Append(Trainer(task, isStock: false)).Fit(data);
        ITransformer cached = copied.AppendCacheCheckpoint(_context).Append(Trainer(task, isStock: false)).Fit(data);

        Assert.Equal(SchemaText.Values(plain.Transform(data), "Score"), SchemaText.Values(cached.Transform(data), "Score"));
    }

    private IDataView Data(string task) => task switch
    {
        "binary" => Rows.LoadBinary(_context, 40),
        "multiclass" => Rows.LoadMulticlass(_context, 40),
        _ => Rows.LoadRegression(_context, 40),
    };

    private IDataView Named(string task)
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Binary(40).Select(row => new NamedRow
        {
            Good = row.Label,
            Width = row.Features[0],
            Height = row.Features[1],
            Price = 2 + row.Features[0],
        }));
        IEstimator<ITransformer> label = task switch
        {
            "binary" => _context.Transforms.CopyColumns("Label", "Good"),
            "multiclass" => _context.Transforms.Conversion.MapValueToKey("Label", "Good"),
            _ => _context.Transforms.CopyColumns("Label", "Price"),
        };
        return label.Fit(data).Transform(data);
    }

    private IEstimator<ITransformer> Trainer(string task, bool isStock) => (task, isStock) switch
    {
        ("binary", true) => _context.BinaryClassification.Trainers.LbfgsLogisticRegression(),
        ("binary", false) => _context.BinaryClassification.Trainers.Mlp(_options),
        ("multiclass", true) => _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(),
        ("multiclass", false) => _context.MulticlassClassification.Trainers.Mlp(_options),
        (_, true) => _context.Regression.Trainers.LbfgsPoissonRegression(),
        (_, false) => _context.Regression.Trainers.Mlp(_options),
    };

    // For each task: no features, features of another kind, no label, and the labels of the other tasks.
    private IEnumerable<Misfit> Misfits(string task)
    {
        IDataView data = Data(task);
        yield return new Misfit(_context.Transforms.DropColumns("Features").Fit(data).Transform(data), TransformRefuses: true);
        yield return new Misfit(Converted("Features", DataKind.Double), TransformRefuses: true);
        IDataView scalar = _context.Transforms.CopyColumns("Features", "Weight").Fit(data).Transform(data);
        yield return new Misfit(scalar, TransformRefuses: true);
        yield return new Misfit(_context.Transforms.DropColumns("Label").Fit(data).Transform(data), TransformRefuses: false);
        foreach (string other in new[] { "binary", "multiclass", "regression" }.Where(other => other != task))
        {
            yield return new Misfit(Data(other), TransformRefuses: false);
        }

        IDataView Converted(string column, DataKind kind) => _context.Transforms.Conversion.ConvertType(column, column, kind).Fit(data).Transform(data);
    }

    private sealed class NamedRow
    {
        public bool Good { get; set; }

        public float Width { get; set; }

        public float Height { get; set; }

        public float Price { get; set; }
    }
}
