using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>A trained network as ML.NET knows models, with the options it was trained by and the record of its training.</summary>
/// <typeparam name="TOutput">What the model gives for a row: a number, or a vector of them.</typeparam>
public abstract class MlpModelParameters<TOutput> : ModelSeam<TOutput>, ITrainedModel
{
    private readonly LearningTask _task;
    private readonly MlpModelContent _content;
    private readonly Lazy<RowNetwork?> _rowNetwork;

    private protected MlpModelParameters(IHostEnvironment environment, LearningTask task, MlpModelContent content)
        : base(environment, task)
    {
        _task = task;
        _content = content;
        _rowNetwork = new Lazy<RowNetwork?>(() => RowNetwork.TryMake(content.Network));
        InputType = new VectorDataViewType(NumberDataViewType.Single, content.FeatureCount);
        Embeddings = MlpEmbedding.Of(content.Network);
        Layers = [.. Enumerable.Range(0, content.Network.Layers.Count).Select(index => new MlpLayer(content.Network, index))];
    }

    /// <summary>
    /// The options the model was trained with. What belonged to that run alone (<see cref="MlpOptions.Progress"/>,
    /// <see cref="MlpOptions.CancellationToken"/>) is not kept.
    /// </summary>
    public MlpOptions Options => _content.Options;

    /// <summary>
    /// The learning-rate schedule the model was trained with. In a loaded model, a schedule that was a function, or a record of the user's own
    /// that nobody has registered in this process, is an <see cref="OpaqueSchedule"/>.
    /// </summary>
    public Schedule Schedule => _content.LearningRate;

    /// <summary>One record for each epoch of the training; a loaded model has it too.</summary>
    public TrainingHistory History => _content.History;

    /// <summary>The layers from first to last, with their weights and biases.</summary>
    public IReadOnlyList<MlpLayer> Layers { get; }

    /// <summary>
    /// The embeddings of categorical features in the order of their slots; empty without <see cref="TrainingRecipe.CategoricalEmbeddings"/>. The first of
    /// <see cref="Layers"/> has their numbers too.
    /// </summary>
    public IReadOnlyList<MlpEmbedding> Embeddings { get; }

    MlpModelContent ITrainedModel.Content => _content;

    RowScorer ITrainedModel.MakeRowScorer() => MakeRowScorer();

    void ITrainedModel.ToScores(KernelContext kernels, Span<float> outputs) => ToScores(kernels, outputs);

    void ITrainedModel.ToPredictions(Span<float> scores) => ToPredictions(scores);

    private protected sealed override DataViewType InputType { get; }

    /// <summary>Everything the model is, for reading.</summary>
    private protected MlpModelContent Content => _content;

    /// <summary>The network, for reading.</summary>
    private protected MlpNetwork Network => _content.Network;

    /// <summary>For example "34-16-1 (relu), 577 parameters, 50 epochs, training loss 0.0321".</summary>
    public override string ToString() => History.Epochs is [.., var last]
        ? string.Create(CultureInfo.InvariantCulture, $"{Network}, {History.Epochs.Count} epochs, training loss {last.TrainingLoss:G3}")
        : $"{Network}, no whole epoch";

    /// <summary>
    /// A predictor that needs no data view, no schema and no row object: <see cref="float"/> spans in and out. One object serves any number of
    /// threads at once.
    /// </summary>
    public MlpPredictor CreatePredictor() => new(this, []);

    /// <summary>
    /// The model as JSON, for programs that are not .NET and for eyes: the task, each layer with its weights and biases, and the options, the schedule and
    /// the history. Every number reads back to the same bits in any culture; a loaded model gives the text of the trained one. Not a file format: nothing
    /// reads it back into a model.
    /// </summary>
    /// <param name="indented">Whether to break lines and indent. Default: false.</param>
    /// <exception cref="InvalidOperationException">A schedule is a record of your own that has no name yet; see <see cref="ScheduleJson.Register{TSchedule}"/>.</exception>
    public string ToJson(bool indented = false)
    {
        using MemoryStream stream = new();
        WriteJson(stream, indented);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes what <see cref="ToJson"/> gives, as UTF-8, to a stream that stays open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="indented">Whether to break lines and indent. Default: false.</param>
    /// <exception cref="InvalidOperationException">A schedule is a record of your own that has no name yet; see <see cref="ScheduleJson.Register{TSchedule}"/>.</exception>
    public void WriteJson(Stream stream, bool indented = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelJson.Write(stream, _task, _content, Layers, indented);
    }

    /// <summary>
    /// Writes the network as a file of ONNX, for programs that are not .NET: from the features that the trainer saw, with all that the model does to them, to
    /// the scores. <c>mlContext.Model.ConvertToOnnx</c> of the package Microsoft.ML.OnnxConverter writes a whole pipeline instead.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The input is <c>Features</c>, [batch x features], with NaN for what is missing. Outputs, all of single precision: in binary classification <c>Score</c>
    /// (the logit z) and <c>Probability</c> (1 / (1 + exp(-z)); a calibrator fitted later is not seen), [batch x 1] each; in multiclass classification
    /// <c>Score</c>, a probability for each class in the order of the keys, [batch x classes]; in regression <c>Score</c>, the value in the label's unit,
    /// [batch x 1].
    /// </para>
    /// <para>Operators are those of version 9 of ONNX (2019). Scores differ from those of the model by roundings only.</para>
    /// </remarks>
    /// <param name="stream">Where to; it stays open.</param>
    /// <exception cref="NotSupportedException">Something of the model cannot be written as ONNX, or the file would be longer than 2 GiB; nothing was written.</exception>
    /// <example><code>
    /// using FileStream file = File.Create("model.onnx");
    /// transformer.Model.SubModel.SaveAsOnnx(file);
    /// </code></example>
    public void SaveAsOnnx(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        OnnxFile.Write(stream, MakeOnnxGraph());
    }

    /// <summary>Makes what scores rows; each call gives one with buffers of its own, for one thread.</summary>
    private protected RowScorer MakeRowScorer() => new(_content, _rowNetwork.Value);

    /// <summary>Turns network outputs into scores, in place; the identity unless the task has a link.</summary>
    private protected virtual void ToScores(KernelContext kernels, Span<float> outputs)
    {
    }

    /// <summary>Turns scores into predictions, in place; the identity where they are the same.</summary>
    private protected virtual void ToPredictions(Span<float> scores)
    {
    }

    private protected sealed override OnnxGraph MakeOnnxGraph() => OnnxModel.Of(_task, _content);

    private protected sealed override void Write(Stream stream) => MlpModelFormat.Write(stream, _task, _content);
}
