using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Onnx;

/// <summary>Models written as ONNX, scored by ONNX Runtime, against the models themselves.</summary>
public sealed class OnnxFileTests
{
    private static readonly MlpOptions _options = new() { HiddenLayers = [8, 7], NumberOfEpochs = 4, LearningRate = 0.05, Seed = 3 };

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Tasks => TaskTrainer.Tasks;

    public static TheoryData<string> Activations =>
    [
        .. Enum.GetValues<ActivationKind>().Select(kind => kind switch
        {
            ActivationKind.LeakyRelu => "leaky relu(0.3)",
            ActivationKind.Elu => "elu(0.7)",
            _ => Enum.GetValues<ActivationKind>().Length == 12 ? ActivationName(kind) : throw new InvalidOperationException("An activation is new."),
        }),
    ];

    public static TheoryData<string, string> TasksAndLayers
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string task in new[] { "binary", "multiclass", "regression" })
            {
                foreach (string layers in new[] { "none", "batch", "layer", "dropout", "residual", "all" })
                    data.Add(task, layers);
            }

            return data;
        }
    }

    public static TheoryData<string, FeatureScaling, MissingValues> TasksAndInputs
    {
        get
        {
            TheoryData<string, FeatureScaling, MissingValues> data = [];
            foreach (string task in new[] { "binary", "multiclass", "regression" })
            {
                foreach (FeatureScaling scaling in Enum.GetValues<FeatureScaling>())
                {
                    foreach (MissingValues missing in Enum.GetValues<MissingValues>())
                        data.Add(task, scaling, missing);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Every_activation(string name)
    {
        Activation activation = Activation.Parse(name);
        MlpOptions options = _options with { HiddenLayers = [new HiddenLayer(8) { Activation = activation }, new HiddenLayer(7) { Activation = activation }] };
        MlpBinaryModelParameters model = _context.BinaryClassification.Trainers.Mlp(options).Fit(Rows.LoadBinary(_context)).Model.SubModel;

        // Far out too, where functions level off.
        OnnxEngine.AssertSame(model, [.. Wide(1), .. Wide(20)]);
    }

    [Theory]
    [MemberData(nameof(TasksAndLayers))]
    public void Every_task_and_every_kind_of_layer(string task, string layers)
    {
        ITransformer model = new TaskTrainer(task).Fit(_options with { HiddenLayers = Hidden(layers) }, TaskTrainer.Rows(150));
        AssertSame(model, Wide(2));
    }

    [Theory]
    [MemberData(nameof(TasksAndInputs))]
    public void Scaling_and_missing_values(string task, FeatureScaling scaling, MissingValues missing)
    {
        List<TaskRow> training = TaskTrainer.Rows(150);
        for (int i = 0; i < training.Count; i++)
        {
            // Without scaling nothing would be learnt from it.
            if (scaling != FeatureScaling.None)
                training[i].Features[4] = (training[i].Features[4] * 1000) + 5000;
            if (i % 5 == 0)
                training[i].Features[i % 3] = float.NaN;
        }

        MlpOptions options = _options with { FeatureScaling = scaling, MissingValues = missing };
        ITransformer model = new TaskTrainer(task).Fit(options, training);
        List<float[]> rows = [.. training.Select(row => row.Features), .. Wide(1e4f), .. Wide(1e9f)];
        if (missing != MissingValues.Skip)
            rows.AddRange([[float.NaN, float.NegativeInfinity, 0, float.PositiveInfinity, 1], [.. Enumerable.Repeat(float.NaN, 5)]]);
        AssertSame(model, rows);
    }

    [Theory]
    [InlineData("binary", MissingValues.Skip)]
    [InlineData("multiclass", MissingValues.Mean)]
    [InlineData("regression", MissingValues.MeanAndIndicator)]
    public void Encoded_numbers(string task, MissingValues missing)
    {
        List<TaskRow> training = TaskTrainer.Rows(1500);
        for (int i = 0; i < training.Count; i += 9)
            training[i].Features[i % 5] = float.NaN;
        MlpOptions options = _options with { NumericEncoding = NumericEncoding.PiecewiseLinear, MissingValues = missing, FeatureScaling = FeatureScaling.Robust };
        ITransformer model = new TaskTrainer(task).Fit(options, training);
        Assert.NotEmpty(TaskTrainer.Content(model).Inputs!.Encoded);
        List<float[]> rows = [.. training.Take(100).Select(row => row.Features), .. Wide(3), .. Wide(1e4f)];
        if (missing != MissingValues.Skip)
            rows.Add([float.NaN, float.NegativeInfinity, 0, float.PositiveInfinity, 1]);
        AssertSame(model, rows);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("selu")]
    [InlineData("mish")]
    public void A_missing_feature_scores_NaN_where_the_model_does(string activation)
    {
        MlpOptions options = _options with { HiddenLayers = [new HiddenLayer(37) { Activation = Activation.Parse(activation) }, 9] };
        ITransformer model = new TaskTrainer("multiclass").Fit(options, TaskTrainer.Rows(50));
        float[][] rows = [[float.NaN, 0, 0, 0, 0], [0, 1, 2, 3, 4]];
        AssertSame(model, rows);
    }

    [Theory]
    [InlineData("binary", FeatureScaling.None, MissingValues.Skip)]
    [InlineData("multiclass", FeatureScaling.Robust, MissingValues.MeanAndIndicator)]
    [InlineData("regression", FeatureScaling.Standardize, MissingValues.Mean)]
    [InlineData("binary", FeatureScaling.Robust, MissingValues.Mean)]
    public void Embeddings(string task, FeatureScaling scaling, MissingValues missing)
    {
        IDataView data = CategoricalRows.Encoding(_context).Fit(Categorical()).Transform(Categorical());
        MlpOptions options = _options with { CategoricalEmbeddings = new CategoricalEmbeddings(), FeatureScaling = scaling, MissingValues = missing };
        ITransformer model = CategoricalRows.Trainer(_context, task, options).Fit(data);
        List<float[]> rows = [.. data.GetColumn<float[]>("Features").Take(60)];
        rows.Add(new float[CategoricalRows.FeatureCount]);
        rows.Add([.. Enumerable.Range(0, CategoricalRows.FeatureCount).Select(i => i * 0.1f)]);
        rows.Add([.. Enumerable.Range(0, CategoricalRows.FeatureCount).Select(i => i % 4 == 1 ? -1f : 0)]);
        if (missing != MissingValues.Skip)
            rows.Add([.. Enumerable.Repeat(float.NaN, CategoricalRows.FeatureCount)]);
        Assert.NotEmpty(TaskTrainer.Content(model).Network.Definition.Embeddings.ToArray());
        AssertSame(model, rows);
    }

    [Theory]
    [InlineData("squared")]
    [InlineData("absolute")]
    [InlineData("poisson")]
    [InlineData("huber(0.5)")]
    [InlineData("quantile(0.9)")]
    public void Every_loss_of_a_regression(string loss)
    {
        // The exponential of a Poisson regression takes no larger rate.
        MlpOptions options = _options with { Loss = Loss.Parse(loss), LearningRate = 0.005 };
        AssertSame(new TaskTrainer("regression").Fit(options, TaskTrainer.Rows(100)), Wide(1));
    }

    [Fact]
    public void The_target_s_scale_is_undone()
    {
        RegressionPredictionTransformer<MlpRegressionModelParameters> model = _context.Regression.Trainers.Mlp(_options).Fit(Rows.LoadRegression(_context));
        float[] scores = OnnxEngine.Run(OnnxEngine.File(model.Model), Wide(1))["Score"];
        Assert.InRange(scores.Average(), 40_000, 60_000);
        OnnxEngine.AssertSame(model.Model, Wide(1));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void ML_NET_s_transformer_gives_the_columns_of_the_model(string task)
    {
        List<TaskRow> rows = TaskTrainer.Rows(80);
        TaskTrainer trainer = new(task);
        ITransformer model = trainer.Fit(_options with { HiddenLayers = Hidden("all") }, rows);
        string file = Path.Combine(TemporaryFolders.Create("onnx"), "network.onnx");
        try
        {
            File.WriteAllBytes(file, SavedBytes(model));
            IDataView data = trainer.Load(rows);
            IDataView scored = _context.Transforms.ApplyOnnxModel(new OnnxOptions { ModelFile = file, InputColumns = ["Features"], OutputColumns = ["Score"] })
                .Fit(data).Transform(data);

            OnnxEngine.AssertClose(trainer.Scores(model, rows), [.. scored.GetColumn<float[]>("Score").SelectMany(score => score)]);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_loaded_model_gives_the_bytes_of_the_trained_one_and_the_stream_stays_open(string task)
    {
        List<TaskRow> rows = TaskTrainer.Rows(60);
        TaskTrainer trainer = new(task);
        ITransformer model = trainer.Fit(_options, rows);
        byte[] bytes = SavedBytes(model);
        Assert.NotEmpty(bytes);
        Assert.Equal(bytes, SavedBytes(trainer.SavedAndLoaded(model, rows)));
    }

    [Fact]
    public void What_has_no_form_is_refused_before_anything_is_written()
    {
        TrainingHistory history = _context.Regression.Trainers.Mlp(_options).Fit(Rows.LoadRegression(_context, 40)).Model.History;
        MlpNetwork strange = new(new NetworkDefinition(3, [new DenseDefinition(2, Activation.Relu), new UnknownDefinition(), new DenseDefinition(1, Activation.Identity)]));
        MlpNetwork plain = new(NetworkDefinition.Perceptron(3, Array.Empty<DenseDefinition>(), 1));
        using MemoryStream stream = new();

        var layer = Assert.Throws<NotSupportedException>(
            () => new MlpRegressionModelParameters(_context, new MlpModelContent(_options, strange, history)).SaveAsOnnx(stream));
        var loss = Assert.Throws<NotSupportedException>(() => new MlpRegressionModelParameters(
            _context, new MlpModelContent(_options with { Loss = new PointLoss("unheard of", 1) }, plain, history)).SaveAsOnnx(stream));

        Assert.Contains("Layer 1, something new,", layer.Message);
        Assert.Contains("unheard of", loss.Message);
        Assert.Equal(0, stream.Length);
        Assert.Throws<ArgumentNullException>(() => new MlpRegressionModelParameters(_context, new MlpModelContent(_options, plain, history)).SaveAsOnnx(null!));
    }

    private IDataView Categorical() => _context.Data.LoadFromEnumerable(CategoricalRows.Make(150));

    private static float[][] Wide(float factor) => [.. Rows.Binary(40, seed: 5).Select(row => row.Features.Select(x => factor * x).ToArray())];

    private static HiddenLayerList Hidden(string layers) => layers switch
    {
        "none" => [],
        "batch" => [new HiddenLayer(9) { Normalization = Normalization.Batch }, new HiddenLayer(6) { Normalization = Normalization.Batch, Activation = Activation.Silu }],
        "layer" => [new HiddenLayer(9) { Normalization = Normalization.Layer }, new HiddenLayer(6) { Normalization = Normalization.Layer, Activation = Activation.Tanh }],
        "dropout" => [new HiddenLayer(9) { Dropout = 0.3 }, new HiddenLayer(6) { Dropout = 0.1 }],
        "residual" => [new HiddenLayer(Rows.FeatureCount) { IsResidual = true }, new HiddenLayer(6), new HiddenLayer(6) { IsResidual = true }],
        "all" =>
        [
            new HiddenLayer(Rows.FeatureCount) { Normalization = Normalization.Batch, Dropout = 0.2, IsResidual = true, Activation = Activation.Elu(0.5) },
            new HiddenLayer(7) { Normalization = Normalization.Layer, Activation = Activation.Gelu },
            new HiddenLayer(7) { Dropout = 0.1, IsResidual = true, Activation = Activation.Mish },
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(layers), layers, null),
    };

    private static void AssertSame(ITransformer model, IReadOnlyList<float[]> rows)
    {
        switch (model)
        {
            case ISingleFeaturePredictionTransformer<CalibratedModelParametersBase<MlpBinaryModelParameters, PlattCalibrator>> binary:
                OnnxEngine.AssertSame(binary.Model.SubModel, rows);
                break;
            case ISingleFeaturePredictionTransformer<MlpMulticlassModelParameters> multiclass:
                OnnxEngine.AssertSame(multiclass.Model, rows);
                break;
            default:
                OnnxEngine.AssertSame(((ISingleFeaturePredictionTransformer<MlpRegressionModelParameters>)model).Model, rows);
                break;
        }
    }

    private static byte[] SavedBytes(ITransformer model) => model switch
    {
        ISingleFeaturePredictionTransformer<CalibratedModelParametersBase<MlpBinaryModelParameters, PlattCalibrator>> binary => OnnxEngine.File(binary.Model.SubModel),
        ISingleFeaturePredictionTransformer<MlpMulticlassModelParameters> multiclass => OnnxEngine.File(multiclass.Model),
        _ => OnnxEngine.File(((ISingleFeaturePredictionTransformer<MlpRegressionModelParameters>)model).Model),
    };

    private static string ActivationName(ActivationKind kind) => typeof(Activation).GetProperty(kind.ToString())!.GetValue(null)!.ToString()!;

    private sealed record UnknownDefinition : LayerDefinition
    {
        public override string Name => "something new";

        public override Layer Create(int inputs, int parameterOffset) => new DropoutLayer(inputs, parameterOffset);
    }
}
