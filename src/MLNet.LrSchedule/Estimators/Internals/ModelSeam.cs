using System;
using System.IO;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace MLNet.LrSchedule.Internals;

/// <summary>
/// What lies between ML.NET's base class of models and ours: it gives ML.NET's scorers their delegate, writes the model's bytes where ML.NET
/// keeps models in its archive, and its operators where ML.NET converts pipelines to ONNX. It cannot be derived from outside this package.
/// </summary>
/// <typeparam name="TOutput">What the model gives for a row: a number, or a vector of them.</typeparam>
public abstract class ModelSeam<TOutput> : ModelParametersBase<TOutput>, IValueMapper, ISingleCanSaveOnnx
{
    private readonly LearningTask _task;

    private protected ModelSeam(IHostEnvironment environment, LearningTask task)
        : base(environment, LoadableModels.Signature(task))
    {
        _task = task;
    }

    /// <summary>ML.NET's kind of prediction of the task.</summary>
    protected sealed override PredictionKind PredictionKind => TaskColumns.Kind(_task);

    DataViewType IValueMapper.InputType => InputType;

    DataViewType IValueMapper.OutputType => OutputType;

    private protected abstract DataViewType InputType { get; }

    private protected abstract DataViewType OutputType { get; }

    /// <summary>Makes the function that scores rows; each call gives one with buffers of its own, for one thread.</summary>
    private protected abstract ScoreRow MakeScorer();

    /// <summary>Writes everything the model is.</summary>
    private protected abstract void Write(Stream stream);

    /// <summary>The model as operators of ONNX.</summary>
    /// <exception cref="NotSupportedException">Something of the model has no form in ONNX.</exception>
    private protected abstract OnnxGraph MakeOnnxGraph();

    // Always: what cannot be converted is told by an exception, where a false would leave the columns out of the file without a word.
    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    bool ISingleCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
    {
        OnnxConversion.Write(ctx, _task, MakeOnnxGraph(), outputNames, featureColumn);
        return true;
    }

    ValueMapper<TSrc, TDst> IValueMapper.GetMapper<TSrc, TDst>()
    {
        if (typeof(TSrc) != typeof(VBuffer<float>) || typeof(TDst) != typeof(TOutput))
        {
            throw new InvalidOperationException($"The model maps {typeof(VBuffer<float>)} to {typeof(TOutput)}, not {typeof(TSrc)} to {typeof(TDst)}.");
        }

        ScoreRow score = MakeScorer();
        ValueMapper<VBuffer<float>, TOutput> mapper = (in VBuffer<float> features, ref TOutput output) => score(in features, ref output);
        return (ValueMapper<TSrc, TDst>)(Delegate)mapper;
    }

    /// <inheritdoc/>
    protected sealed override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(LoadableModels.Version(_task));
        Write(ctx.Writer.BaseStream);
    }

    /// <summary>Scores one row.</summary>
    private protected delegate void ScoreRow(in VBuffer<float> features, ref TOutput output);
}
