using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace MLNet.LrSchedule.Tests.Estimators.Onnx;

/// <summary>
/// What ML.NET's converter hands to every stage of a pipeline, as far as scorers use it: it gives names, keeps nodes and constants, and writes them as a file.
/// </summary>
internal sealed class RecordingOnnxContext(int operatorSet) : OnnxContext
{
    private const int Float = 1;
    private const int Int64 = 7;
    private const int Bool = 9;
    private const int UInt32 = 12;

    private readonly Dictionary<string, string> _columns = [];
    private readonly HashSet<string> _variables = [];
    private readonly HashSet<string> _nodeNames = [];
    private readonly ProtobufMessage _graph = new();
    private readonly List<RecordingOnnxNode> _nodes = [];
    private readonly List<(string Name, int Width, int Type)> _outputs = [];
    private string? _input;
    private int _inputWidth;

    /// <summary>The operators in their order.</summary>
    public IReadOnlyList<string> Operators => [.. _nodes.Select(node => node.Operator)];

    /// <summary>The lowest operator set that stages asked for.</summary>
    public int Asked { get; private set; }

    public string AddInput(string column, int width)
    {
        _input = AddVariable(column);
        _inputWidth = width;
        return _input;
    }

    public void AddOutput(string column, int width, Type type) => _outputs.Add((_columns[column], width, ElementType(type)));

    public byte[] Write()
    {
        foreach (RecordingOnnxNode node in _nodes)
            _graph.Add(1, node.Message);
        _graph.Add(2, "pipeline");
        _graph.Add(11, Value(_input!, _inputWidth, Float));
        foreach ((string name, int width, int type) in _outputs)
            _graph.Add(12, Value(name, width, type));
        ProtobufMessage model = new(), standard = new(), learning = new();
        standard.Add(1, "");
        standard.Add(2, operatorSet);
        learning.Add(1, "ai.onnx.ml");
        learning.Add(2, 1);
        model.Add(1, 4);
        model.Add(7, _graph);
        model.Add(8, standard);
        model.Add(8, learning);
        using MemoryStream stream = new();
        model.WriteTo(stream);
        return stream.ToArray();
    }

    public override string GetNodeName(string prefix) => Unique(prefix, _nodeNames);

    public override bool IsVariableDefined(string variableName) => _variables.Contains(variableName);

    public override bool ContainsColumn(string colName) => _columns.ContainsKey(colName);

    public override void CheckOpSetVersion(int thisTransformerMinumumOpSetVersion, string registerTransformerName)
    {
        Asked = Math.Max(Asked, thisTransformerMinumumOpSetVersion);
        if (thisTransformerMinumumOpSetVersion > operatorSet)
            throw new InvalidOperationException($"{registerTransformerName} needs operators of version {thisTransformerMinumumOpSetVersion}.");
    }

    public override string GetVariableName(string colName) => _columns[colName];

    public override string AddIntermediateVariable(DataViewType? type, string colName, bool skip = false) => AddVariable(colName);

    public override OnnxNode CreateNode(string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name, string? domain = null)
    {
        RecordingOnnxNode node = new(opType, inputs, outputs, name, domain ?? "ai.onnx.ml");
        _nodes.Add(node);
        return node;
    }

    public override OnnxVersion GetOnnxVersion() => OnnxVersion.Stable;

    public override List<long>? RetrieveShapeOrNull(string variableName) => null;

    public override string AddInitializer(float value, string? name = null, bool makeUniqueName = true) => AddConstant(new[] { value }, [], name);

    public override string AddInitializer(long value, string? name = null, bool makeUniqueName = true) => AddConstant(new[] { value }, [], name);

    public override string AddInitializer(IEnumerable<float> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        AddConstant(values.ToArray(), dims, name);

    public override string AddInitializer(IEnumerable<long> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        AddConstant(values.ToArray(), dims, name);

    public override void RemoveColumn(string colName, bool removeVariable = false) => _columns.Remove(colName);

    public override void RemoveVariable(string variableName, bool removeColumn) => throw new NotSupportedException();

    public override void RemoveInputVariable(string variableName) => throw new NotSupportedException();

    public override string AddInitializer(bool value, string? name = null, bool makeUniqueName = true) => throw new NotSupportedException();

    public override string AddInitializer(int value, Type type, string? name = null, bool makeUniqueName = true) => throw new NotSupportedException();

    public override string AddInitializer(string value, string? name = null, bool makeUniqueName = true) => throw new NotSupportedException();

    public override string AddInitializer(double value, string? name = null, bool makeUniqueName = true) => throw new NotSupportedException();

    public override string AddInitializer(ulong value, bool isUint64, string? name = null, bool makeUniqueName = true) => throw new NotSupportedException();

    public override string AddInitializer(IEnumerable<bool> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        throw new NotSupportedException();

    public override string AddInitializer(IEnumerable<int> values, Type type, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        throw new NotSupportedException();

    public override string AddInitializer(IEnumerable<string> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        throw new NotSupportedException();

    public override string AddInitializer(IEnumerable<double> values, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        throw new NotSupportedException();

    public override string AddInitializer(IEnumerable<ulong> values, bool isUint64, IEnumerable<long> dims, string? name = null, bool makeUniqueName = true) =>
        throw new NotSupportedException();

    private static string Unique(string prefix, HashSet<string> taken)
    {
        string name = prefix;
        for (int i = 0; !taken.Add(name); i++)
            name = prefix + i;
        return name;
    }

    private static int ElementType(Type type) =>
        type == typeof(float) ? Float : type == typeof(bool) ? Bool : type == typeof(uint) ? UInt32 : type == typeof(long) ? Int64 : throw new NotSupportedException(type.Name);

    private static ProtobufMessage Value(string name, int width, int elementType)
    {
        ProtobufMessage rows = new(), columns = new(), shape = new(), tensor = new(), type = new(), message = new();
        rows.Add(2, "rows");
        columns.Add(1, width);
        shape.Add(1, rows);
        shape.Add(1, columns);
        tensor.Add(1, elementType);
        tensor.Add(2, shape);
        type.Add(1, tensor);
        message.Add(1, name);
        message.Add(2, type);
        return message;
    }

    private string AddVariable(string column) => _columns[column] = Unique(column, _variables);

    private string AddConstant(Array values, IEnumerable<long> dimensions, string? name)
    {
        ProtobufMessage constant = new();
        foreach (long dimension in dimensions)
            constant.Add(1, dimension);
        string variable = AddVariable(name ?? "constant");
        constant.Add(2, ElementType(values.GetType().GetElementType()!));
        constant.Add(8, variable);
        constant.AddRaw(9, values);
        _graph.Add(5, constant);
        return variable;
    }

    private sealed class RecordingOnnxNode : OnnxNode
    {
        private const int FloatAttribute = 1;
        private const int IntAttribute = 2;
        private const int FloatsAttribute = 6;
        private const int IntsAttribute = 7;

        public RecordingOnnxNode(string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name, string domain)
        {
            Operator = domain.Length == 0 ? opType : $"{domain}.{opType}";
            foreach (string input in inputs)
                Message.Add(1, input);
            foreach (string output in outputs)
                Message.Add(2, output);
            Message.Add(3, name);
            Message.Add(4, opType);
            Message.Add(7, domain);
        }

        public string Operator { get; }

        public ProtobufMessage Message { get; } = new();

        public override void AddAttribute(string argName, double value) => Add(argName, FloatAttribute, message => message.Add(2, (float)value));

        public override void AddAttribute(string argName, long value) => Add(argName, IntAttribute, message => message.Add(3, value));

        public override void AddAttribute(string argName, bool value) => AddAttribute(argName, value ? 1L : 0);

        public override void AddAttribute(string argName, Type value) => AddAttribute(argName, ElementType(value));

        public override void AddAttribute(string argName, IEnumerable<long> value) =>
            Add(argName, IntsAttribute, message => value.ToList().ForEach(number => message.Add(8, number)));

        public override void AddAttribute(string argName, IEnumerable<float> value) =>
            Add(argName, FloatsAttribute, message => value.ToList().ForEach(number => message.Add(7, number)));

        public override void AddAttribute(string argName, IEnumerable<double> value) => AddAttribute(argName, value.Select(number => (float)number));

        public override void AddAttribute(string argName, IEnumerable<bool> value) => AddAttribute(argName, value.Select(flag => flag ? 1L : 0));

        public override void AddAttribute(string argName, ReadOnlyMemory<char> value) => throw new NotSupportedException();

        public override void AddAttribute(string argName, string value) => throw new NotSupportedException();

        public override void AddAttribute(string argName, IEnumerable<ReadOnlyMemory<char>> value) => throw new NotSupportedException();

        public override void AddAttribute(string argName, string[] value) => throw new NotSupportedException();

        public override void AddAttribute(string argName, IEnumerable<string> value) => throw new NotSupportedException();

        private void Add(string name, int kind, Action<ProtobufMessage> addValue)
        {
            ProtobufMessage attribute = new();
            attribute.Add(1, name);
            addValue(attribute);
            attribute.Add(20, kind);
            Message.Add(5, attribute);
        }
    }
}
