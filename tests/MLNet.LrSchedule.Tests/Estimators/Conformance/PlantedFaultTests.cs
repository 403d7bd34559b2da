using System;
using System.Linq;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;
using Xunit.Sdk;

namespace MLNet.LrSchedule.Tests.Estimators.Conformance;

/// <summary>The conformance checks catch the faults they are there for.</summary>
public class PlantedFaultTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _data;
    private readonly IEstimator<ITransformer> _sound;

    public PlantedFaultTests()
    {
        _data = Rows.LoadBinary(_context, 40);
        _sound = _context.BinaryClassification.Trainers.Mlp(new MlpOptions { HiddenLayers = [4], NumberOfEpochs = 2, Seed = 1 });
    }

    [Fact]
    public void A_column_that_is_not_promised_is_caught() =>
        Assert.ThrowsAny<XunitException>(Conformance(shape => new(shape.Where(column => column.Name != "Probability"))).CheckPromisedAndDeliveredSchemasAgree);

    [Fact]
    public void A_column_that_is_promised_and_not_delivered_is_caught() =>
        Assert.ThrowsAny<XunitException>(
            Conformance(shape => new(shape.Append(Column(shape.First(), "Confidence", shape.First().Annotations)))).CheckPromisedAndDeliveredSchemasAgree);

    [Fact]
    public void An_annotation_that_is_not_promised_is_caught() =>
        Assert.ThrowsAny<XunitException>(Conformance(shape => new(shape.Select(WithoutNormalization))).CheckPromisedAndDeliveredSchemasAgree);

    [Fact]
    public void Weights_that_are_saved_slightly_wrong_are_caught()
    {
        ITransformer other = _context.BinaryClassification.Trainers.Mlp(new MlpOptions { HiddenLayers = [4], NumberOfEpochs = 2, Seed = 2 }).Fit(_data);

        EstimatorConformance conformance = new(_context, new Faulty(_sound, shape => shape, model => new SavesAnother(model, other)), _data);

        Assert.ThrowsAny<XunitException>(conformance.CheckSaving);
    }

    [Fact]
    public void Unfit_data_that_are_taken_are_caught()
    {
        Misfit misfit = new(_context.Data.LoadFromEnumerable(new[] { new { Label = true } }), TransformRefuses: true);
        EstimatorConformance conformance = new(_context, new Faulty(_sound, _ => Shapes.Of(_data.Schema), model => model, checks: false), _data);

        Assert.ThrowsAny<XunitException>(() => conformance.CheckMisfitsAreRefused([misfit]));
    }

    [Fact]
    public void Values_that_depend_on_the_number_of_readings_are_caught()
    {
        int readings = 0;
        var pipeline = _sound.Append(_context.Transforms.CustomMapping<BinaryRow, Drift>((_, output) => output.Value = readings++, contractName: null));

        EstimatorConformance conformance = new(_context, pipeline, _data);

        Assert.ThrowsAny<XunitException>(conformance.CheckValuesDoNotDependOnTheWayTheyAreRead);
    }

    [Fact]
    public void Without_a_fault_nothing_is_caught() => Conformance(shape => shape).CheckPromisedAndDeliveredSchemasAgree();

    private static SchemaShape.Column WithoutNormalization(SchemaShape.Column column) =>
        Column(column, column.Name, new SchemaShape(column.Annotations.Where(annotation => annotation.Name != "IsNormalized")));

    private static SchemaShape.Column Column(SchemaShape.Column template, string name, SchemaShape annotations) =>
        (SchemaShape.Column)typeof(SchemaShape.Column).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic).Single()
            .Invoke([name, template.Kind, template.ItemType, template.IsKey, annotations]);

    private EstimatorConformance Conformance(Func<SchemaShape, SchemaShape> promise) => new(_context, new Faulty(_sound, promise, model => model), _data);

    private sealed class Faulty(
        IEstimator<ITransformer> inner, Func<SchemaShape, SchemaShape> promise, Func<ITransformer, ITransformer> model, bool checks = true)
        : IEstimator<ITransformer>
    {
        private ITransformer? _fitted;

        public ITransformer Fit(IDataView input) => _fitted = checks || _fitted is null ? model(inner.Fit(input)) : _fitted;

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => promise(checks ? inner.GetOutputSchema(inputSchema) : inputSchema);
    }

    private sealed class SavesAnother(ITransformer inner, ITransformer saved) : ITransformer
    {
        public bool IsRowToRowMapper => inner.IsRowToRowMapper;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        public void Save(ModelSaveContext context) => saved.Save(context);
    }

    private sealed class Drift
    {
        public float Value { get; set; }
    }
}
