using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using CsCheck;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

public class RecipeJsonTests
{
    private static readonly Gen<Activation> _activation = Gen.OneOf(Activation.Identity, Activation.Relu, Activation.Tanh, Activation.Sigmoid);

    private static readonly Gen<HiddenLayer> _layer =
        from units in Gen.Int[1, 1 << 20]
        from activation in Gen.Null(_activation)
        select new HiddenLayer(units) { Activation = activation };

    private static readonly Gen<WeightInitializer> _initializer = Gen.OneOf(
        Gen.OneOf(WeightInitializer.GlorotNormal, WeightInitializer.GlorotUniform, WeightInitializer.HeNormal, WeightInitializer.HeUniform),
        Gen.Double[1e-9, 10].Select(WeightInitializer.Normal),
        Gen.Double[1e-9, 10].Select(WeightInitializer.Uniform));

    private static readonly Gen<MlpOptions> _options =
        from layers in _layer.Array[0, 4]
        from activation in _activation
        from initializer in _initializer
        from batch in Gen.Int[1, 1 << 20]
        from epochs in Gen.Int[1, int.MaxValue]
        from rate in Gen.Double[0, 10]
        from decay in Gen.Double[0, 1]
        from seed in Gen.Int.Nullable()
        from fraction in Gen.Double[0, 0.99]
        from flags in Gen.Bool.Array[4]
        from weights in Gen.Null(Gen.String[Gen.Char.AlphaNumeric, 1, 9])
        select new MlpOptions
        {
            HiddenLayers = [.. layers],
            Activation = activation,
            WeightInitializer = initializer,
            BatchSize = batch,
            NumberOfEpochs = epochs,
            LearningRate = Schedule.TimeBased(rate, decay),
            Momentum = decay,
            MomentumConvention = flags[0] ? MomentumConvention.Velocity : MomentumConvention.GradientBuffer,
            Nesterov = flags[1],
            Seed = seed,
            Shuffle = flags[2],
            ValidationSetFraction = fraction,
            ValidationSelection = flags[3] ? ValidationSelection.Tail : ValidationSelection.Random,
            ExampleWeightColumnName = weights,
        };

    [Fact]
    public void Any_options_come_back_equal_compact_or_indented() => _options.Sample(options =>
        RecipeJson.Read(RecipeJson.Write(options)) == options && RecipeJson.Read(RecipeJson.Write(options, indented: true)) == options);

    [Fact]
    public void Every_option_is_written_but_not_what_belongs_to_one_run()
    {
        string[] expected =
        [
            .. typeof(MlpOptions).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
                .Except(["validationSet", "progress", "cancellationToken", "onCancel", "timeLimit", "maxThreads", "callbacks", "checkpoint", "resumeFrom"]).Order(),
        ];
        using CancellationTokenSource source = new();

        using JsonDocument json = JsonDocument.Parse(RecipeJson.Write(new MlpOptions { Progress = new Progress<EpochRecord>(), CancellationToken = source.Token }));

        Assert.Equal(expected, json.RootElement.EnumerateObject().Select(property => property.Name).Order());
    }

    [Fact]
    public void Options_read_as_a_person_would_write_them()
    {
        MlpOptions options = new()
        {
            HiddenLayers = [34, new HiddenLayer(8) { Activation = Activation.Tanh }],
            WeightInitializer = WeightInitializer.Normal(0.05),
            LearningRate = 0.1,
        };

        string json = RecipeJson.Write(options);

        Assert.Contains("\"hiddenLayers\":[34,{\"units\":8,\"activation\":\"tanh\"}]", json);
        Assert.Contains("\"activation\":\"relu\"", json);
        Assert.Contains("\"weightInitializer\":\"normal(0.05)\"", json);
        Assert.Contains("\"learningRate\":0.1", json);
        Assert.Contains("\"validationSelection\":\"random\"", json);
    }

    [Fact]
    public void Options_a_text_leaves_out_have_their_defaults() => Assert.Equal(new MlpOptions { BatchSize = 7 }, RecipeJson.Read("{\"batchSize\":7}"));

    [Theory]
    [InlineData("", "not a valid set of options")]
    [InlineData("null", "null")]
    [InlineData("[1]", "not a valid set of options")]
    [InlineData("{\"batchSice\":7}", "batchSice")]
    [InlineData("{\"batchSize\":0}", "BatchSize must be from 1")]
    [InlineData("{\"batchSize\":7,\"batchSize\":8}", "batchSize")]
    [InlineData("{\"batchSize\":\"many\"}", "batchSize")]
    [InlineData("{\"activation\":\"softmax\"}", "'softmax' names no activation; known are identity, relu, leaky relu(x)")]
    [InlineData("{\"weightInitializer\":\"normal(-1)\"}", "standard deviation must be above 0")]
    [InlineData("{\"weightInitializer\":\"magic\"}", "'magic' names no weight initialiser")]
    [InlineData("{\"hiddenLayers\":[0]}", "A hidden layer has 1 to")]
    [InlineData("{\"hiddenLayers\":[1.5]}", "whole number")]
    [InlineData("{\"hiddenLayers\":[null]}", "null")]
    [InlineData("{\"hiddenLayers\":[{\"units\":3,\"colour\":1}]}", "colour")]
    [InlineData("{\"learningRate\":{\"schedule\":\"acme.unknown\"}}", "'acme.unknown' is not the name of a schedule")]
    [InlineData("{\"labelColumnName\":\"\"}", "LabelColumnName must name a column")]
    [InlineData("{\"labelColumnName\":null}", "labelColumnName")]
    public void A_text_that_is_no_set_of_options_is_refused_with_the_reason(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => RecipeJson.Read(json)).Message);

    [Fact]
    public void A_schedule_of_the_user_s_own_without_a_name_cannot_be_written() =>
        Assert.Contains("Register", Assert.Throws<InvalidOperationException>(() => RecipeJson.Write(new MlpOptions { LearningRate = new Nameless() })).Message);

    private sealed record Nameless : Schedule
    {
        public override double At(ScheduleTime time) => 0.1;
    }
}
