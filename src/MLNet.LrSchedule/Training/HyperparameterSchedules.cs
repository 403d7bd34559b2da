using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// The recipe's schedules, made ready for one run: turns a step into the numbers that the loop uses in it. A value outside the
/// hyperparameter's range ends the run and names schedule, step and value.
/// </summary>
internal sealed class HyperparameterSchedules
{
    private readonly TrainingRun _run;
    private readonly Schedule _learningRate;
    private readonly Schedule? _momentum;
    private readonly Schedule? _dampening;
    private readonly Schedule _weightDecay;
    private readonly Schedule _l2Regularization;
    private readonly Schedule? _maximumValue;
    private readonly Schedule? _maximumNorm;
    private readonly Schedule[] _multipliers;
    private readonly Schedule _embeddingMultiplier;
    private readonly Schedule[] _dropout;
    private readonly double _masking;
    private readonly Optimizer _optimizer;

    /// <param name="recipe">A recipe with optimizer and rate; <see cref="DefaultTraining"/> sets those that are open.</param>
    /// <param name="run">The run.</param>
    public HyperparameterSchedules(TrainingRecipe recipe, TrainingRun run)
    {
        _run = run;
        _learningRate = recipe.LearningRate!.PrepareFor(run);
        _momentum = recipe.Optimizer is Sgd ? recipe.Momentum.PrepareFor(run) : null;
        _dampening = recipe.Optimizer is Sgd ? recipe.Dampening.PrepareFor(run) : null;
        _weightDecay = recipe.WeightDecay.PrepareFor(run);
        _l2Regularization = recipe.L2Regularization.PrepareFor(run);
        _maximumValue = recipe.MaximumGradientValue?.PrepareFor(run);
        _maximumNorm = recipe.MaximumGradientNorm?.PrepareFor(run);
        _multipliers =
        [
            .. recipe.HiddenLayers.Select(layer => layer.LearningRateMultiplier).Append(recipe.OutputLearningRateMultiplier)
                .Select(multiplier => multiplier.PrepareFor(run)),
        ];
        _embeddingMultiplier = (recipe.CategoricalEmbeddings?.LearningRateMultiplier ?? 1.0).PrepareFor(run);
        _masking = recipe.CategoricalEmbeddings?.MaskingProbability ?? 0;
        _dropout = [.. recipe.HiddenLayers.Where(layer => layer.HasDropout).Select(layer => layer.Dropout.PrepareFor(run))];
        _optimizer = recipe.Optimizer!.PrepareFor(run);
    }

    /// <summary>What the optimizer uses in the step.</summary>
    public StepValues At(long step)
    {
        var reader = new HyperparameterReader(_run.At(step));
        var values = new StepValues
        {
            Step = step,
            LearningRate = reader.AtLeastZero(_learningRate, nameof(TrainingRecipe.LearningRate)),
            Momentum = _momentum is null ? 0 : reader.BelowOne(_momentum, nameof(TrainingRecipe.Momentum)),
            Dampening = _dampening is null ? 0 : reader.UpToOne(_dampening, nameof(TrainingRecipe.Dampening)),
            WeightDecay = reader.AtLeastZero(_weightDecay, nameof(TrainingRecipe.WeightDecay)),
            L2Regularization = reader.AtLeastZero(_l2Regularization, nameof(TrainingRecipe.L2Regularization)),
        };
        return _optimizer.Read(reader, values);
    }

    /// <summary>Gives every group its layer's multiplier of the step.</summary>
    public void SetMultipliers(long step, Span<ParameterGroup> groups)
    {
        var reader = new HyperparameterReader(_run.At(step));
        foreach (ref var group in groups)
        {
            var schedule = group.Layer == ParameterGroups.EmbeddingLayer ? _embeddingMultiplier : _multipliers[group.Layer];
            double multiplier = reader.AtLeastZero(schedule, nameof(HiddenLayer.LearningRateMultiplier));
            group = group with { RateMultiplier = multiplier };
        }
    }

    /// <summary>Tells the workspace the dropout and masking rates of the step, and the seed of their masks: what (seed, step) decides is the same in a resumed run.</summary>
    public void SetDropout(long step, int seed, MlpNetwork network, Workspace workspace)
    {
        if (_dropout.Length == 0 && _masking == 0)
            return;
        var reader = new HyperparameterReader(_run.At(step));
        workspace.DropoutSeed = RandomStream.OfStep(seed, step);
        int next = 0;
        for (int i = 0; i < network.Layers.Count; i++)
        {
            if (network.Layers[i] is EmbeddingLayer)
                workspace.DropoutRates[i] = _masking;
            if (network.Layers[i] is DropoutLayer)
                workspace.DropoutRates[i] = reader.BelowOne(_dropout[next++], nameof(HiddenLayer.Dropout));
        }
    }

    /// <summary>Whether a step may clip the gradient, for which it must have all of it before it updates anything.</summary>
    public bool Clips => _maximumValue is not null || _maximumNorm is not null;

    /// <summary>Clips the gradient by the limits of the step, where there are any.</summary>
    public void ClipGradient(long step, KernelContext kernels, Span<float> gradient)
    {
        if (!Clips)
            return;
        var reader = new HyperparameterReader(_run.At(step));
        if (_maximumValue is not null)
            GradientClipping.ByValue(kernels, gradient, reader.AboveZero(_maximumValue, nameof(TrainingRecipe.MaximumGradientValue)));
        if (_maximumNorm is not null)
            GradientClipping.ByGlobalNorm(kernels, gradient, reader.AboveZero(_maximumNorm, nameof(TrainingRecipe.MaximumGradientNorm)));
    }
}
