using System.IO;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.LrSchedule;

/// <summary>A trained network as ML.NET knows models, with the recipe it was trained by and the record of its training.</summary>
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
        InputType = new VectorDataViewType(NumberDataViewType.Single, content.Network.Inputs);
    }

    /// <summary>
    /// The options the model was trained with. What belonged to that run alone (<see cref="MlpOptions.Progress"/>,
    /// <see cref="MlpOptions.CancellationToken"/>) is not kept.
    /// </summary>
    public MlpOptions Options => _content.Options;

    /// <summary>The learning-rate schedule the model was trained with.</summary>
    public Schedule Schedule => _content.Options.LearningRate;

    /// <summary>One record for each epoch of the training; a loaded model has it too.</summary>
    public TrainingHistory History => _content.History;

    MlpModelContent ITrainedModel.Content => _content;

    private protected sealed override DataViewType InputType { get; }

    /// <summary>The network; its parameters must not be changed.</summary>
    private protected MlpNetwork Network => _content.Network;

    private protected sealed override void Write(Stream stream) => MlpModelFormat.Write(stream, _task, _content);
}
