using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

public class MlpModelFormatTests
{
    private const string SoundNetwork =
        "{\"task\":\"binaryClassification\",\"inputs\":3,\"layers\":[{\"layer\":\"dense\",\"outputs\":4,\"activation\":\"tanh\"}," +
        "{\"layer\":\"dense\",\"outputs\":2,\"activation\":\"relu\"},{\"layer\":\"dense\",\"outputs\":1,\"activation\":\"identity\"}]," +
        "\"labelScale\":{\"offset\":0,\"factor\":1}}";

    private static readonly MlpModelContent _content = MakeContent();

    [Fact]
    public void A_network_is_written_as_a_person_would() => Assert.Equal(SoundNetwork, Encoding.UTF8.GetString(Sections()["NETW"]));

    [Fact]
    public void A_model_comes_back_with_every_bit()
    {
        MlpModelContent read = Read(Bytes(_content));

        Assert.Equal(_content.Options, read.Options);
        Assert.Equal(_content.History, read.History);
        Assert.True(_content.Network.Definition.HasSameShapeAs(read.Network.Definition));
        Assert.Equal(_content.Network.Parameters.Span.ToArray(), read.Network.Parameters.Span.ToArray());
    }

    [Fact]
    public void A_network_for_another_task_is_refused() => AssertRefused("found one for BinaryClassification", () =>
    {
        using MemoryStream stream = new(Bytes(_content));
        MlpModelFormat.Read(stream, LearningTask.Regression);
    });

    [Fact]
    public void Fewer_parameters_than_the_layers_need_are_refused() =>
        AssertRefused("found 4", () => Read(With("PARA", [0, 0, 0, 0])));

    [Fact]
    public void Layers_that_would_need_more_memory_than_there_is_are_refused_before_it_is_taken() => AssertRefused("damaged", () => Read(With(
        "NETW",
        "{\"task\":\"binaryClassification\",\"inputs\":2147483647,\"layers\":[{\"layer\":\"dense\",\"outputs\":2147483647,\"activation\":\"relu\"}],\"labelScale\":{\"offset\":0,\"factor\":1}}"u8.ToArray())));

    public static TheoryData<string, string> WrongTexts => new()
    {
        { "NETW", "{}" },
        { "NETW", "null" },
        { "NETW", "{\"task\":\"binaryClassification\",\"inputs\":0,\"layers\":[],\"labelScale\":{\"offset\":0,\"factor\":1}}" },
        { "NETW", "{\"task\":\"binaryClassification\",\"inputs\":2,\"layers\":[{\"layer\":\"sparse\",\"outputs\":1,\"activation\":\"relu\"}],\"labelScale\":{\"offset\":0,\"factor\":1}}" },
        { "NETW", "{\"task\":\"binaryClassification\",\"inputs\":2,\"layers\":[{\"layer\":\"dense\",\"outputs\":0,\"activation\":\"relu\"}],\"labelScale\":{\"offset\":0,\"factor\":1}}" },
        { "NETW", "{\"task\":\"binaryClassification\",\"inputs\":2,\"layers\":[null],\"labelScale\":{\"offset\":0,\"factor\":1}}" },
        { "NETW", SoundNetwork.Replace("\"factor\":1", "\"factor\":0") },
        { "NETW", SoundNetwork.Replace("\"offset\":0", "\"offset\":\"NaN\"") },
        { "OPTI", "[]" },
        { "OPTI", "{\"batchSize\":0}" },
        { "OPTI", "{\"learningRate\":{\"schedule\":5}}" },
        { "NETW", SoundNetwork.Replace("\"outputs\":1,", "\"outputs\":3,") },
        { "HIST", "{\"epochs\":[null],\"stopReason\":\"completed\",\"seed\":1,\"trainingRows\":1,\"validationRows\":0}" },
        { "HIST", "{\"epochs\":[]}" },
        { "HIST", "not JSON" },
    };

    [Theory]
    [MemberData(nameof(WrongTexts))]
    public void A_section_with_a_right_checksum_and_a_wrong_content_is_refused(string tag, string text) =>
        Assert.Throws<InvalidDataException>(() => Read(With(tag, Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void Bytes_that_are_no_text_are_refused() => AssertRefused("not text", () => Read(With("HIST", [0xFF, 0xFE, 0x80])));

    [Fact]
    public void A_schedule_nobody_has_registered_here_becomes_opaque_and_is_kept_for_the_next_save()
    {
        const string options = "{\"learningRate\":{\"schedule\":\"acme.unknown\",\"steepness\":3},\"seed\":7}";

        MlpModelContent read = Read(With("OPTI", Encoding.UTF8.GetBytes(options)));

        Assert.IsType<OpaqueSchedule>(read.Options.LearningRate);
        Assert.Equal(7, read.Options.Seed);
        using MemoryStream stream = new(Bytes(read));
        Assert.Equal(options, Encoding.UTF8.GetString(_sections.Read(stream, out _)["OPTI"]));
    }

    private static readonly SectionedFormat _sections = new("network", "MLP", 2);

    private static void AssertRefused(string part, Action action) => Assert.Contains(part, Assert.Throws<InvalidDataException>(action).Message);

    private static MlpModelContent Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return MlpModelFormat.Read(stream, LearningTask.BinaryClassification);
    }

    private static byte[] Bytes(MlpModelContent content)
    {
        using MemoryStream stream = new();
        MlpModelFormat.Write(stream, LearningTask.BinaryClassification, content);
        return stream.ToArray();
    }

    private static IReadOnlyDictionary<string, byte[]> Sections()
    {
        using MemoryStream stream = new(Bytes(_content));
        return _sections.Read(stream, out _);
    }

    private static byte[] With(string tag, byte[] content)
    {
        List<(string, byte[])> sections = [];
        foreach ((string name, byte[] original) in Sections())
        {
            sections.Add((name, name == tag ? content : original));
        }

        using MemoryStream changed = new();
        _sections.Write(changed, sections);
        return changed.ToArray();
    }

    private static MlpModelContent MakeContent()
    {
        MlpNetwork network = new(NetworkDefinition.Perceptron(3, [new DenseDefinition(4, Activation.Tanh), new DenseDefinition(2, Activation.Relu)], 1));
        network.Initialize(WeightInitializer.HeNormal, 5);
        network.Parameters.Span[0] = float.NegativeZero;
        network.Parameters.Span[1] = float.Epsilon;
        EpochRecord epoch = new()
        {
            Epoch = 0,
            NumberOfEpochs = 1,
            Steps = 3,
            RowsPerSecond = 1e6 / 7,
            EstimatedTimeLeft = TimeSpan.Zero,
            GradientNorm = 0.7,
            IsBest = true,
            LearningRate = 0.1,
            LastLearningRate = 1.0 / 3,
            TrainingLoss = 0.1 + 0.2,
            TrainingAccuracy = 2.0 / 3,
            ValidationLoss = double.PositiveInfinity,
            Elapsed = TimeSpan.FromTicks(12345),
        };
        TrainingHistory history = new() { Epochs = [epoch], StopReason = StopReason.Completed, Seed = -3, TrainingRows = 1L << 40, ValidationRows = 0 };
        return new MlpModelContent(new MlpOptions { HiddenLayers = [4, 2], LearningRate = Schedule.TimeBased(0.1, 0.01) }, network, history);
    }
}
