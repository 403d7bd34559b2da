using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Samples.Ionosphere;

/// <summary>What one training run gave.</summary>
internal sealed record RunResult(
    BinaryPredictionTransformer<CalibratedModelParametersBase<MlpBinaryModelParameters, PlattCalibrator>> Model,
    double ValidationAccuracy,
    double ValidationLoss,
    TimeSpan Elapsed)
{
    public TrainingHistory History => Model.Model.SubModel.History;
}

/// <summary>Trains an experiment once or over many seeds.</summary>
internal sealed class ExperimentRunner(MLContext ml, IDataView data)
{
    /// <summary>One run; the last epoch's weights are the result, as in the tutorial.</summary>
    public RunResult Run(Experiment experiment, int seed, IProgress<EpochRecord>? progress = null)
    {
        var trainer = ml.BinaryClassification.Trainers.Mlp(experiment.Options with { Seed = seed, Progress = progress });
        var clock = Stopwatch.StartNew();
        var model = trainer.Fit(data);
        var elapsed = clock.Elapsed;
        var last = model.Model.SubModel.History.Epochs[^1];
        return new RunResult(model, last.ValidationAccuracy!.Value, last.ValidationLoss!.Value, elapsed);
    }

    /// <summary>One run per seed, the seeds counted from 1.</summary>
    public IReadOnlyList<RunResult> RunSeeds(Experiment experiment, int seeds, Action afterEach)
    {
        var results = new List<RunResult>(seeds);
        foreach (int seed in Enumerable.Range(1, seeds))
        {
            results.Add(Run(experiment, seed));
            afterEach();
        }

        return results;
    }
}
