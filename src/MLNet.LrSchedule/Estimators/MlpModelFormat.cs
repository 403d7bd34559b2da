using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>
/// The bytes of a model, in the container of <see cref="SectionedFormat"/>. Version 2 has these sections, each exactly once; version 1
/// has all but INPT, and its networks see features as they are:
/// <code>
/// NETW  JSON: the task, the network's inputs and layers (version 1 has none of embeddings), and how its output relates to the label
/// PARA  the network's parameters, float32, little-endian, layer after layer: weights [inputs x outputs] row by row, then biases
///       (scale, shift, and for batch normalisation the running mean and variance); of embeddings the tables, [categories + 1 x dimension] row by row
/// INPT  what the network sees of the features, as <see cref="InputTransformFormat"/> writes it; empty where it sees them as they are
/// OPTI  JSON: the options of the training, as <see cref="RecipeJson"/> writes them
/// HIST  JSON: the record of the training
/// </code>
/// JSON is UTF-8. Anything added to a section, or a section more, is a new version; every version there ever was stays readable.
/// </summary>
internal static class MlpModelFormat
{
    /// <summary>The version written, and the newest that is read.</summary>
    public const int Version = 2;

    private static readonly SectionedFormat _format = new("network", "MLP", Version);

    private const string NetworkTag = "NETW";
    private const string ParametersTag = "PARA";
    private const string InputsTag = "INPT";
    private const string OptionsTag = "OPTI";
    private const string HistoryTag = "HIST";

    public static void Write(Stream stream, LearningTask task, MlpModelContent content)
    {
        NetworkForm form = new(task, content.Network.Inputs, content.Network.Definition.Layers, content.LabelScale);
        _format.Write(
            stream,
            [
                (NetworkTag, Encoding.UTF8.GetBytes(RecipeJson.WritePart(form))),
                (ParametersTag, ToBytes(content.Network.Parameters.Span)),
                (InputsTag, InputTransformFormat.ToBytes(content.Inputs)),
                (OptionsTag, Encoding.UTF8.GetBytes(content.SavedOptions ?? RecipeJson.Write(content.Options))),
                (HistoryTag, Encoding.UTF8.GetBytes(RecipeJson.WritePart(content.History))),
            ]);
    }

    /// <summary>Reads a model of the given task.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a model, or are damaged, cut off or of a newer version; the message says which.</exception>
    public static MlpModelContent Read(Stream stream, LearningTask task)
    {
        IReadOnlyDictionary<string, byte[]> sections = _format.Read(stream, out int version);
        int expected = version == 1 ? 4 : 5;
        if (sections.Count != expected)
        {
            throw new InvalidDataException($"A network of format version {version} has {expected} sections, not {sections.Count}.");
        }

        NetworkForm form = RecipeJson.Parse<NetworkForm>(Text(sections, NetworkTag), "network");
        if (form.Task != task)
        {
            throw new InvalidDataException($"Expected a network for {task}, found one for {form.Task}.");
        }

        if (!float.IsFinite(form.LabelScale.Offset) || !float.IsFinite(form.LabelScale.Factor) || form.LabelScale.Factor <= 0)
        {
            throw new InvalidDataException($"The network's label scale is damaged: expected finite numbers and a factor above 0, found {form.LabelScale}.");
        }

        string options = Text(sections, OptionsTag);
        TrainingHistory history = RecipeJson.Parse<TrainingHistory>(Text(sections, HistoryTag), "training history");
        if (history.Epochs.Contains(null))
        {
            throw new InvalidDataException("The network's training history has an epoch without a record.");
        }

        MlpNetwork network = ReadNetwork(form, Section(sections, ParametersTag));
        if (task != LearningTask.MulticlassClassification && network.Outputs != 1)
        {
            throw new InvalidDataException($"A network for {task} has one output, not {network.Outputs}.");
        }

        InputTransform? inputs = version == 1 ? null : InputTransformFormat.FromBytes(Section(sections, InputsTag), EmbeddingPlan.Ranges(network.Definition.Embeddings));
        if (inputs is not null && inputs.Width != network.Inputs)
        {
            throw new InvalidDataException($"The network has {network.Inputs} inputs, but its features make {inputs.Width}.");
        }

        return new MlpModelContent(RecipeJson.ReadOfModel(options), network, history)
        {
            LabelScale = form.LabelScale,
            Inputs = inputs,
            SavedOptions = options,
        };
    }

    // The parameters are counted before any memory is taken for them: what a file says of itself is not believed.
    private static MlpNetwork ReadNetwork(NetworkForm form, byte[] parameters)
    {
        NetworkDefinition definition;
        long count = 0;
        try
        {
            definition = new NetworkDefinition(form.Inputs, form.Layers);
            int width = form.Inputs;
            foreach (LayerDefinition layerDefinition in form.Layers)
            {
                Layer layer = layerDefinition.Create(width, (int)Math.Min(count, int.MaxValue));
                width = layer.Outputs;
                count += layer.ParameterCount;
            }
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"The network's layers are damaged: {exception.Message}", exception);
        }

        if (parameters.LongLength != sizeof(float) * count)
        {
            throw new InvalidDataException($"The network's layers need {sizeof(float) * count} bytes of parameters, found {parameters.LongLength}.");
        }

        MlpNetwork network = new(definition);
        FromBytes(parameters, network.Parameters.Span);
        return network;
    }

    private static string Text(IReadOnlyDictionary<string, byte[]> sections, string tag)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Section(sections, tag));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"Section '{tag}' of the network is not text: {exception.Message}", exception);
        }
    }

    private static byte[] Section(IReadOnlyDictionary<string, byte[]> sections, string tag) =>
        sections.TryGetValue(tag, out byte[]? content) ? content : throw new InvalidDataException($"The network has no section '{tag}'.");

    private static byte[] ToBytes(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[checked(sizeof(float) * values.Length)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), values[i]);
        }

        return bytes;
    }

    private static void FromBytes(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(sizeof(float) * i)..]);
        }
    }

    /// <summary>What the section NETW holds.</summary>
    private sealed record NetworkForm(LearningTask Task, int Inputs, IReadOnlyList<LayerDefinition> Layers, LabelScale LabelScale);
}
