using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Kernels;
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
    public void Embeddings_come_back_with_every_bit_and_tell_the_features_which_to_leave_alone()
    {
        MlpModelContent content = MakeEmbedded(), read = Read(Bytes(content));

        Assert.Contains(
            "\"layers\":[{\"layer\":\"embedding\",\"tables\":[{\"first\":1,\"categories\":3,\"dimension\":2},{\"first\":5,\"categories\":2,\"dimension\":1}]},{\"layer\":\"dense\"",
            Encoding.UTF8.GetString(Sections(content)["NETW"]),
            StringComparison.Ordinal);
        Assert.True(content.Network.Definition.HasSameShapeAs(read.Network.Definition));
        Assert.Equal(content.Network.Parameters.Span.ToArray(), read.Network.Parameters.Span.ToArray());
        Assert.Equal([new CategoricalRange(1, 3), new CategoricalRange(5, 2)], read.Inputs!.Embedded);
        Assert.Equal(content.Options, read.Options);
    }

    public static TheoryData<string, string> WrongEmbeddings => new()
    {
        { "\"first\":1,", "\"first\":3," },
        { "\"first\":1,", "\"first\":-1," },
        { "\"first\":1,", "" },
        { "\"first\":5,", "\"first\":6," },
        { "\"first\":5,", "\"first\":2147483647," },
        { "\"categories\":3,", "\"categories\":0," },
        { "\"categories\":3,", "\"categories\":2147483647," },
        { "\"categories\":3,", "\"categories\":3.5," },
        { "\"categories\":2,\"dimension\":1", "\"categories\":2,\"dimension\":2147483647" },
        { "\"dimension\":1", "\"dimension\":0" },
        { "\"dimension\":1", "\"dimension\":2" },
        { "\"dimension\":1", "\"dimension\":1,\"words\":2" },
        { "\"tables\":", "\"outputs\":4,\"tables\":" },
        { "{\"first\":1,\"categories\":3,\"dimension\":2},{\"first\":5,\"categories\":2,\"dimension\":1}", "" },
        { "{\"layer\":\"embedding\"", "{\"layer\":\"dropout\"},{\"layer\":\"embedding\"" },
        { "{\"layer\":\"embedding\"", "{\"layer\":\"dense\"" },
    };

    [Theory]
    [MemberData(nameof(WrongEmbeddings))]
    public void Embeddings_that_make_no_sense_are_refused(string part, string instead)
    {
        MlpModelContent content = MakeEmbedded();
        string text = Encoding.UTF8.GetString(Sections(content)["NETW"]);
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Read(With("NETW", Encoding.UTF8.GetBytes(text.Replace(part, instead, StringComparison.Ordinal)), content)));
    }

    [Fact]
    public void Any_change_of_a_network_with_embeddings_is_refused_or_scores_without_harm()
    {
        MlpModelContent content = MakeEmbedded();
        IReadOnlyDictionary<string, byte[]> sections = Sections(content);
        int refused = 0, read = 0;
        Random random = new(8);
        for (int i = 0; i < 3000; i++)
        {
            string tag = random.Next(3) == 0 ? "INPT" : "NETW";
            byte[] bytes = [.. sections[tag]];
            bytes[random.Next(bytes.Length)] = tag == "NETW" ? (byte)"0123456789-,:{}[]\"e"[random.Next(19)] : (byte)random.Next(256);
            try
            {
                MlpModelContent changed = Read(With(tag, bytes, content));
                new RowScorer(changed, RowNetwork.TryMake(changed.Network)).Score(new float[changed.FeatureCount], new float[1]);
                read++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > 100 && read > 100, $"{refused} refused, {read} read");
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

    private static IReadOnlyDictionary<string, byte[]> Sections(MlpModelContent? content = null)
    {
        using MemoryStream stream = new(Bytes(content ?? _content));
        return _sections.Read(stream, out _);
    }

    private static byte[] With(string tag, byte[] content, MlpModelContent? model = null)
    {
        List<(string, byte[])> sections = [];
        foreach ((string name, byte[] original) in Sections(model))
        {
            sections.Add((name, name == tag ? content : original));
        }

        using MemoryStream changed = new();
        _sections.Write(changed, sections);
        return changed.ToArray();
    }

    // Features: a number, three categories, a number that can be missing, two categories; and the indicator of the number.
    private static MlpModelContent MakeEmbedded()
    {
        EmbeddingDefinition embeddings = new(new EmbeddingTable(1, 3, 2), new EmbeddingTable(5, 2, 1));
        MlpNetwork network = new(NetworkDefinition.Perceptron(8, [new HiddenBlock(4, Activation.Tanh)], 1, embeddings));
        network.Initialize(WeightInitializer.HeNormal, 5);
        return new MlpModelContent(
            new MlpOptions { HiddenLayers = [4], CategoricalEmbeddings = new CategoricalEmbeddings { MinimumCategories = 2 } }, network, _content.History)
        {
            Inputs = new InputTransform(
                new float[7], [2, 1, 1, 1, 3, 1, 1], [1, 0, 0, 0, 2, 0, 0], [4], squashes: true, new CategoricalRange(1, 3), new CategoricalRange(5, 2)),
        };
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
