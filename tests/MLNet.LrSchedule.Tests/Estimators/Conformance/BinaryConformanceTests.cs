using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Conformance;

/// <summary>Our trainer and a stock trainer meet the same expectations, and refuse the same data in the same words.</summary>
public class BinaryConformanceTests
{
    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Trainers => ["mlp", "stock"];

    [Theory]
    [MemberData(nameof(Trainers))]
    public void The_trainer_is_a_conforming_estimator(string trainer) =>
        new EstimatorConformance(_context, Trainer(trainer), Rows.LoadBinary(_context, 40)).CheckAll(Misfits(_context));

    [Theory]
    [MemberData(nameof(Trainers))]
    public void The_trainer_conforms_with_text_labels_mapped_and_slots_named(string trainer)
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Binary(40).Select(row => new NamedRow
        {
            Text = row.Label ? "good" : "bad",
            Width = row.Features[0],
            Height = row.Features[1],
        }));
        var pipeline = _context.Transforms.Conversion.MapValue("Label", new Dictionary<string, bool> { ["good"] = true, ["bad"] = false }, "Text")
            .Append(_context.Transforms.Concatenate("Features", "Width", "Height"))
            .Append(_context.Transforms.NormalizeMinMax("Features"))
            .Append(Trainer(trainer));

        new EstimatorConformance(_context, pipeline, data).CheckAll();
    }

    [Fact]
    public void Misfits_are_refused_in_the_words_of_the_stock_trainer()
    {
        IEstimator<ITransformer> mlp = Trainer("mlp"), stock = Trainer("stock");
        foreach (Misfit misfit in Misfits(_context))
        {
            Exception expected = Assert.ThrowsAny<Exception>(() => stock.Fit(misfit.Data));
            Exception found = Assert.ThrowsAny<Exception>(() => mlp.Fit(misfit.Data));

            Assert.Equal(expected.GetType(), found.GetType());
            Assert.Equal(expected.Message, found.Message);
        }
    }

    private static Misfit[] Misfits(MLContext context) =>
    [
        new(context.Data.LoadFromEnumerable(new[] { new { Features = 1f, Label = true } }), TransformRefuses: true),
        new(context.Data.LoadFromEnumerable(new[] { new DoubleFeatures { Features = [1, 2, 3, 4, 5] } }), TransformRefuses: true),
        new(context.Data.LoadFromEnumerable(new[] { new { Label = true } }), TransformRefuses: true),
        new(Rows.Load(context, new[] { new NoLabel { Features = [1, 2, 3, 4, 5] } }), TransformRefuses: false),
        new(Rows.Load(context, new[] { new NumberLabel { Features = [1, 2, 3, 4, 5] } }), TransformRefuses: false),
        new(context.Transforms.Conversion.MapValueToKey("Label", "Label").Fit(Rows.LoadBinary(context, 10)).Transform(Rows.LoadBinary(context, 10)), TransformRefuses: false),
    ];

    private IEstimator<ITransformer> Trainer(string trainer) => trainer == "mlp"
        ? _context.BinaryClassification.Trainers.Mlp(new MlpOptions { HiddenLayers = [4], NumberOfEpochs = 2, Seed = 1 })
        : _context.BinaryClassification.Trainers.LbfgsLogisticRegression();

    private sealed class NamedRow
    {
        public string Text { get; set; } = "";

        public float Width { get; set; }

        public float Height { get; set; }
    }

    private sealed class DoubleFeatures
    {
        public bool Label { get; set; }

        [VectorType(Rows.FeatureCount)]
        public double[] Features { get; set; } = [];
    }

    private sealed class NoLabel
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class NumberLabel
    {
        public float Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
