using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.LrSchedule.Internals;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Onnx;

/// <summary>Scores files of ONNX by another engine, and compares.</summary>
internal static class OnnxEngine
{
    public const double Tolerance = 1e-5;

    /// <summary>The outputs by name, row after row.</summary>
    public static Dictionary<string, float[]> Run(byte[] file, IReadOnlyList<float[]> rows, string input = "Features", params string[] outputs)
    {
        using InferenceSession session = new(file);
        DenseTensor<float> features = new(rows.SelectMany(row => row).ToArray(), [rows.Count, rows[0].Length]);
        NamedOnnxValue[] inputs = [NamedOnnxValue.CreateFromTensor(input, features)];
        using var results = outputs.Length == 0 ? session.Run(inputs) : session.Run(inputs, outputs);
        return results.ToDictionary(result => result.Name, result => result.Value switch
        {
            Tensor<float> numbers => numbers.ToArray(),
            Tensor<uint> keys => [.. keys.Select(key => (float)key)],
            Tensor<bool> flags => [.. flags.Select(flag => flag ? 1f : 0)],
            var other => throw new InvalidOperationException($"{result.Name} is {other.GetType()}."),
        });
    }

    public static byte[] File<TOutput>(MlpModelParameters<TOutput> model)
    {
        using MemoryStream stream = new();
        model.SaveAsOnnx(stream);
        return stream.ToArray();
    }

    public static byte[] File(LearningTask task, MlpModelContent content)
    {
        using MemoryStream stream = new();
        OnnxFile.Write(stream, OnnxModel.Of(task, content));
        return stream.ToArray();
    }

    /// <summary>Every score of the file is that of the model, but for roundings; in binary classification every probability too.</summary>
    public static void AssertSame<TOutput>(MlpModelParameters<TOutput> model, IReadOnlyList<float[]> rows)
    {
        Dictionary<string, float[]> given = Run(File(model), rows);
        MlpPredictor predictor = model.CreatePredictor();
        float[] scores = new float[rows.Count * predictor.OutputCount], predictions = new float[scores.Length];
        float[] all = [.. rows.SelectMany(row => row)];
        predictor.ScoreBatch(all, scores);
        predictor.PredictBatch(all, predictions);
        Assert.Equal(model is MlpBinaryModelParameters ? ["Score", "Probability"] : ["Score"], given.Keys);
        AssertClose(scores, given["Score"]);
        if (model is MlpBinaryModelParameters)
            AssertClose(predictions, given["Probability"]);
    }

    public static void AssertClose(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            bool isClose = expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= Tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(isClose, $"Number {i} should be {expected[i]:R}, but is {actual[i]:R}.");
        }
    }
}
