using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace MLNet.LrSchedule;

/// <summary>
/// A graph as a file of ONNX. Numbers of fields, of element types and of kinds of attributes are those of github.com/onnx/onnx, onnx/onnx.proto.
/// </summary>
internal static class OnnxFile
{
    // The first version in which constants need not be inputs as well.
    private const int IntermediateRepresentation = 4;

    // Element types.
    private const int Single = 1;
    private const int Int64 = 7;
    private const int Boolean = 9;

    // Kinds of attributes.
    private const int FloatAttribute = 1;
    private const int IntAttribute = 2;
    private const int IntsAttribute = 7;

    /// <summary>Writes the file to a stream that stays open.</summary>
    /// <exception cref="NotSupportedException">The file would be longer than files of ONNX can be; nothing was written.</exception>
    public static void Write(Stream stream, OnnxGraph graph)
    {
        ProtobufMessage model = new();
        model.Add(1, IntermediateRepresentation);
        model.Add(2, typeof(OnnxFile).Assembly.GetName().Name!);
        model.Add(7, Graph(graph));
        ProtobufMessage operators = new();
        operators.Add(1, "");
        operators.Add(2, OnnxGraph.OperatorSet);
        model.Add(8, operators);
        if (model.Length > int.MaxValue)
        {
            throw new NotSupportedException($"The model takes {model.Length:N0} bytes as ONNX, but a file of ONNX has at most {int.MaxValue:N0}.");
        }

        model.WriteTo(stream);
    }

    private static ProtobufMessage Graph(OnnxGraph graph)
    {
        Dictionary<string, string> outside = graph.Outputs.ToDictionary(output => output.Result, output => output.Name);
        ProtobufMessage message = new();
        foreach (OnnxOperation operation in graph.Operations)
            message.Add(1, Operation(operation, name => outside.GetValueOrDefault(name, name)));
        message.Add(2, "network");
        foreach (OnnxConstant constant in graph.Constants)
            message.Add(5, Constant(constant));
        message.Add(11, Value(OnnxGraph.Input, graph.Features));
        foreach (OnnxOutput output in graph.Outputs)
            message.Add(12, Value(output.Name, output.Width));
        return message;
    }

    private static ProtobufMessage Operation(OnnxOperation operation, Func<string, string> nameOf)
    {
        ProtobufMessage message = new();
        foreach (string input in operation.Inputs)
            message.Add(1, nameOf(input));
        message.Add(2, nameOf(operation.Result));
        message.Add(3, operation.Result);
        message.Add(4, operation.Operator);
        foreach (OnnxAttribute attribute in operation.Attributes)
            message.Add(5, Attribute(attribute));
        return message;
    }

    private static ProtobufMessage Attribute(OnnxAttribute attribute)
    {
        ProtobufMessage message = new();
        message.Add(1, attribute.Name);
        switch (attribute.Value)
        {
            case float number:
                message.Add(2, number);
                message.Add(20, FloatAttribute);
                break;
            case long number:
                message.Add(3, number);
                message.Add(20, IntAttribute);
                break;
            case Type type:
                message.Add(3, ElementType(type));
                message.Add(20, IntAttribute);
                break;
            case long[] numbers:
                foreach (long number in numbers)
                    message.Add(8, number);
                message.Add(20, IntsAttribute);
                break;
            default:
                throw new NotSupportedException($"The attribute {attribute.Name} of {attribute.Value.GetType()} cannot be written as ONNX.");
        }

        return message;
    }

    private static ProtobufMessage Constant(OnnxConstant constant)
    {
        ProtobufMessage message = new();
        foreach (long dimension in constant.Dimensions)
            message.Add(1, dimension);
        message.Add(2, ElementType(constant.Values.GetType().GetElementType()!));
        message.Add(8, constant.Name);
        message.AddRaw(9, constant.Values);
        return message;
    }

    // [batch x width], with any number of rows.
    private static ProtobufMessage Value(string name, int width)
    {
        ProtobufMessage rows = new(), columns = new(), shape = new(), tensor = new(), type = new(), message = new();
        rows.Add(2, "batch");
        columns.Add(1, width);
        shape.Add(1, rows);
        shape.Add(1, columns);
        tensor.Add(1, Single);
        tensor.Add(2, shape);
        type.Add(1, tensor);
        message.Add(1, name);
        message.Add(2, type);
        return message;
    }

    private static int ElementType(Type type) =>
        type == typeof(float) ? Single
        : type == typeof(long) ? Int64
        : type == typeof(bool) ? Boolean
        : throw new NotSupportedException($"Elements of {type} cannot be written as ONNX.");
}
