using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>Adam that looks ahead as Nesterov's momentum does.</summary>
/// <remarks>
/// <para>The momentum of step t (from 1) is mu = Beta1 (1 - 0.96^(t MomentumDecay) / 2), which warms up from half of Beta1 towards all of it.
/// w = w - rate ((1 - mu) / (1 - M) g + mu' / (1 - M mu') m) / (sqrt(v / c2) + epsilon), where mu' is the next step's mu and M the product of all mu so far.</para>
/// <para>Dozat, Incorporating Nesterov Momentum into Adam, ICLR workshop 2016; the decay of 0.96 is PyTorch's and Keras's.</para>
/// </remarks>
public sealed record NAdam : Optimizer
{
    /// <summary>The share of the running mean of gradients that stays, over training time. Values in [0, 1). Default: 0.9.</summary>
    public Schedule Beta1 { get; init => field = Required(value, nameof(Beta1)); } = 0.9;

    /// <summary>The share of the running mean of squared gradients that stays, over training time. Values in [0, 1). Default: 0.999.</summary>
    public Schedule Beta2 { get; init => field = Required(value, nameof(Beta2)); } = 0.999;

    /// <summary>What is added to the denominator, over training time. Values of at least 1e-30. Default: 1e-8.</summary>
    public Schedule Epsilon { get; init => field = Required(value, nameof(Epsilon)); } = 1e-8;

    /// <summary>How fast the momentum warms up, over training time. Values of at least 0. Default: 0.004, as in PyTorch.</summary>
    public Schedule MomentumDecay { get; init => field = Required(value, nameof(MomentumDecay)); } = 0.004;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new NAdamOptimizer(parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this with
    {
        Beta1 = Beta1.PrepareFor(run),
        Beta2 = Beta2.PrepareFor(run),
        Epsilon = Epsilon.PrepareFor(run),
        MomentumDecay = MomentumDecay.PrepareFor(run),
    };

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) =>
        values with
        {
            Beta1 = reader.BelowOne(Beta1, nameof(Beta1)),
            Beta2 = reader.BelowOne(Beta2, nameof(Beta2)),
            Epsilon = reader.AboveZero(Epsilon, nameof(Epsilon)),
            Momentum = MomentumOf(reader, reader.Step + 1),
            NextMomentum = MomentumOf(reader, reader.Step + 2),
        };

    // In the portable arithmetic of schedules: the momentum decides bits of weights.
    private double MomentumOf(in HyperparameterReader reader, long step) => reader.BelowOne(Beta1, nameof(Beta1))
        * (1 - 0.5 * PortableMath.Pow(0.96, step * reader.AtLeastZero(MomentumDecay, nameof(MomentumDecay))));
}
