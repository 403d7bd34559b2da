using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNet.LrSchedule.Internals;

/// <summary>
/// The columns a task asks for and the columns its transformer delivers. What is promised here has to be what ML.NET's own scorers
/// deliver, annotation by annotation: an estimator behind ours is checked against the promise before any data exists.
/// </summary>
internal static class TaskColumns
{
    private const string Score = "Score";
    private const string Probability = "Probability";
    private const string PredictedLabel = "PredictedLabel";
    private const string KeyValues = "KeyValues";

    public static PredictionKind Kind(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => PredictionKind.BinaryClassification,
        LearningTask.MulticlassClassification => PredictionKind.MulticlassClassification,
        LearningTask.Regression => PredictionKind.Regression,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };

    public static SchemaShape.Column Label(LearningTask task, string name) => task switch
    {
        LearningTask.BinaryClassification => TrainerUtils.MakeBoolScalarLabel(name),
        LearningTask.MulticlassClassification => TrainerUtils.MakeU4ScalarColumn(name),
        LearningTask.Regression => TrainerUtils.MakeR4ScalarColumn(name),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };

    /// <summary>Refuses a label column that does not fit, in ML.NET's words, and says how many outputs a network for it has.</summary>
    public static int CheckLabel(LearningTask task, RoleMappedData data)
    {
        switch (task)
        {
            case LearningTask.BinaryClassification:
                data.CheckBinaryLabel();
                return 1;
            case LearningTask.MulticlassClassification:
                data.CheckMulticlassLabel(out int classes);
                return classes;
            case LearningTask.Regression:
                data.CheckRegressionLabel();
                return 1;
            default:
                throw new ArgumentOutOfRangeException(nameof(task), task, null);
        }
    }

    /// <summary>Refuses data without the column that marks validation rows, in the words ML.NET has for its other columns.</summary>
    public static void CheckMark(IExceptionContext context, SchemaShape input, string name)
    {
        SchemaShape.Column wanted = TrainerUtils.MakeBoolScalarLabel(name);
        if (!input.TryFindColumn(name, out SchemaShape.Column found))
        {
            throw context.ExceptSchemaMismatch("inputSchema", "validation", name);
        }

        if (!wanted.IsCompatibleWith(found))
        {
            throw context.ExceptSchemaMismatch("inputSchema", "validation", name, wanted.GetTypeString(), found.GetTypeString());
        }
    }

    public static SchemaShape.Column[] Outputs(LearningTask task, SchemaShape input, string labelName)
    {
        switch (task)
        {
            case LearningTask.BinaryClassification:
                return
                [
                    Scalar(Score, NumberDataViewType.Single, AnnotationUtils.GetTrainerOutputAnnotation()),
                    Scalar(Probability, NumberDataViewType.Single, AnnotationUtils.GetTrainerOutputAnnotation(isNormalized: true)),
                    Scalar(PredictedLabel, BooleanDataViewType.Instance, AnnotationUtils.GetTrainerOutputAnnotation()),
                ];
            case LearningTask.MulticlassClassification:
                SchemaShape.Column label = input.Single(column => column.Name == labelName);
                SchemaShape scoreAnnotations = new(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label));
                SchemaShape labelAnnotations = new(label.Annotations.Where(a => a.Name == KeyValues).Concat(AnnotationUtils.GetTrainerOutputAnnotation()));
                return
                [
                    new(Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, scoreAnnotations),
                    new(PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, labelAnnotations),
                ];
            case LearningTask.Regression:
                return [Scalar(Score, NumberDataViewType.Single, AnnotationUtils.GetTrainerOutputAnnotation())];
            default:
                throw new ArgumentOutOfRangeException(nameof(task), task, null);
        }
    }

    private static SchemaShape.Column Scalar(string name, DataViewType type, IEnumerable<SchemaShape.Column> annotations) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, type, false, new SchemaShape(annotations));
}
