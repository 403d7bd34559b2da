using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.LrSchedule.Internals;
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

    private protected MlpModelParameters(IHostEnvironment environment, LearningTask task, MlpModelContent content)
        : base(environment, task)
    {
        _task = task;
        _content = content;
        InputType = new VectorDataViewType(NumberDataViewType.Single, content.FeatureCount);
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
    public Schedule Schedule => _content.Options.LearningRate;

    /// <summary>One record for each epoch of the training; a loaded model has it too.</summary>
    public TrainingHistory History => _content.History;

    /// <summary>The layers from first to last, with their weights and biases.</summary>
    public IReadOnlyList<MlpLayer> Layers { get; }

    MlpModelContent ITrainedModel.Content => _content;

    private protected sealed override DataViewType InputType { get; }

    /// <summary>Everything the model is, for reading.</summary>
    private protected MlpModelContent Content => _content;

    /// <summary>The network, for reading.</summary>
    private protected MlpNetwork Network => _content.Network;

    /// <summary>For example "34-16-1 (relu), 577 parameters, 50 epochs, training loss 0.0321".</summary>
    public override string ToString() => History.Epochs is [.., var last]
        ? string.Create(CultureInfo.InvariantCulture, $"{Network}, {History.Epochs.Count} epochs, training loss {last.TrainingLoss:G3}")
        : $"{Network}, no whole epoch";

    private protected sealed override void Write(Stream stream) => MlpModelFormat.Write(stream, _task, _content);
}
