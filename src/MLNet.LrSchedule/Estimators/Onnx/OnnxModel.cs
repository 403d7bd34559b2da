using System;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule;

/// <summary>A whole model as operators of ONNX: from the features as they come to the columns that ML.NET's scorer adds.</summary>
internal static class OnnxModel
{
    /// <summary>The output that is column Score.</summary>
    public const string Score = "Score";

    /// <summary>The output that is column Probability, in binary classification.</summary>
    public const string Probability = "Probability";

    /// <summary>Makes the graph.</summary>
    /// <param name="task">What the network was trained for.</param>
    /// <param name="content">The model.</param>
    /// <exception cref="NotSupportedException">Something of the model has no form in ONNX.</exception>
    public static OnnxGraph Of(LearningTask task, MlpModelContent content)
    {
        OnnxGraph graph = new(content.FeatureCount);
        string inputs = content.Inputs is { } transform ? OnnxInputs.Write(graph, transform, OnnxGraph.Input) : OnnxGraph.Input;
        string outputs = OnnxLayers.Write(graph, content.Network, inputs);
        int width = content.Network.Outputs;
        switch (task)
        {
            case LearningTask.BinaryClassification:
                string score = OnnxInputs.Clamped(
                    graph, outputs, graph.Number(-MlpBinaryModelParameters.LargestScore), graph.Number(MlpBinaryModelParameters.LargestScore));
                graph.Publish(Score, score, width);
                graph.Publish(Probability, graph.Apply("Sigmoid", score), width);
                break;
            case LearningTask.MulticlassClassification:
                graph.Publish(Score, graph.Apply("Softmax", [outputs], new OnnxAttribute("axis", 1L)), width);
                break;
            case LearningTask.Regression:
                string value = graph.Apply("Mul", Link(graph, content.Options.Loss, outputs), graph.Number(content.LabelScale.Factor));
                graph.Publish(Score, graph.Apply("Add", value, graph.Number(content.LabelScale.Offset)), width);
                break;
            default:
                throw new NotSupportedException($"A model for {task} cannot be written as ONNX.");
        }

        return graph;
    }

    // A loss that is not known may have a link of its own.
    private static string Link(OnnxGraph graph, Loss? loss, string outputs) => loss switch
    {
        null or PointLoss { Name: "squared" or "absolute" or "huber" or "quantile" } => outputs,
        PointLoss { Name: "poisson" } => graph.Apply("Exp", outputs),
        _ => throw new NotSupportedException($"A regression by the loss {loss} cannot be written as ONNX."),
    };
}
