using System;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// The recipe's schedules, made ready for one run: turns a step into the numbers that the optimizer uses in it. A value outside the
/// hyperparameter's range ends the run and names schedule, step and value.
/// </summary>
internal sealed class HyperparameterSchedules
{
    private readonly TrainingRun _run;
    private readonly Schedule _learningRate;
    private readonly Schedule _momentum;
    private readonly Schedule _dampening;
    private readonly Schedule _weightDecay;
    private readonly Schedule _l2Regularization;

    public HyperparameterSchedules(TrainingRecipe recipe, TrainingRun run)
    {
        _run = run;
        _learningRate = recipe.LearningRate.PrepareFor(run);
        _momentum = recipe.Momentum.PrepareFor(run);
        _dampening = recipe.Dampening.PrepareFor(run);
        _weightDecay = recipe.WeightDecay.PrepareFor(run);
        _l2Regularization = recipe.L2Regularization.PrepareFor(run);
    }

    public StepValues At(long step)
    {
        var time = _run.At(step);
        return new StepValues
        {
            Step = step,
            LearningRate = Value(_learningRate, time, nameof(TrainingRecipe.LearningRate), 0, double.MaxValue),
            Momentum = Value(_momentum, time, nameof(TrainingRecipe.Momentum), 0, Math.BitDecrement(1.0)),
            Dampening = Value(_dampening, time, nameof(TrainingRecipe.Dampening), 0, 1),
            WeightDecay = Value(_weightDecay, time, nameof(TrainingRecipe.WeightDecay), 0, double.MaxValue),
            L2Regularization = Value(_l2Regularization, time, nameof(TrainingRecipe.L2Regularization), 0, double.MaxValue),
        };
    }

    private static double Value(Schedule schedule, ScheduleTime time, string name, double minimum, double maximum)
    {
        double value = schedule.At(time);
        return value >= minimum && value <= maximum
            ? value
            : throw new InvalidOperationException(
                $"The schedule of {name} gives {value:G6} at step {time.GlobalStep} (epoch {time.GlobalWholeEpoch}); it must be " +
                (maximum == double.MaxValue ? $"at least {minimum} and finite" : maximum < 1 ? $"at least {minimum} and below 1" : $"from {minimum} to {maximum}") + ".");
    }
}
