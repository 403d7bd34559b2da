using System;
using System.IO;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule;
using MLNet.LrSchedule.Internals;

// Model.Load reads the assembly's simple name and the signature out of the file, loads the assembly if it is not loaded yet, and finds the
// loader through these lines. No program has to register anything.
[assembly: LoadableClass(
    typeof(MlpBinaryModelParameters), typeof(BinaryModelLoader), null, typeof(SignatureLoadModel), "Multilayer perceptron, binary", BinaryModelLoader.Signature)]
[assembly: LoadableClass(
    typeof(MlpMulticlassModelParameters), typeof(MulticlassModelLoader), null, typeof(SignatureLoadModel), "Multilayer perceptron, multiclass", MulticlassModelLoader.Signature)]
[assembly: LoadableClass(
    typeof(MlpRegressionModelParameters), typeof(RegressionModelLoader), null, typeof(SignatureLoadModel), "Multilayer perceptron, regression", RegressionModelLoader.Signature)]

namespace MLNet.LrSchedule.Internals;

/// <summary>How models of this library are named in ML.NET's archives, and where their bytes begin there.</summary>
internal static class LoadableModels
{
    // ML.NET's version of the entry. It stays as it is for ever: what can change is inside our own bytes, which carry a version of their own.
    private const uint EntryVersion = 0x00010001;

    // The first four bytes of every model's entry are ML.NET's: the size of a float on the machine that wrote it.
    private const int FloatSizeLength = 4;

    /// <summary>The name a model's loader is found by, of at most 24 characters; it has to be unique among all assemblies of a process.</summary>
    public static string Signature(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => BinaryModelLoader.Signature,
        LearningTask.MulticlassClassification => MulticlassModelLoader.Signature,
        LearningTask.Regression => RegressionModelLoader.Signature,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };

    // The simple name, not the full one, so that a file written with one version of the assembly loads with another.
    public static VersionInfo Version(LearningTask task) => new(
        modelSignature: EntrySignature(task),
        verWrittenCur: EntryVersion,
        verReadableCur: EntryVersion,
        verWeCanReadBack: EntryVersion,
        loaderSignature: Signature(task),
        loaderAssemblyName: typeof(LoadableModels).Assembly.GetName().Name!);

    /// <summary>Reads what <see cref="ModelSeam{TOutput}"/> wrote for the task.</summary>
    public static MlpModelContent Read(ModelLoadContext context, LearningTask task)
    {
        context.CheckAtModel(Version(task));
        Stream stream = context.Reader.BaseStream;
        Span<byte> floatSize = stackalloc byte[FloatSizeLength];
        int read = stream.ReadAtLeast(floatSize, FloatSizeLength, throwOnEndOfStream: false);
        if (read < FloatSizeLength || BitConverter.ToInt32(floatSize) != sizeof(float))
        {
            throw new InvalidDataException($"The model's entry is damaged: expected the size of a float, {sizeof(float)}, found {Convert.ToHexString(floatSize[..read])}.");
        }

        return MlpModelFormat.Read(stream, task);
    }

    // Eight characters, as ML.NET demands.
    private static string EntrySignature(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "MLP BINA",
        LearningTask.MulticlassClassification => "MLP MULT",
        LearningTask.Regression => "MLP REGR",
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };
}

/// <summary>Loads models of binary classification; ML.NET finds <c>Create</c> by its name.</summary>
internal static class BinaryModelLoader
{
    public const string Signature = "LrSchedule.MlpBinary";

    internal static MlpBinaryModelParameters Create(IHostEnvironment environment, ModelLoadContext context) =>
        TestedVersions.Touch(() => new MlpBinaryModelParameters(environment, LoadableModels.Read(context, LearningTask.BinaryClassification)));
}

/// <summary>Loads models of multiclass classification; ML.NET finds <c>Create</c> by its name.</summary>
internal static class MulticlassModelLoader
{
    public const string Signature = "LrSchedule.MlpMulticlass";

    internal static MlpMulticlassModelParameters Create(IHostEnvironment environment, ModelLoadContext context) =>
        TestedVersions.Touch(() => new MlpMulticlassModelParameters(environment, LoadableModels.Read(context, LearningTask.MulticlassClassification)));
}

/// <summary>Loads models of regression; ML.NET finds <c>Create</c> by its name.</summary>
internal static class RegressionModelLoader
{
    public const string Signature = "LrSchedule.MlpRegression";

    internal static MlpRegressionModelParameters Create(IHostEnvironment environment, ModelLoadContext context) =>
        TestedVersions.Touch(() => new MlpRegressionModelParameters(environment, LoadableModels.Read(context, LearningTask.Regression)));
}
