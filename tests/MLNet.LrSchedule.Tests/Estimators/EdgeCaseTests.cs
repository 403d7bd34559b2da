using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using MLNet.LrSchedule.Inputs;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Data at the edge of what can be learnt from: each trains to finite numbers or ends with one clear sentence, for all three tasks.</summary>
public class EdgeCaseTests
{
    private static readonly MlpOptions _options = new() { HiddenLayers = [4], NumberOfEpochs = 3, BatchSize = 8, LearningRate = 0.01, Seed = 2 };

    public static TheoryData<string> Tasks => TaskTrainer.Tasks;

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Infinite_features_are_passed_over_or_filled(string task)
    {
        List<TaskRow> rows = TaskTrainer.Rows(40);
        rows[3].Features[2] = float.PositiveInfinity;
        rows[5].Features[0] = float.NegativeInfinity;

        TaskTrainer skipping = new(task), filling = new(task);
        ITransformer skipped = skipping.Fit(_options, rows), filled = filling.Fit(_options with { MissingValues = MissingValues.Mean }, rows);

        Assert.Equal(38, TaskTrainer.Content(skipped).History.TrainingRows);
        Assert.Contains(skipping.Warnings, warning => warning.Contains("Skipped 2 instances", StringComparison.Ordinal));
        Assert.Equal(40, TaskTrainer.Content(filled).History.TrainingRows);
        AssertFinite(filling, filled, rows);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Constant_features_divide_by_nothing(string task)
    {
        List<TaskRow> rows = TaskTrainer.Rows(40);
        foreach (TaskRow row in rows)
            (row.Features[1], row.Features[4]) = (0.1f, 0);

        foreach (FeatureScaling scaling in Enum.GetValues<FeatureScaling>())
        {
            TaskTrainer trainer = new(task);
            AssertFinite(trainer, trainer.Fit(_options with { FeatureScaling = scaling }, rows), rows);
        }
    }

    [Theory]
    [InlineData("multiclass")]
    [InlineData("regression")]
    public void Rows_with_a_missing_label_are_passed_over(string task)
    {
        List<TaskRow> rows = TaskTrainer.Rows(40);
        (rows[7].Class, rows[7].Number) = (3, float.NaN);
        TaskTrainer trainer = new(task);

        ITransformer model = trainer.Fit(_options, rows);

        Assert.Equal(39, TaskTrainer.Content(model).History.TrainingRows);
        Assert.Contains(trainer.Warnings, warning => warning.Contains("Skipped 1 instances", StringComparison.Ordinal));
        AssertFinite(trainer, model, rows);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Labels_that_are_all_the_same_are_learnt(string task)
    {
        List<TaskRow> rows = TaskTrainer.Rows(40);
        foreach (TaskRow row in rows)
            (row.Flag, row.Class, row.Number) = (true, 1, 17);
        TaskTrainer trainer = new(task);

        ITransformer model = trainer.Fit(_options with { NumberOfEpochs = 30, LearningRate = 0.1 }, rows);

        float[] scores = trainer.Scores(model, rows);
        Assert.All(task == "multiclass" ? scores.Chunk(3).Select(row => row[1]) : scores, score => Assert.True(score > 0.5, $"{score}"));
        AssertFinite(trainer, model, rows);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void One_row_is_enough_under_every_option(string task)
    {
        List<TaskRow> rows = TaskTrainer.Rows(1);
        foreach (FeatureScaling scaling in Enum.GetValues<FeatureScaling>())
        {
            foreach (MissingValues missing in Enum.GetValues<MissingValues>())
            {
                TaskTrainer trainer = new(task);
                AssertFinite(trainer, trainer.Fit(_options with { FeatureScaling = scaling, MissingValues = missing }, rows), rows);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void No_rows_end_with_the_sentence_of_the_other_trainers(string task)
    {
        foreach (MissingValues missing in Enum.GetValues<MissingValues>())
        {
            MlpOptions options = _options with { MissingValues = missing, FeatureScaling = FeatureScaling.Robust };
            var exception = Assert.Throws<InvalidOperationException>(() => new TaskTrainer(task).Fit(options, []));
            Assert.Contains("No valid training instances found", exception.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_batch_may_be_larger_than_the_data(string task)
    {
        List<TaskRow> rows = TaskTrainer.Rows(10);
        TaskTrainer trainer = new(task);

        ITransformer model = trainer.Fit(_options with { BatchSize = 4096 }, rows);

        Assert.All(TaskTrainer.Content(model).History.Epochs, epoch => Assert.Equal(epoch.Epoch + 1, epoch.Steps));
        AssertFinite(trainer, model, rows);
    }

    [Fact]
    public void There_may_be_more_classes_than_rows()
    {
        List<TaskRow> rows = TaskTrainer.Rows(2);
        TaskTrainer trainer = new("multiclass");

        AssertFinite(trainer, trainer.Fit(_options, rows), rows);
    }

    [Fact]
    public void Validation_may_bring_a_class_that_training_has_not_seen()
    {
        List<TaskRow> rows = TaskTrainer.Rows(60);
        foreach (TaskRow row in rows)
            row.IsHeldOut = row.Class == 2;
        TaskTrainer trainer = new("multiclass");

        ITransformer model = trainer.Fit(_options with { ValidationColumnName = nameof(TaskRow.IsHeldOut) }, rows);

        Assert.True(TaskTrainer.Content(model).History.ValidationRows > 0);
        Assert.All(TaskTrainer.Content(model).History.Epochs, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));
        AssertFinite(trainer, model, rows);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_feature_vector_without_slots_is_refused_by_the_schema(string task)
    {
        TaskTrainer trainer = new(task);
        IDataView data = trainer.Load([new TaskRow { Class = 1 }], featureCount: 0);

        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Trainer(_options).Fit(data));

        Assert.Contains("Features", exception.Message);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_feature_without_a_single_value_is_taken_for_zero_with_a_warning(string task)
    {
        List<TaskRow> rows = TaskTrainer.Rows(30);
        foreach (TaskRow row in rows)
            row.Features[2] = float.NaN;
        TaskTrainer trainer = new(task);

        ITransformer model = trainer.Fit(_options with { MissingValues = MissingValues.MeanAndIndicator, FeatureScaling = FeatureScaling.Standardize }, rows);

        Assert.Contains("Missing in every training row and taken for 0: feature 2.", trainer.Warnings);
        AssertFinite(trainer, model, rows);
    }

    private static void AssertFinite(TaskTrainer trainer, ITransformer model, List<TaskRow> rows)
    {
        Assert.All(trainer.Scores(model, rows), score => Assert.True(float.IsFinite(score), $"{score}"));
        Assert.All(TaskTrainer.Content(model).History.Epochs, epoch => Assert.True(double.IsFinite(epoch.TrainingLoss)));
    }
}
