namespace MLNet.LrSchedule.Optimizers;

/// <summary>The numbers that one step uses; schedules are read before, so an optimizer never sees one.</summary>
internal readonly record struct StepValues
{
    /// <summary>The update about to be applied, counted from 0.</summary>
    public required long Step { get; init; }

    public required double LearningRate { get; init; }

    public double Momentum { get; init; }

    public double Dampening { get; init; }

    /// <summary>Decoupled: takes rate x decay x weight away from each weight.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Coupled: adds penalty x weight to each weight's gradient.</summary>
    public double L2Regularization { get; init; }
}
