using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Tests.Estimators.Conformance;
using MLNet.LrSchedule.Training;
using Xunit;
using Transformer = Microsoft.ML.Data.BinaryPredictionTransformer<
    Microsoft.ML.Calibrators.CalibratedModelParametersBase<MLNet.LrSchedule.MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>>;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>The ways to say which rows are validated on: another data set, one in the options, a column that marks them.</summary>
public class ValidationDataTests
{
    private static readonly MlpOptions _options = new() { HiddenLayers = [8], NumberOfEpochs = 5, LearningRate = 0.1, BatchSize = 16, Seed = 3 };

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void A_column_a_set_in_the_options_and_a_set_in_the_call_are_the_same()
    {
        MarkedRow[] rows = Marked(100);
        IDataView training = Load(rows.Where(row => !row.IsHeldOut)), heldOut = Load(rows.Where(row => row.IsHeldOut)), all = Load(rows);

        Transformer byCall = Trainer(_options).Fit(training, heldOut);
        Transformer byOptions = Trainer(_options with { ValidationSet = heldOut }).Fit(training);
        Transformer byColumn = Trainer(_options with { ValidationColumnName = "IsHeldOut" }).Fit(all);

        AssertSameRun(byCall, byOptions, all);
        AssertSameRun(byCall, byColumn, all);
        Assert.Equal(25, byColumn.Model.SubModel.History.ValidationRows);
        Assert.Equal(75, byColumn.Model.SubModel.History.TrainingRows);
    }

    [Fact]
    public void A_column_works_inside_a_pipeline_where_all_rows_are_preprocessed_alike()
    {
        var pipeline = _context.Transforms.NormalizeMinMax("Features").Append(Trainer(_options with { ValidationColumnName = "IsHeldOut" }));

        var model = pipeline.Fit(Load(Marked(100)));

        TrainingHistory history = model.LastTransformer.Model.SubModel.History;
        Assert.Equal(25, history.ValidationRows);
        Assert.All(history.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));
    }

    [Fact]
    public void The_column_is_kept_with_the_model_and_the_set_is_not()
    {
        Transformer byColumn = Trainer(_options with { ValidationColumnName = "IsHeldOut" }).Fit(Load(Marked(40)));
        Transformer bySet = Trainer(_options with { ValidationSet = Load(Marked(40)) }).Fit(Load(Marked(40)));

        Assert.Equal("IsHeldOut", byColumn.Model.SubModel.Options.ValidationColumnName);
        Assert.Equal(_options, bySet.Model.SubModel.Options);
    }

    [Fact]
    public void A_column_that_is_missing_or_no_boolean_is_refused_before_any_row_is_read()
    {
        IDataView data = Load(Untouchable());
        foreach ((string column, string reason) in new[] { ("Absent", "Could not find validation column 'Absent'"), ("Weight", "expected Boolean, got Single") })
        {
            MlpBinaryTrainer trainer = Trainer(_options with { ValidationColumnName = column });

            Assert.Contains(reason, Assert.Throws<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(Shapes.Of(data.Schema))).Message);
            Assert.Contains(reason, Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message);
        }
    }

    [Fact]
    public void A_column_and_validation_data_together_are_refused()
    {
        IDataView data = Load(Marked(40));

        var exception = Assert.Throws<InvalidOperationException>(() => Trainer(_options with { ValidationColumnName = "IsHeldOut" }).Fit(data, data));

        Assert.Contains("not from both", exception.Message);
    }

    [Fact]
    public void A_column_that_marks_no_row_is_refused() => Assert.Throws<InvalidOperationException>(
        () => Trainer(_options with { ValidationColumnName = "IsHeldOut" }).Fit(Load(Marked(40).Where(row => !row.IsHeldOut))));

    [Fact]
    public void A_column_that_marks_every_row_leaves_none_to_train_on() => Assert.Throws<InvalidOperationException>(
        () => Trainer(_options with { ValidationColumnName = "IsHeldOut" }).Fit(Load(Marked(40).Where(row => row.IsHeldOut))));

    [Fact]
    public void Validation_data_with_other_features_are_refused()
    {
        IDataView narrow = Rows.Load(_context, new[] { new BinaryRow { Features = [1, 2] } }, featureCount: 2);

        var exception = Assert.Throws<InvalidOperationException>(() => Trainer(_options).Fit(Rows.LoadBinary(_context), narrow));

        Assert.Contains("2 features, the training data 5", exception.Message);
    }

    private static void AssertSameRun(Transformer expected, Transformer found, IDataView data)
    {
        Assert.Equal(
            expected.Model.SubModel.History.Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy)),
            found.Model.SubModel.History.Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy)));
        Assert.Equal(expected.Transform(data).GetColumn<float>("Score"), found.Transform(data).GetColumn<float>("Score"));
    }

    private static MarkedRow[] Marked(int count) =>
        [.. Rows.Binary(count).Select((row, i) => new MarkedRow { Label = row.Label, Features = row.Features, Weight = row.Weight, IsHeldOut = i % 4 == 0 })];

    private static IEnumerable<MarkedRow> Untouchable()
    {
        Assert.Fail("A row was read.");
        yield break;
    }

    private IDataView Load(IEnumerable<MarkedRow> rows) => Rows.Load(_context, rows);

    private MlpBinaryTrainer Trainer(MlpOptions options) => _context.BinaryClassification.Trainers.Mlp(options);

    private sealed class MarkedRow
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];

        public float Weight { get; set; }

        public bool IsHeldOut { get; set; }
    }
}
