using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Onnx;

/// <summary>
/// The stock scorers hand their models to the converter's context, as <c>ConvertToOnnx</c> has them do; what the context then holds gives, in another engine,
/// the columns that the scorers add.
/// </summary>
public sealed class OnnxConversionTests
{
    private static readonly MlpOptions _options = new()
    {
        HiddenLayers = [new HiddenLayer(8) { Normalization = Normalization.Layer }, new HiddenLayer(7) { Activation = Activation.Elu(0.5) }],
        FeatureScaling = FeatureScaling.Robust,
        MissingValues = MissingValues.MeanAndIndicator,
        NumberOfEpochs = 4,
        LearningRate = 0.05,
        Seed = 3,
    };

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string, int> TasksAndOperatorSets
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string task in new[] { "binary", "multiclass", "regression" })
            {
                foreach (int operatorSet in new[] { 9, 10, 11, 12 })
                    data.Add(task, operatorSet);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(TasksAndOperatorSets))]
    public void The_scorer_s_columns(string task, int operatorSet)
    {
        List<TaskRow> rows = TaskTrainer.Rows(80);
        TaskTrainer trainer = new(task);
        ITransformer model = trainer.SavedAndLoaded(trainer.Fit(_options, rows), rows);
        RecordingOnnxContext converted = AssertConverts(model.Transform(trainer.Load(rows)), operatorSet);
        Assert.Equal(9, converted.Asked);
    }

    [Fact]
    public void A_converter_with_older_operators_refuses_and_gets_none()
    {
        List<TaskRow> rows = TaskTrainer.Rows(80);
        TaskTrainer trainer = new("binary");
        IDataView scored = trainer.Fit(_options, rows).Transform(trainer.Load(rows));
        RecordingOnnxContext context = new(operatorSet: 8);
        context.AddInput("Features", Rows.FeatureCount);

        Assert.Throws<InvalidOperationException>(() => ((ISaveAsOnnx)scored).SaveAsOnnx(context));
        Assert.Empty(context.Operators);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_versus_all(bool useProbabilities)
    {
        List<TaskRow> rows = TaskTrainer.Rows(80);
        IDataView data = new TaskTrainer("multiclass").Load(rows);
        var binary = _context.BinaryClassification.Trainers.Mlp(_options with { LabelColumnName = nameof(TaskRow.Class) });
        ITransformer model = _context.MulticlassClassification.Trainers
            .OneVersusAll(binary, labelColumnName: nameof(TaskRow.Class), useProbabilities: useProbabilities).Fit(data);
        AssertConverts(model.Transform(data), operatorSet: 12);
    }

    [Fact]
    public void A_binary_model_without_its_calibrator_converts_too()
    {
        List<TaskRow> rows = TaskTrainer.Rows(80);
        IDataView data = new TaskTrainer("binary").Load(rows);
        MlpBinaryModelParameters model = _context.BinaryClassification.Trainers
            .Mlp(_options with { LabelColumnName = nameof(TaskRow.Flag) }).Fit(data).Model.SubModel;
        RecordingOnnxContext context = new(operatorSet: 12);
        string features = context.AddInput("Features", Rows.FeatureCount);
        string[] names = [.. new[] { "PredictedLabel", "Score", "Probability" }.Select(name => context.AddIntermediateVariable(null, name, true))];

        ISingleCanSaveOnnx convertible = model;
        Assert.True(convertible.CanSaveOnnx(context));
        Assert.True(convertible.SaveAsOnnx(context, names, features));
        context.AddOutput("Score", 1, typeof(float));
        context.AddOutput("Probability", 1, typeof(float));

        float[][] numbers = [.. rows.Select(row => row.Features)];
        Dictionary<string, float[]> given = OnnxEngine.Run(context.Write(), numbers);
        MlpPredictor predictor = model.CreatePredictor();
        OnnxEngine.AssertClose([.. numbers.Select(row => predictor.Score(row))], given["Score"]);
        OnnxEngine.AssertClose([.. numbers.Select(row => predictor.Predict(row))], given["Probability"]);
    }

    [Fact]
    public void Outputs_that_a_task_does_not_have_are_refused()
    {
        MlpRegressionModelParameters model = _context.Regression.Trainers.Mlp(_options).Fit(Rows.LoadRegression(_context, 40)).Model;
        RecordingOnnxContext context = new(operatorSet: 12);
        string features = context.AddInput("Features", Rows.FeatureCount);
        Assert.Throws<InvalidOperationException>(() => ((ISingleCanSaveOnnx)model).SaveAsOnnx(context, ["PredictedLabel", "Score"], features));
        Assert.Empty(context.Operators);
    }

    private static RecordingOnnxContext AssertConverts(IDataView scored, int operatorSet)
    {
        DataViewSchema schema = scored.Schema;
        int features = ((VectorDataViewType)schema["Features"].Type).Size;
        RecordingOnnxContext context = new(operatorSet);
        context.AddInput("Features", features);
        ((ISaveAsOnnx)scored).SaveAsOnnx(context);

        string[] columns = [.. new[] { "PredictedLabel", "Score", "Probability" }.Where(name => schema.GetColumnOrNull(name) is not null)];
        foreach (string column in columns)
        {
            DataViewType type = schema[column].Type;
            Type raw = type is VectorDataViewType vector ? vector.ItemType.RawType : type.RawType;
            context.AddOutput(column, type is VectorDataViewType { Size: var width } ? width : 1, raw);
        }

        Dictionary<string, float[]> given = OnnxEngine.Run(context.Write(), [.. scored.GetColumn<float[]>("Features")]);
        Assert.Equal(columns, given.Keys);
        foreach (string column in columns)
            OnnxEngine.AssertClose(Numbers(scored, schema[column]), given[column]);
        return context;
    }

    private static float[] Numbers(IDataView data, DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType => [.. data.GetColumn<float[]>(column).SelectMany(row => row)],
        KeyDataViewType => [.. data.GetColumn<uint>(column).Select(key => (float)key)],
        BooleanDataViewType => [.. data.GetColumn<bool>(column).Select(flag => flag ? 1f : 0)],
        _ => [.. data.GetColumn<float>(column)],
    };
}
