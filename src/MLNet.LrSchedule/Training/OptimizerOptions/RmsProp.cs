using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>RMSprop: gradients over the root of their running mean square, with momentum, plain or centred.</summary>
/// <remarks>
/// <para>v = rho v + (1 - rho) g²; centred, the variance v - a² takes its place, with a = rho a + (1 - rho) g. By <see cref="Convention"/>:</para>
/// <para>velocity: b = m b + rate g / sqrt(v + epsilon), w = w - b (Keras);<br/>
/// gradient buffer: b = m b + g / (sqrt(v) + epsilon), w = w - rate b (PyTorch).</para>
/// <para>Tieleman and Hinton, lecture 6.5 of Neural Networks for Machine Learning, 2012; centred: Graves, arXiv:1308.0850, 2013.</para>
/// </remarks>
public sealed record RmsProp : Optimizer
{
    /// <summary>RMSprop with the form and constants of PyTorch: rho 0.99, epsilon 1e-8, rate and epsilon outside.</summary>
    public static RmsProp AsInPyTorch { get; } = new() { Convention = MomentumConvention.GradientBuffer, Rho = 0.99, Epsilon = 1e-8 };

    /// <summary>Whether the square of the mean gradient is taken from the mean square. Default: false.</summary>
    public bool IsCentered { get; init; }

    /// <summary>Whether rate and epsilon stand inside buffer and root (velocity, the default) or outside (gradient buffer).</summary>
    public MomentumConvention Convention { get; init; } = MomentumConvention.Velocity;

    /// <summary>The share of the running means that stays, over training time. Values in [0, 1). Default: 0.9, as in Keras.</summary>
    public Schedule Rho { get; init => field = Required(value, nameof(Rho)); } = 0.9;

    /// <summary>The share of the last update that goes on, over training time. Values in [0, 1). Default: 0.</summary>
    public Schedule Momentum { get; init => field = Required(value, nameof(Momentum)); } = 0.0;

    /// <summary>What keeps the denominator above zero; its place is that of the convention, over training time. Values of at least 1e-30. Default: 1e-7.</summary>
    public Schedule Epsilon { get; init => field = Required(value, nameof(Epsilon)); } = 1e-7;

    internal override ParameterOptimizer Create(TrainingRecipe recipe, int parameterCount) =>
        new RmsPropOptimizer(Convention, IsCentered, parameterCount);

    internal override Optimizer PrepareFor(TrainingRun run) => this with
    {
        Rho = Rho.PrepareFor(run),
        Momentum = Momentum.PrepareFor(run),
        Epsilon = Epsilon.PrepareFor(run),
    };

    internal override StepValues Read(in HyperparameterReader reader, StepValues values) => values with
    {
        Beta2 = reader.BelowOne(Rho, nameof(Rho)),
        Momentum = reader.BelowOne(Momentum, nameof(Momentum)),
        Epsilon = reader.AboveZero(Epsilon, nameof(Epsilon)),
    };
}
