using System;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// How a network is built and trained: plain data, compared by value, changed with <c>with</c>, saved with the model. What belongs to
/// one run only (progress, cancellation, paths) is not part of it.
/// </summary>
/// <remarks>The same recipe, seed and data give the same bits in every weight, on any number of threads and any vector width.</remarks>
public partial record TrainingRecipe
{
    /// <summary>
    /// How features are scaled, by numbers learnt from the training rows (not those held out) and saved with the model, so that scoring takes features as
    /// they come. Default: <see cref="Inputs.FeatureScaling.StandardizeNumbers"/>, which does no harm to features that are scaled already. A network that training goes on from keeps the scaling that it has learnt with.
    /// </summary>
    public FeatureScaling FeatureScaling { get; init; } = FeatureScaling.StandardizeNumbers;

    /// <summary>
    /// What more the network sees of features that are numbers, learnt from the training rows and saved with the model. Default:
    /// <see cref="Inputs.NumericEncoding.PiecewiseLinear"/>. A network that training goes on from keeps the encoding that it has learnt with.
    /// </summary>
    public NumericEncoding NumericEncoding { get; init; } = NumericEncoding.PiecewiseLinear;

    /// <summary>
    /// What becomes of rows with missing features. Default: <see cref="Inputs.MissingValues.Skip"/>, as in ML.NET's own trainers. Under the other two an
    /// infinite feature counts as missing. A network that training goes on from keeps the way that it has learnt with.
    /// </summary>
    public MissingValues MissingValues { get; init; } = MissingValues.Skip;

    /// <summary>
    /// How categories, as one-hot encoding annotates them on the feature column, are embedded. Null (the default): not at all; the network sees the
    /// one-hot columns. A feature column without the annotation is refused where this is set.
    /// </summary>
    public CategoricalEmbeddings? CategoricalEmbeddings { get; init; }

    /// <summary>The hidden layers from first to last. Default: 256 and 128 units, each layer with a dropout of 0.15. An empty list makes a linear model.</summary>
    public HiddenLayerList HiddenLayers { get; init => field = Required(value, nameof(HiddenLayers)); } = DefaultTraining.HiddenLayers;

    /// <summary>The function of the hidden layers that name none themselves. Default: <see cref="Activation.Relu"/>.</summary>
    public Activation Activation { get; init => field = Required(value, nameof(Activation)); } = Activation.Relu;

    /// <summary>How weights are drawn before training; biases start at zero. Default: <see cref="WeightInitializer.GlorotUniform"/>.</summary>
    public WeightInitializer WeightInitializer { get; init => field = Required(value, nameof(WeightInitializer)); } = WeightInitializer.GlorotUniform;

    /// <summary>
    /// Rows per step. Range: 1 to 1,048,576. Null (the default) is chosen by the number of rows that are trained on: a 64th of them, as the nearest power of
    /// two from 16 to 256. The last batch of an epoch holds what is left.
    /// </summary>
    public int? BatchSize { get; init => field = value is { } rows ? InRange(rows, 1, 1 << 20, nameof(BatchSize)) : null; }

    /// <summary>
    /// Passes over the training data. Range: at least 1. Null (the default) is chosen by the number of rows that are trained on: so many that half a million
    /// rows are seen, but from 5 to 100.
    /// </summary>
    public int? NumberOfEpochs { get; init => field = value is { } epochs ? InRange(epochs, 1, int.MaxValue, nameof(NumberOfEpochs)) : null; }

    /// <summary>
    /// The learning rate over training time; a plain number is a constant. Null (the default) goes from 0.006 to 0 along a cosine where the
    /// <see cref="Optimizer"/> is chosen to be <see cref="AdamW"/>, and is 0.01 otherwise. A rate of your own without an optimizer is one of <see cref="Sgd"/>.
    /// </summary>
    public Schedule? LearningRate { get; init; }

    /// <summary>The share of the last update that goes on, over training time. Values in [0, 1). Default: 0.9. Zero is plain SGD.</summary>
    public Schedule Momentum { get; init => field = Required(value, nameof(Momentum)); } = 0.9;

    /// <summary>Which of the two definitions of momentum is used; they differ as soon as the rate changes. Default: velocity.</summary>
    public MomentumConvention MomentumConvention { get; init; } = MomentumConvention.Velocity;

    /// <summary>Whether momentum looks ahead. Default: false. Nesterov 1983; Sutskever et al., ICML 2013.</summary>
    public bool Nesterov { get; init; }

    /// <summary>
    /// The share of each gradient that the <see cref="MomentumConvention.GradientBuffer"/> leaves out (from the second step on), over
    /// training time. Values in [0, 1]. Default: 0. The velocity convention has no dampening, so any other value needs the buffer.
    /// </summary>
    public Schedule Dampening { get; init => field = Required(value, nameof(Dampening)); } = 0.0;

    /// <summary>
    /// Decoupled weight decay over training time: each step first takes rate x decay x weight away from every weight (biases are
    /// spared). Values of at least 0. Default: 0. Loshchilov and Hutter, ICLR 2019.
    /// </summary>
    public Schedule WeightDecay { get; init => field = Required(value, nameof(WeightDecay)); } = 0.0;

    /// <summary>
    /// The L2 penalty over training time: adds penalty x weight to every weight's gradient (biases are spared), so that momentum and
    /// adaptive optimizers see it, other than <see cref="WeightDecay"/>. Values of at least 0. Default: 0.
    /// </summary>
    public Schedule L2Regularization { get; init => field = Required(value, nameof(L2Regularization)); } = 0.0;

    /// <summary>
    /// Decides every random draw of the run (initial weights, shuffling, selection of validation rows). Null (the default) takes a
    /// seed from the host's generator, so that one <c>MLContext</c> seed decides them all; the seed used is in the history.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>Whether each epoch visits the rows in a new random order. Default: true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// The most rows that are held in memory to train on; with it, training streams: every epoch reads the data again and draws its batches from a pool
    /// of so many rows, in which each row drawn is replaced by the next one read (as TensorFlow's shuffle buffer). Null (the default) reads the rows
    /// once and holds them all. Range: at least 1.
    /// </summary>
    /// <remarks>
    /// For data larger than memory. The order of the rows is decided by seed and epoch, and is another than in memory; rows that are sorted need a pool
    /// that spans what they are sorted by, or a shuffle before. Validation rows are read for every epoch as well, never held; which rows a random
    /// <see cref="ValidationSetFraction"/> takes differs from a run in memory. One pass before the first epoch counts the rows and checks the
    /// labels; scaling labels, balanced class weights, checkpoints and the look for constant features take a pass more each. Without
    /// <see cref="Shuffle"/> and without a random choice of validation rows the trained weights have the bits of a run in memory.
    /// </remarks>
    public int? MaximumCachedRows { get; init => field = value is { } rows ? InRange(rows, 1, int.MaxValue, nameof(MaximumCachedRows)) : null; }

    /// <summary>Share of the training rows that is held out for validation. Range: 0 (none, the default) to below 1.</summary>
    /// <remarks>As in Keras, floor(n (1 - fraction)) rows are left to train. Ignored where validation data are given.</remarks>
    public double ValidationSetFraction
    {
        get;
        init => field = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ValidationSetFraction), value, "The fraction must be at least 0 and below 1.");
    }

    /// <summary>Which rows <see cref="ValidationSetFraction"/> holds out. Default: at random.</summary>
    public ValidationSelection ValidationSelection { get; init; } = ValidationSelection.Random;

    /// <summary>
    /// A rule that watches the metrics of every epoch and multiplies the rate that <see cref="LearningRate"/> gives, for example
    /// <see cref="ReduceOnPlateau"/>. Null (the default) multiplies nothing.
    /// </summary>
    public ReactiveSchedule? ReactiveSchedule { get; init; }

    /// <summary>
    /// How many epochs <see cref="LearningRate"/> and the other schedules take the run for, where it is longer than <see cref="NumberOfEpochs"/>
    /// because training will continue later. Null (the default) is the run's own length.
    /// </summary>
    public int? ScheduleEpochs { get; init => field = value is { } epochs ? InRange(epochs, 1, int.MaxValue, nameof(ScheduleEpochs)) : null; }

    /// <summary>What becomes of the schedule when training continues from a trained model. Default: it starts over.</summary>
    public Continuation Continuation { get; init; }

    /// <summary>What rows of each class weigh. Null (the default): 1.</summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>Which weights the run returns, whatever ends it. Default: those of the best epoch.</summary>
    public ReturnedWeights ReturnedWeights { get; init; } = ReturnedWeights.Best;

    /// <summary>The metric that says which epoch is the best. Default: the validation loss, or the training loss without validation.</summary>
    public Metric BestMetric { get; init => field = Required(value, nameof(BestMetric)); } = Metric.Loss;

    /// <summary>When to end a run that has stopped improving. Null (the default): never.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>A value of a metric that ends the run when it is reached. Null (the default): none.</summary>
    public MetricTarget? Target { get; init; }

    /// <summary>How to go on when the run diverges. Null (the default) ends it with an exception.</summary>
    public RollBack? OnDivergence { get; init; }

    private protected static T Required<T>(T value, string name)
        where T : class =>
        value ?? throw new ArgumentNullException(name);

    private protected static int InRange(int value, int minimum, int maximum, string name) =>
        value >= minimum && value <= maximum
            ? value
            : throw new ArgumentOutOfRangeException(name, value, maximum == int.MaxValue
                ? $"{name} must be at least {minimum:N0}."
                : $"{name} must be from {minimum:N0} to {maximum:N0}.");
}

/// <summary>Which rows are held out for validation.</summary>
public enum ValidationSelection
{
    /// <summary>Rows chosen at random, by the seed.</summary>
    Random,

    /// <summary>The last rows in the order of the data, as Keras's validation_split does.</summary>
    Tail,
}
