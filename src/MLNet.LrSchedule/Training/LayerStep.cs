namespace MLNet.LrSchedule.Training;

/// <summary>How fast one layer learned in the last step of an epoch.</summary>
public sealed record LayerStep
{
    /// <summary>The layer, counted from 0; the last is the output layer. -1 are the embeddings before the first.</summary>
    public required int Layer { get; init; }

    /// <summary>The layer's learning rate: that of the step times the layer's multiplier.</summary>
    public required double LearningRate { get; init; }

    /// <summary>
    /// The effective step sizes of the layer's parameters: what an adaptive optimizer multiplied each gradient (or its running mean) by. Null for
    /// optimizers that have no step sizes of their own.
    /// </summary>
    public StepSizeQuantiles? StepSizes { get; init; }
}

/// <summary>How a number is spread over the parameters of a layer.</summary>
public sealed record StepSizeQuantiles
{
    /// <summary>The smallest.</summary>
    public required double Minimum { get; init; }

    /// <summary>A quarter is below or equal.</summary>
    public required double LowerQuartile { get; init; }

    /// <summary>A half is below or equal.</summary>
    public required double Median { get; init; }

    /// <summary>Three quarters are below or equal.</summary>
    public required double UpperQuartile { get; init; }

    /// <summary>The largest.</summary>
    public required double Maximum { get; init; }
}
