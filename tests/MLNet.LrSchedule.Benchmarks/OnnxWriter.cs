using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Google.Protobuf;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// Writes dense networks with relu between the layers and a softmax at the end as ONNX, just enough to have another engine score them. Field numbers are
/// those of onnx.proto (ModelProto, GraphProto, NodeProto, TensorProto, ValueInfoProto).
/// </summary>
internal static class OnnxWriter
{
    private const int OperatorSet = 13;
    private const int SingleType = 1;

    public static byte[] Write(IReadOnlyList<MlpLayer> layers, string input, string output)
    {
        byte[] graph = Message(writer =>
        {
            string current = input;
            for (int i = 0; i < layers.Count; i++)
            {
                MlpLayer layer = layers[i];
                if (layer.Kind != "dense" || (layer.Activation != Activation.Relu && layer.Activation != Activation.Identity))
                    throw new NotSupportedException($"Layer {i} is {layer}; only dense layers with relu or nothing are written.");
                Nested(writer, 1, Node("Gemm", [current, $"weights{i}", $"biases{i}"], $"sums{i}"));
                current = $"sums{i}";
                if (layer.Activation == Activation.Relu)
                {
                    Nested(writer, 1, Node("Relu", [current], $"outputs{i}"));
                    current = $"outputs{i}";
                }
            }

            Nested(writer, 1, Node("Softmax", [current], output));
            Text(writer, 2, "network");
            for (int i = 0; i < layers.Count; i++)
            {
                Nested(writer, 5, Tensor($"weights{i}", layers[i].Weights, layers[i].Inputs, layers[i].Outputs));
                Nested(writer, 5, Tensor($"biases{i}", layers[i].Biases, layers[i].Outputs));
            }

            Nested(writer, 11, Value(input, layers[0].Inputs));
            Nested(writer, 12, Value(output, layers[^1].Outputs));
        });
        return Message(writer =>
        {
            Number(writer, 1, 8);
            Nested(writer, 7, graph);
            Nested(writer, 8, Message(set =>
            {
                Text(set, 1, "");
                Number(set, 2, OperatorSet);
            }));
        });
    }

    private static byte[] Node(string operation, string[] inputs, string output) => Message(writer =>
    {
        foreach (string input in inputs)
            Text(writer, 1, input);
        Text(writer, 2, output);
        Text(writer, 4, operation);
    });

    private static byte[] Tensor(string name, ReadOnlySpan<float> values, params int[] dimensions)
    {
        // Raw data are little-endian, as the machines are that this runs on.
        byte[] raw = MemoryMarshal.AsBytes(values).ToArray();
        return Message(writer =>
        {
            foreach (int dimension in dimensions)
                Number(writer, 1, dimension);
            Number(writer, 2, SingleType);
            Text(writer, 8, name);
            Nested(writer, 9, raw);
        });
    }

    // One row: ML.NET's transformer scores row by row.
    private static byte[] Value(string name, int width)
    {
        byte[][] dimensions = [.. new[] { 1, width }.Select(size => Message(writer => Number(writer, 1, size)))];
        byte[] shape = Message(writer => Array.ForEach(dimensions, dimension => Nested(writer, 1, dimension)));
        byte[] tensor = Message(writer =>
        {
            Number(writer, 1, SingleType);
            Nested(writer, 2, shape);
        });
        byte[] type = Message(writer => Nested(writer, 1, tensor));
        return Message(writer =>
        {
            Text(writer, 1, name);
            Nested(writer, 2, type);
        });
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream writer = new(stream, leaveOpen: true))
            write(writer);
        return stream.ToArray();
    }

    private static void Number(CodedOutputStream writer, int field, long value)
    {
        writer.WriteTag(field, WireFormat.WireType.Varint);
        writer.WriteInt64(value);
    }

    private static void Text(CodedOutputStream writer, int field, string value)
    {
        writer.WriteTag(field, WireFormat.WireType.LengthDelimited);
        writer.WriteString(value);
    }

    private static void Nested(CodedOutputStream writer, int field, byte[] value)
    {
        writer.WriteTag(field, WireFormat.WireType.LengthDelimited);
        writer.WriteBytes(ByteString.CopyFrom(value));
    }
}
