using System;
using Microsoft.ML;

namespace MLNet.LrSchedule.Internals;

internal static class LoadableModels
{
    private const uint Version = 0x00010001;

    public static string Signature(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "MLNet.LrSchedule.Binary",
        LearningTask.MulticlassClassification => "MLNet.LrSchedule.Multiclass",
        LearningTask.Regression => "MLNet.LrSchedule.Regression",
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };

    public static VersionInfo VersionOf(LearningTask task) => new(
        modelSignature: task switch
        {
            LearningTask.BinaryClassification => "MLPBINAR",
            LearningTask.MulticlassClassification => "MLPMULTI",
            _ => "MLPREGRE",
        },
        verWrittenCur: Version,
        verReadableCur: Version,
        verWeCanReadBack: Version,
        loaderSignature: Signature(task),
        loaderAssemblyName: typeof(LoadableModels).Assembly.GetName().Name!);
}
