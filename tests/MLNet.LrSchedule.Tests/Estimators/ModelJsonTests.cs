using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;
using RegressionTransformer = Microsoft.ML.Data.RegressionPredictionTransformer<MLNet.LrSchedule.MlpRegressionModelParameters>;

namespace MLNet.LrSchedule.Tests.Estimators;

public sealed class ModelJsonTests
{
    private static readonly MlpOptions _options = new()
    {
        FeatureScaling = FeatureScaling.None,
        NumericEncoding = NumericEncoding.None,
        HiddenLayers = [new HiddenLayer(4) { Normalization = Normalization.Batch, Activation = Activation.Elu(0.3) }, 3],
        NumberOfEpochs = 3,
        LearningRate = Schedule.Cosine(from: 0.1, to: 1.0 / (1 << 25)),
        Seed = 3,
    };

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Every_number_of_every_layer_reads_back_to_the_same_bits()
    {
        MlpRegressionModelParameters model = Fit().Model;
        using JsonDocument json = JsonDocument.Parse(model.ToJson());
        JsonElement root = json.RootElement;

        Assert.Equal("regression", root.GetProperty("task").GetString());
        Assert.Equal(Rows.FeatureCount, root.GetProperty("inputs").GetInt32());
        Assert.Equal(1, root.GetProperty("outputs").GetInt32());
        LabelScale scale = ((ITrainedModel)model).Content.LabelScale;
        Assert.Equal(scale.Offset, root.GetProperty("labelScale").GetProperty("offset").GetSingle());
        Assert.Equal(scale.Factor, root.GetProperty("labelScale").GetProperty("factor").GetSingle());
        JsonElement[] layers = [.. root.GetProperty("layers").EnumerateArray()];
        Assert.Equal(model.Layers.Select(layer => layer.Kind), layers.Select(layer => layer.GetProperty("layer").GetString()));
        foreach ((MlpLayer layer, JsonElement written) in model.Layers.Zip(layers))
        {
            Assert.Equal(layer.Activation.Name, written.GetProperty("activation").GetString());
            Assert.Equal(Bits(layer.Weights), Bits(written.GetProperty("weights")));
            Assert.Equal(Bits(layer.Biases), Bits(written.GetProperty("biases")));
            if (layer.Kind == "dense")
            {
                Assert.Equal(layer.Inputs, written.GetProperty("weights").GetArrayLength());
            }
        }

        Assert.Equal(Bits(model.Layers[1].Statistics), Bits(layers[1].GetProperty("statistics")));
    }

    [Fact]
    public void Options_schedule_and_history_are_in_it_and_read_back()
    {
        MlpRegressionModelParameters model = Fit().Model;
        using JsonDocument json = JsonDocument.Parse(model.ToJson());

        Assert.Equal(model.Options, RecipeJson.Read(json.RootElement.GetProperty("options").GetRawText()));
        Assert.Equal(model.Schedule, ScheduleJson.Read(json.RootElement.GetProperty("schedule").GetRawText()));
        TrainingHistory history = RecipeJson.Parse<TrainingHistory>(json.RootElement.GetProperty("history").GetRawText(), "history");
        Assert.Equal(model.History.Epochs.Select(epoch => epoch.TrainingLoss), history.Epochs.Select(epoch => epoch.TrainingLoss));
        Assert.Equal(model.History.Seed, history.Seed);
    }

    [Fact]
    public void A_loaded_model_gives_the_text_of_the_trained_one_in_any_culture_and_the_stream_has_the_same_bytes()
    {
        RegressionTransformer trained = Fit();
        string text = trained.Model.ToJson();
        using MemoryStream file = new();
        _context.Model.Save(trained, null, file);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // A comma for the decimal point, and a minus sign of its own.
            CultureInfo.CurrentCulture = new CultureInfo("sv-SE");
            var loaded = (RegressionTransformer)new MLContext().Model.Load(file, out _);
            using MemoryStream stream = new();
            loaded.Model.WriteJson(stream);

            Assert.Equal(text, loaded.Model.ToJson());
            Assert.Equal(text, Encoding.UTF8.GetString(stream.ToArray()));
            Assert.True(stream.CanWrite);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void What_was_learnt_about_the_features_is_in_it_to_the_bit()
    {
        MlpOptions scaled = _options with { FeatureScaling = FeatureScaling.Robust };
        MlpRegressionModelParameters model = _context.Regression.Trainers.Mlp(scaled).Fit(Rows.LoadRegression(_context, 60)).Model;
        InputTransform inputs = ((ITrainedModel)model).Content.Inputs!;
        JsonElement written = JsonElement.Parse(model.ToJson()).GetProperty("inputTransform");

        Assert.Equal(Rows.FeatureCount, inputs.Scales.Length);
        Assert.Equal(Bits(inputs.Offsets), Bits(written.GetProperty("offsets")));
        Assert.Equal(Bits(inputs.Scales), Bits(written.GetProperty("scales")));
        Assert.Equal(Bits(inputs.Fills), Bits(written.GetProperty("fills")));
        Assert.Equal(inputs.Indicators, written.GetProperty("indicators").EnumerateArray().Select(column => column.GetInt32()));
        Assert.Equal(inputs.Squashes, written.GetProperty("squashes").GetBoolean());
        Assert.False(JsonElement.Parse(Fit().Model.ToJson()).TryGetProperty("inputTransform", out _));
    }

    [Fact]
    public void Indented_text_says_the_same()
    {
        MlpRegressionModelParameters model = Fit().Model;
        string indented = model.ToJson(indented: true);

        Assert.Contains("\n  \"layers\": [", indented);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(model.ToJson()), JsonElement.Parse(indented)));
    }

    [Fact]
    public void Weights_that_are_no_ordinary_numbers_are_written_too()
    {
        NetworkDefinition definition = NetworkDefinition.Perceptron(2, Array.Empty<DenseDefinition>(), 3);
        MlpNetwork network = new(definition);
        float[] numbers = [float.NaN, float.PositiveInfinity, -0f, MathF.Pow(2, -25), float.Epsilon, float.MaxValue, 0.1f, -1e-30f, 16777216f];
        numbers.CopyTo(network.Parameters.Span);
        MlpModelContent content = new(new MlpOptions(), network, Fit().Model.History);
        using MemoryStream stream = new();
        ModelJson.Write(stream, LearningTask.MulticlassClassification, content, [new MlpLayer(network, 0)], indented: false);
        JsonElement layer = JsonElement.Parse(Encoding.UTF8.GetString(stream.ToArray())).GetProperty("layers")[0];

        Assert.Equal(Bits(numbers.AsSpan(0, 6)), Bits(layer.GetProperty("weights")));
        Assert.Equal(Bits(numbers.AsSpan(6)), Bits(layer.GetProperty("biases")));
    }

    private static int[] Bits(ReadOnlySpan<float> numbers) => [.. numbers.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private static int[] Bits(JsonElement numbers) => [.. Numbers(numbers).Select(BitConverter.SingleToInt32Bits)];

    private static IEnumerable<float> Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Numbers),
        JsonValueKind.Number => [element.GetSingle()],
        _ => [float.Parse(element.GetString()!, CultureInfo.InvariantCulture)],
    };

    private RegressionTransformer Fit() => _context.Regression.Trainers.Mlp(_options).Fit(Rows.LoadRegression(_context, 60));
}
