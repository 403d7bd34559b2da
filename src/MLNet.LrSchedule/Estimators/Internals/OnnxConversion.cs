using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Model.OnnxConverter;

namespace MLNet.LrSchedule.Internals;

/// <summary>Hands a model's operators to ML.NET's converter, which is what makes <c>ConvertToOnnx</c> work over whole pipelines.</summary>
internal static class OnnxConversion
{
    // What is said about an operator without a domain: null would stand for ML.NET's default, ai.onnx.ml.
    private const string StandardDomain = "";

    /// <summary>Adds a model to the pipeline's graph.</summary>
    /// <param name="context">The graph in the making.</param>
    /// <param name="task">What the model was trained for.</param>
    /// <param name="graph">The model's operators.</param>
    /// <param name="outputNames">
    /// The variables to set. Inside a calibrated model [score]; else what the stock scorers have: [score] in regression, [predicted label, score] in multiclass
    /// and [predicted label, score, perhaps probability] in binary classification, where the scorer makes the label itself.
    /// </param>
    /// <param name="featureVariable">The variable with the features.</param>
    /// <exception cref="InvalidOperationException">The converter asks for other outputs.</exception>
    public static void Write(OnnxContext context, LearningTask task, OnnxGraph graph, string[] outputNames, string featureVariable)
    {
        context.CheckOpSetVersion(OnnxGraph.OperatorSet, LoadableModels.Signature(task));
        Dictionary<string, string> wanted = Wanted(task, outputNames);
        Dictionary<string, string> variables = new() { [OnnxGraph.Input] = featureVariable };
        foreach (OnnxOutput output in graph.Outputs)
        {
            if (wanted.TryGetValue(output.Name, out string? name))
                variables.Add(output.Result, name);
        }

        foreach (OnnxConstant constant in graph.Constants)
        {
            variables.Add(constant.Name, constant.Values is float[] numbers
                ? context.AddInitializer(numbers, constant.Dimensions, constant.Name)
                : context.AddInitializer((long[])constant.Values, constant.Dimensions, constant.Name));
        }

        HashSet<string> unwanted = [.. graph.Outputs.Where(output => !wanted.ContainsKey(output.Name)).Select(output => output.Result)];
        HashSet<string> taken = [.. graph.Operations.SelectMany(operation => operation.Inputs)];
        foreach (OnnxOperation operation in graph.Operations.Where(operation => taken.Contains(operation.Result) || !unwanted.Contains(operation.Result)))
        {
            if (!variables.TryGetValue(operation.Result, out string? result))
            {
                result = context.AddIntermediateVariable(null, operation.Result, true);
                variables.Add(operation.Result, result);
            }

            Add(context, operation.Operator, [.. operation.Inputs.Select(input => variables[input])], result, operation.Attributes);
        }

        if (task == LearningTask.MulticlassClassification && outputNames.Length > 1)
            AddPredictedLabel(context, variables[graph.Outputs[0].Result], outputNames[0]);
    }

    private static Dictionary<string, string> Wanted(LearningTask task, string[] names) => (task, names) switch
    {
        (_, [var score]) => new() { [OnnxModel.Score] = score },
        (LearningTask.BinaryClassification or LearningTask.MulticlassClassification, [_, var score]) => new() { [OnnxModel.Score] = score },
        (LearningTask.BinaryClassification, [_, var score, var probability]) => new() { [OnnxModel.Score] = score, [OnnxModel.Probability] = probability },
        _ => throw new InvalidOperationException($"A model for {task} has no outputs for {string.Join(", ", names)}."),
    };

    // The key of the most probable class: keys begin with 1.
    private static void AddPredictedLabel(OnnxContext context, string scores, string label)
    {
        string index = context.AddIntermediateVariable(null, "argmax", true);
        Add(context, "ArgMax", [scores], index, [new OnnxAttribute("axis", 1L), new OnnxAttribute("keepdims", 1L)]);
        string key = context.AddIntermediateVariable(null, "key", true);
        Add(context, "Add", [index, context.AddInitializer([1L], [1L], "one")], key, []);
        Add(context, "Cast", [key], label, [new OnnxAttribute("to", typeof(uint))]);
    }

    private static void Add(OnnxContext context, string name, string[] inputs, string output, OnnxAttribute[] attributes)
    {
        OnnxNode node = context.CreateNode(name, inputs, [output], context.GetNodeName(name), StandardDomain);
        foreach (OnnxAttribute attribute in attributes)
        {
            switch (attribute.Value)
            {
                case float number:
                    node.AddAttribute(attribute.Name, number);
                    break;
                case long number:
                    node.AddAttribute(attribute.Name, number);
                    break;
                case long[] numbers:
                    node.AddAttribute(attribute.Name, numbers);
                    break;
                case Type type:
                    node.AddAttribute(attribute.Name, type);
                    break;
                default:
                    throw new NotSupportedException($"The attribute {attribute.Name} of {attribute.Value.GetType()} cannot be written as ONNX.");
            }
        }
    }
}
