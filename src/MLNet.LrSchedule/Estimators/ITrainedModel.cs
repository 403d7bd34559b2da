namespace MLNet.LrSchedule;

/// <summary>A model of any task, for what does not care which: saving it, and going on from it.</summary>
internal interface ITrainedModel
{
    MlpModelContent Content { get; }
}
