using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.EdgeCases;

/// <summary>A row for any task: each takes of <see cref="Target"/> what it can learn.</summary>
internal sealed record EdgeRow(float[] Features, float Target);

/// <summary>One task with one way to treat features: loads rows, fits them, and gives the bits of scores.</summary>
internal sealed class EdgeCase(string task, MissingValues missingValues = MissingValues.Skip, FeatureScaling scaling = FeatureScaling.None)
{
    public static readonly string[] Tasks = ["binary", "multiclass", "regression"];

    /// <summary>The warnings of all fits.</summary>
    public List<string> Warnings { get; } = [];

    public MLContext Context => field ??= Logged();

    public MlpOptions Options { get; init; } = new()
    {
        HiddenLayers = [6],
        NumberOfEpochs = 3,
        LearningRate = 0.05,
        BatchSize = 16,
        Seed = 3,
        MissingValues = missingValues,
        FeatureScaling = scaling,
    };

    /// <summary>Every task with every way to treat features.</summary>
    public static TheoryData<string, MissingValues, FeatureScaling> All()
    {
        TheoryData<string, MissingValues, FeatureScaling> all = [];
        foreach (string task in Tasks)
        {
            foreach (MissingValues missing in Enum.GetValues<MissingValues>())
            {
                foreach (FeatureScaling scaling in Enum.GetValues<FeatureScaling>())
                {
                    all.Add(task, missing, scaling);
                }
            }
        }

        return all;
    }

    /// <summary>Rows whose target is a noisy sum of two features, in [-1, 1]; the last feature is always 7.</summary>
    public static EdgeRow[] Rows(int count, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, 4).Select(_ => (float)((random.NextDouble() * 2) - 1)), 7];
            return new EdgeRow(features, ((features[0] - features[1]) / 2) + (0.01f * (float)random.NextDouble()));
        })];
    }

    /// <summary>The same rows with one feature of one row changed.</summary>
    public static EdgeRow[] With(EdgeRow[] rows, int row, int feature, float value)
    {
        EdgeRow[] changed = [.. rows];
        float[] features = [.. rows[row].Features];
        features[feature] = value;
        changed[row] = rows[row] with { Features = features };
        return changed;
    }

    public IDataView Load(params IReadOnlyList<EdgeRow> rows)
    {
        int width = rows.Count > 0 ? rows[0].Features.Length : 5;
        switch (task)
        {
            case "binary":
                return Estimators.Rows.Load(Context, rows.Select(row => new BinaryRow { Features = row.Features, Label = row.Target > 0 }), width);
            case "regression":
                return Estimators.Rows.Load(Context, rows.Select(row => new RegressionRow { Features = row.Features, Label = row.Target }), width);
            default:
                IDataView data = Estimators.Rows.Load(
                    Context, rows.Select(row => new MulticlassRow { Features = row.Features, Species = Species(row.Target) }), width);
                return Context.Transforms.Conversion.MapValueToKey("Label", "Species", keyData: Estimators.Rows.Keys(Context)).Fit(data).Transform(data);
        }
    }

    public ITransformer Fit(params IReadOnlyList<EdgeRow> rows) => Fit(Load(rows));

    public ITransformer Fit(IDataView data) => ((IEstimator<ITransformer>)(task switch
    {
        "binary" => Context.BinaryClassification.Trainers.Mlp(Options),
        "regression" => Context.Regression.Trainers.Mlp(Options),
        _ => Context.MulticlassClassification.Trainers.Mlp(Options),
    })).Fit(data);

    /// <summary>Goes on from a model of this task.</summary>
    public ITransformer GoOn(IDataView data, ITransformer start) => start switch
    {
        ISingleFeaturePredictionTransformer<CalibratedModelParametersBase<MlpBinaryModelParameters, PlattCalibrator>> binary =>
            Context.BinaryClassification.Trainers.Mlp(Options).Fit(data, binary.Model.SubModel),
        ISingleFeaturePredictionTransformer<MlpRegressionModelParameters> regression => Context.Regression.Trainers.Mlp(Options).Fit(data, regression.Model),
        _ => Context.MulticlassClassification.Trainers.Mlp(Options).Fit(data, ((ISingleFeaturePredictionTransformer<MlpMulticlassModelParameters>)start).Model),
    };

    public static TrainingHistory History(ITransformer model) => model switch
    {
        ISingleFeaturePredictionTransformer<CalibratedModelParametersBase<MlpBinaryModelParameters, PlattCalibrator>> binary => binary.Model.SubModel.History,
        ISingleFeaturePredictionTransformer<MlpRegressionModelParameters> regression => regression.Model.History,
        _ => ((ISingleFeaturePredictionTransformer<MlpMulticlassModelParameters>)model).Model.History,
    };

    public float[] Scores(ITransformer model, params IReadOnlyList<EdgeRow> rows) => Scores(model.Transform(Load(rows)));

    /// <summary>All numbers of all scores, row after row.</summary>
    public static float[] Scores(IDataView scored) => scored.Schema["Score"].Type is VectorDataViewType
        ? [.. scored.GetColumn<float[]>("Score").SelectMany(scores => scores)]
        : [.. scored.GetColumn<float>("Score")];

    /// <summary>Fails unless the bits are the same and are those of numbers.</summary>
    public static void AssertSame(float[] expected, float[] found)
    {
        Assert.All(expected, score => Assert.True(float.IsFinite(score)));
        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), found.Select(BitConverter.SingleToUInt32Bits));
    }

    private static string Species(float target) => Estimators.Rows.Species[target < -0.2f ? 0 : target < 0.2f ? 1 : 2];

    private MLContext Logged()
    {
        MLContext context = new(seed: 1);
        context.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                Warnings.Add(message.Message);
            }
        };
        return context;
    }
}
