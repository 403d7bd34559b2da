using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>A row with a label for each of the three tasks.</summary>
internal sealed class TaskRow
{
    public float[] Features { get; set; } = [];

    public bool Flag { get; set; }

    /// <summary>0 to 2, as ML.NET takes keys from objects; anything above is missing.</summary>
    [KeyType(3)]
    public uint Class { get; set; }

    public float Number { get; set; }

    public bool IsHeldOut { get; set; }
}

/// <summary>The three trainers behind one form.</summary>
internal sealed class TaskTrainer(string task)
{
    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Tasks => ["binary", "multiclass", "regression"];

    /// <summary>Told the context's warnings.</summary>
    public List<string> Warnings { get; } = [];

    public static List<TaskRow> Rows(int count, int seed = 1) =>
    [
        .. LrSchedule.Tests.Estimators.Rows.Binary(count, seed).Select(row => new TaskRow
        {
            Features = row.Features,
            Flag = row.Label,
            Class = row.Features[0] > 0.3 ? 0u : row.Features[1] > 0 ? 1u : 2u,
            Number = 10 + row.Features[0],
        }),
    ];

    public IDataView Load(IEnumerable<TaskRow> rows, int featureCount = LrSchedule.Tests.Estimators.Rows.FeatureCount) =>
        LrSchedule.Tests.Estimators.Rows.Load(_context, rows.ToArray(), featureCount);

    public IEstimator<ITransformer> Trainer(MlpOptions options) => task switch
    {
        "binary" => _context.BinaryClassification.Trainers.Mlp(options with { LabelColumnName = nameof(TaskRow.Flag) }),
        "multiclass" => _context.MulticlassClassification.Trainers.Mlp(options with { LabelColumnName = nameof(TaskRow.Class) }),
        "regression" => _context.Regression.Trainers.Mlp(options with { LabelColumnName = nameof(TaskRow.Number) }),
        _ => throw new ArgumentOutOfRangeException(nameof(options), task, null),
    };

    public ITransformer Fit(MlpOptions options, IEnumerable<TaskRow> rows)
    {
        _context.Log += Note;
        try
        {
            return Trainer(options).Fit(Load(rows));
        }
        finally
        {
            _context.Log -= Note;
        }
    }

    public static MlpModelContent Content(ITransformer model) => model switch
    {
        ISingleFeaturePredictionTransformer<Microsoft.ML.Calibrators.CalibratedModelParametersBase<MlpBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>> binary =>
            ((ITrainedModel)binary.Model.SubModel).Content,
        ISingleFeaturePredictionTransformer<MlpMulticlassModelParameters> multiclass => ((ITrainedModel)multiclass.Model).Content,
        ISingleFeaturePredictionTransformer<MlpRegressionModelParameters> regression => ((ITrainedModel)regression.Model).Content,
        _ => throw new InvalidOperationException($"{model.GetType()} is none of ours."),
    };

    /// <summary>The scores of all rows, one after the other.</summary>
    public float[] Scores(ITransformer model, IEnumerable<TaskRow> rows)
    {
        IDataView scored = model.Transform(Load(rows));
        return scored.Schema["Score"].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>("Score").SelectMany(scores => scores)]
            : [.. scored.GetColumn<float>("Score")];
    }

    public ITransformer SavedAndLoaded(ITransformer model, IEnumerable<TaskRow> rows)
    {
        using System.IO.MemoryStream stream = new();
        _context.Model.Save(model, Load(rows).Schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out _);
    }

    private void Note(object? sender, LoggingEventArgs message)
    {
        if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            Warnings.Add(message.RawMessage);
    }
}
