using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule;

/// <summary>
/// A model as operators of ONNX, in memory until it is whole, so that what cannot be expressed is refused before anything is written. The operators are those
/// of <see cref="OperatorSet"/>, and only such as mean the same in the versions up to 12, which is as far as ML.NET's converter goes.
/// </summary>
/// <remarks>Operator definitions: github.com/onnx/onnx, docs/Operators.md and docs/Changelog.md.</remarks>
internal sealed class OnnxGraph
{
    /// <summary>The version of the operators of the domain ai.onnx.</summary>
    public const int OperatorSet = 9;

    /// <summary>The name of the only input, [batch x <see cref="Features"/>].</summary>
    public const string Input = "Features";

    private readonly List<OnnxOperation> _operations = [];
    private readonly List<OnnxConstant> _constants = [];
    private readonly List<OnnxOutput> _outputs = [];
    private readonly Dictionary<float, string> _numbers = [];

    /// <param name="features">Numbers of a row.</param>
    public OnnxGraph(int features) => Features = features;

    public int Features { get; }

    /// <summary>The operators, each after those whose results it takes.</summary>
    public IReadOnlyList<OnnxOperation> Operations => _operations;

    public IReadOnlyList<OnnxConstant> Constants => _constants;

    public IReadOnlyList<OnnxOutput> Outputs => _outputs;

    /// <summary>Adds an operator.</summary>
    /// <param name="name">The operator's name in ONNX.</param>
    /// <param name="inputs">What it takes: names of earlier results, of constants or of the input.</param>
    /// <returns>The name of its result.</returns>
    public string Apply(string name, params string[] inputs) => Apply(name, inputs, []);

    /// <summary>Adds an operator with attributes.</summary>
    public string Apply(string name, string[] inputs, params OnnxAttribute[] attributes)
    {
        string result = $"{name.ToLowerInvariant()}_{_operations.Count}";
        _operations.Add(new OnnxOperation(name, inputs, result, attributes));
        return result;
    }

    /// <summary>A constant that every element meets; the same number is one constant.</summary>
    public string Number(float value)
    {
        if (!_numbers.TryGetValue(value, out string? name))
        {
            name = Constant("number", [value], 1);
            _numbers.Add(value, name);
        }

        return name;
    }

    /// <summary>Adds a constant.</summary>
    /// <param name="hint">A word for people, that its name begins with.</param>
    /// <param name="values">Its numbers, row after row.</param>
    /// <param name="dimensions">Its shape.</param>
    public string Constant(string hint, ReadOnlySpan<float> values, params long[] dimensions) => Add(hint, values.ToArray(), dimensions);

    /// <summary>Adds a list of whole numbers.</summary>
    public string Constant(string hint, ReadOnlySpan<long> values) => Add(hint, values.ToArray(), [values.Length]);

    /// <summary>Makes a result an output of the graph.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="result">The result; of an operator, and no output yet.</param>
    /// <param name="width">Numbers of a row.</param>
    public void Publish(string name, string result, int width)
    {
        if (!_operations.Exists(operation => operation.Result == result) || _outputs.Exists(output => output.Result == result))
            throw new ArgumentException($"'{result}' is no operator's result, or an output already.", nameof(result));
        _outputs.Add(new OnnxOutput(name, result, width));
    }

    private string Add(string hint, Array values, long[] dimensions)
    {
        string name = $"{hint}_{_constants.Count}";
        _constants.Add(new OnnxConstant(name, values, dimensions));
        return name;
    }
}

/// <summary>One operator: what it is called, what it takes, the name of its result, and its settings.</summary>
internal sealed record OnnxOperation(string Operator, string[] Inputs, string Result, OnnxAttribute[] Attributes);

/// <summary>A setting of an operator.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A <see cref="long"/>, a <see cref="float"/>, an array of <see cref="long"/>, or the <see cref="Type"/> of elements to cast to.</param>
internal readonly record struct OnnxAttribute(string Name, object Value);

/// <summary>Numbers that belong to the model.</summary>
/// <param name="Name">The name that operators know it by.</param>
/// <param name="Values">An array of <see cref="float"/> or of <see cref="long"/>.</param>
/// <param name="Dimensions">The shape.</param>
internal sealed record OnnxConstant(string Name, Array Values, long[] Dimensions);

/// <summary>What the graph gives: a name for the outside, the result that it is, and how many numbers a row has.</summary>
internal sealed record OnnxOutput(string Name, string Result, int Width);
