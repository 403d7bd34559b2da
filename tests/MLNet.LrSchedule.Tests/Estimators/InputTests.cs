using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Scaling and missing values as users meet them, for all three tasks.</summary>
public class InputTests
{
    private static readonly MlpOptions _options = new() { HiddenLayers = [8], NumberOfEpochs = 4, BatchSize = 16, LearningRate = 0.05, Seed = 5 };

    public static TheoryData<string> Tasks => TaskTrainer.Tasks;

    public static TheoryData<string, FeatureScaling> TasksAndScalings => new()
    {
        { "binary", FeatureScaling.Standardize }, { "multiclass", FeatureScaling.Standardize }, { "regression", FeatureScaling.Standardize },
        { "binary", FeatureScaling.Robust }, { "multiclass", FeatureScaling.Robust }, { "regression", FeatureScaling.Robust },
    };

    [Theory]
    [MemberData(nameof(TasksAndScalings))]
    public void With_scaling_the_unit_of_a_feature_changes_no_bit_of_a_score(string task, FeatureScaling scaling)
    {
        TaskTrainer trainer = new(task);
        MlpOptions options = _options with { FeatureScaling = scaling, ValidationSetFraction = 0.2 };
        List<TaskRow> rows = TaskTrainer.Rows(150), others = InOtherUnits(rows);

        float[] scores = trainer.Scores(trainer.Fit(options, rows), rows), otherScores = trainer.Scores(trainer.Fit(options, others), others);

        Assert.Equal(scores, otherScores);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_saved_model_fills_and_scales_as_it_did(string task)
    {
        TaskTrainer trainer = new(task);
        List<TaskRow> rows = WithGaps(TaskTrainer.Rows(120));
        ITransformer model = trainer.Fit(_options with { FeatureScaling = FeatureScaling.Robust, MissingValues = MissingValues.MeanAndIndicator }, rows);

        ITransformer loaded = trainer.SavedAndLoaded(model, rows);

        float[] scores = trainer.Scores(model, rows);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        Assert.Equal(scores, trainer.Scores(loaded, rows));
        Assert.Equal(120, TaskTrainer.Content(loaded).History.TrainingRows);
        Assert.Equal([1, 3], TaskTrainer.Content(loaded).Inputs!.Indicators);
        Assert.Equal(Rows.FeatureCount + 2, TaskTrainer.Content(loaded).Network.Inputs);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Without_filling_rows_with_gaps_are_passed_over_in_training_and_score_NaN(string task)
    {
        TaskTrainer trainer = new(task);
        List<TaskRow> rows = WithGaps(TaskTrainer.Rows(120));

        ITransformer model = trainer.Fit(_options with { FeatureScaling = FeatureScaling.Standardize }, rows);

        Assert.Contains(trainer.Warnings, warning => warning.Contains("Skipped 42 instances", StringComparison.Ordinal));
        Assert.Equal(78, TaskTrainer.Content(model).History.TrainingRows);
        foreach (TaskRow row in rows)
            Assert.Equal(row.Features.Any(float.IsNaN), trainer.Scores(model, [row]).All(float.IsNaN));
    }

    [Fact]
    public void Rows_held_out_for_validation_teach_nothing_of_the_features()
    {
        TaskTrainer trainer = new("binary");
        MlpOptions options = _options with { FeatureScaling = FeatureScaling.Standardize, ValidationSetFraction = 0.25, ValidationSelection = ValidationSelection.Tail };
        List<TaskRow> rows = TaskTrainer.Rows(100);
        float[] before = TaskTrainer.Content(trainer.Fit(options, rows)).Inputs!.Offsets.ToArray();

        foreach (TaskRow row in rows.Skip(75))
            row.Features = [.. row.Features.Select(feature => feature + 100)];
        float[] heldOutChanged = TaskTrainer.Content(trainer.Fit(options, rows)).Inputs!.Offsets.ToArray();
        rows[74].Features = [.. rows[74].Features.Select(feature => feature + 100)];
        float[] trainedChanged = TaskTrainer.Content(trainer.Fit(options, rows)).Inputs!.Offsets.ToArray();

        Assert.Equal(before, heldOutChanged);
        Assert.NotEqual(before, trainedChanged);
    }

    [Fact]
    public void Going_on_from_a_model_keeps_what_it_sees_of_the_features()
    {
        MLContext context = new(seed: 1);
        MlpOptions options = _options with { FeatureScaling = FeatureScaling.Standardize };
        var trainer = context.BinaryClassification.Trainers.Mlp(options);
        var first = trainer.Fit(Rows.LoadBinary(context, 100, seed: 1));

        var second = trainer.Fit(Rows.LoadBinary(context, 100, seed: 2), first.Model.SubModel);
        var alone = trainer.Fit(Rows.LoadBinary(context, 100, seed: 2));

        Assert.Equal(TaskTrainer.Content(first).Inputs!.Offsets.ToArray(), TaskTrainer.Content(second).Inputs!.Offsets.ToArray());
        Assert.NotEqual(TaskTrainer.Content(first).Inputs!.Offsets.ToArray(), TaskTrainer.Content(alone).Inputs!.Offsets.ToArray());
    }

    [Theory]
    [InlineData(FeatureScaling.Standardize)]
    [InlineData(FeatureScaling.Robust)]
    public void A_stream_teaches_the_same_bits_as_memory(FeatureScaling scaling)
    {
        TaskTrainer trainer = new("regression");
        List<TaskRow> rows = WithGaps(TaskTrainer.Rows(300));
        MlpOptions options = _options with { FeatureScaling = scaling, MissingValues = MissingValues.MeanAndIndicator, Shuffle = false };

        float[] memory = trainer.Scores(trainer.Fit(options, rows), rows), stream = trainer.Scores(trainer.Fit(options with { MaximumCachedRows = 10 }, rows), rows);

        Assert.Equal(memory, stream);
    }

    [Fact]
    public void A_resumed_run_sees_the_features_as_the_interrupted_one_did()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            TaskTrainer trainer = new("multiclass");
            List<TaskRow> rows = WithGaps(TaskTrainer.Rows(100));
            MlpOptions options = _options with { FeatureScaling = FeatureScaling.Robust, MissingValues = MissingValues.MeanAndIndicator };
            float[] whole = trainer.Scores(trainer.Fit(options with { Checkpoint = new CheckpointOptions { Path = path, EveryEpochs = 2 } }, rows), rows);

            float[] resumed = trainer.Scores(trainer.Fit(options with { ResumeFrom = Checkpoint.Load(path) }, rows), rows);

            Assert.Equal(whole, resumed);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_rate_finder_sees_the_features_as_a_fit_does()
    {
        MLContext context = new(seed: 1);
        List<TaskRow> rows = TaskTrainer.Rows(200), others = InOtherUnits(rows);
        MlpOptions options = _options with { LabelColumnName = nameof(TaskRow.Flag), FeatureScaling = FeatureScaling.Standardize, MissingValues = MissingValues.Mean };
        LearningRateFinderOptions finder = new() { Steps = 30, NumberOfSeeds = 1 };

        var found = context.BinaryClassification.Trainers.Mlp(options).FindLearningRate(Rows.Load(context, WithGaps(rows)), finder);
        var other = context.BinaryClassification.Trainers.Mlp(options).FindLearningRate(Rows.Load(context, WithGaps(others)), finder);

        Assert.Equal(found.Curves, other.Curves);
    }

    [Theory]
    [InlineData(FeatureScaling.Standardize)]
    [InlineData(FeatureScaling.Robust)]
    public void A_model_trained_on_sparse_rows_keeps_zeros_and_scores_both_forms_alike(FeatureScaling scaling)
    {
        const int width = 100;
        MLContext context = new(seed: 1);
        Random random = new(3);
        List<SparseBinaryRow> sparse = [];
        List<BinaryRow> dense = [];
        for (int i = 0; i < 200; i++)
        {
            int[] columns = [.. Enumerable.Range(0, width).Where(_ => random.Next(20) == 0)];
            float[] values = [.. columns.Select(column => i % 7 == 0 && column == columns[0] ? float.NaN : (float)(1 + random.NextDouble()))];
            float[] row = new float[width];
            for (int j = 0; j < columns.Length; j++)
                row[columns[j]] = values[j];
            sparse.Add(new SparseBinaryRow { Features = new(width, columns.Length, values, columns), Label = columns.Length > 5 });
            dense.Add(new BinaryRow { Features = row, Label = columns.Length > 5 });
        }

        MlpOptions options = _options with { FeatureScaling = scaling, MissingValues = MissingValues.MeanAndIndicator };
        var model = context.BinaryClassification.Trainers.Mlp(options).Fit(Rows.Load(context, sparse, width));
        float[] ofSparse = Scores(model.Transform(Rows.Load(context, sparse, width))), ofDense = Scores(model.Transform(Rows.Load(context, dense, width)));

        Assert.True(TaskTrainer.Content(model).Inputs!.KeepsZeros);
        Assert.NotEmpty(TaskTrainer.Content(model).Inputs!.Indicators);
        Assert.Equal(ofSparse, ofDense);
        Assert.All(ofSparse, score => Assert.True(float.IsFinite(score)));

        static float[] Scores(IDataView scored) => [.. Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<float>(scored, "Score")];
    }

    // Powers of two change no bit but the exponent's.
    private static List<TaskRow> InOtherUnits(List<TaskRow> rows) =>
    [
        .. rows.Select(row => new TaskRow { Features = [.. row.Features.Select((feature, i) => feature * (1 << i))], Flag = row.Flag, Class = row.Class, Number = row.Number }),
    ];

    // Every fourth row lacks feature 1, and every tenth feature 3.
    private static List<TaskRow> WithGaps(List<TaskRow> rows) =>
    [
        .. rows.Select((row, number) => new TaskRow
        {
            Features = [.. row.Features.Select((feature, i) => (i == 1 && number % 4 == 0) || (i == 3 && number % 10 == 1) ? float.NaN : feature)],
            Flag = row.Flag,
            Class = row.Class,
            Number = row.Number,
        }),
    ];
}
