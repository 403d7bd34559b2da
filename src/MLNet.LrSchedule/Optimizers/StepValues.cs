namespace MLNet.LrSchedule.Optimizers;

/// <summary>
/// The numbers that one step uses; schedules are read before, so an optimizer never sees one. Each optimizer reads those it knows.
/// </summary>
internal readonly record struct StepValues
{
    /// <summary>The update about to be applied, counted from 0.</summary>
    public required long Step { get; init; }

    public required double LearningRate { get; init; }

    /// <summary>Decoupled: takes rate x decay x weight away from each weight.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Coupled: adds penalty x weight to each weight's gradient.</summary>
    public double L2Regularization { get; init; }

    public double Momentum { get; init; }

    /// <summary>The momentum of the step after this one, for optimizers that look ahead.</summary>
    public double NextMomentum { get; init; }

    public double Dampening { get; init; }

    /// <summary>The share of the running mean of gradients that stays.</summary>
    public double Beta1 { get; init; }

    /// <summary>The share of the running mean of squared gradients that stays; also called rho.</summary>
    public double Beta2 { get; init; }

    /// <summary>What keeps a denominator above zero.</summary>
    public double Epsilon { get; init; }

    /// <summary>The factor of a step size whose gradient kept its sign.</summary>
    public double Increase { get; init; }

    /// <summary>The factor of a step size whose gradient changed its sign.</summary>
    public double Decrease { get; init; }

    public double SmallestStep { get; init; }

    public double LargestStep { get; init; }

    /// <summary>The learning rate of one group.</summary>
    public double RateOf(in ParameterGroup group) => LearningRate * group.RateMultiplier;

    /// <summary>The L2 penalty of one group.</summary>
    public double PenaltyOf(in ParameterGroup group) => group.IsDecayed ? L2Regularization : 0;

    /// <summary>The share of each weight that decoupled decay leaves in this step.</summary>
    public double KeptShareOf(in ParameterGroup group) => group.IsDecayed ? 1 - RateOf(group) * WeightDecay : 1;
}
