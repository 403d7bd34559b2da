using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.ML;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>What belongs to one run, through the estimator.</summary>
public sealed class RunOptionsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private readonly MlpOptions _options = new()
    {
        HiddenLayers = [8],
        NumberOfEpochs = 12,
        LearningRate = Schedule.Cosine(0.1, 0.001),
        ReactiveSchedule = new ReduceOnPlateau { Patience = 2 },
        ValidationSetFraction = 0.3,
        Seed = 5,
    };

    [Fact]
    public void An_interrupted_fit_is_resumed_from_its_checkpoint_bit_for_bit()
    {
        var data = Rows.LoadBinary(_ml);
        var expected = _ml.BinaryClassification.Trainers.Mlp(_options).Fit(data);

        string path = Path.Combine(TemporaryFolders.Create("fit"), "run.checkpoint");
        using var source = new CancellationTokenSource();
        var interrupted = _options with
        {
            Checkpoint = new CheckpointOptions { Path = path, EveryEpochs = 3 },
            CancellationToken = source.Token,
            Callbacks = [new CancelAt(41, source)],
        };
        _ml.BinaryClassification.Trainers.Mlp(interrupted).Fit(data);
        var resumed = _ml.BinaryClassification.Trainers.Mlp(_options with { ResumeFrom = Checkpoint.Load(path) }).Fit(data);

        Assert.Equal(
            expected.Model.SubModel.Layers.SelectMany(layer => layer.Weights.ToArray()),
            resumed.Model.SubModel.Layers.SelectMany(layer => layer.Weights.ToArray()));
        Assert.Equal(
            expected.Model.SubModel.History.Epochs.Select(epoch => (epoch.LearningRate, epoch.TrainingLoss, epoch.ValidationLoss)),
            resumed.Model.SubModel.History.Epochs.Select(epoch => (epoch.LearningRate, epoch.TrainingLoss, epoch.ValidationLoss)));
    }

    [Fact]
    public void Another_recipe_does_not_resume_a_run()
    {
        var data = Rows.LoadBinary(_ml);
        string path = Path.Combine(TemporaryFolders.Create("fit"), "run.checkpoint");
        _ml.BinaryClassification.Trainers.Mlp(_options with { Checkpoint = new CheckpointOptions { Path = path } }).Fit(data);
        var other = _options with { LearningRate = 0.1, ResumeFrom = Checkpoint.Load(path) };
        Assert.Contains("another recipe", Assert.Throws<System.InvalidOperationException>(() => _ml.BinaryClassification.Trainers.Mlp(other).Fit(data)).Message);
    }

    [Fact]
    public void Fitting_an_epoch_per_call_follows_the_schedule_of_one_call()
    {
        var data = Rows.LoadBinary(_ml);
        var options = _options with { ReactiveSchedule = null, ReturnedWeights = ReturnedWeights.Last };
        var one = _ml.BinaryClassification.Trainers.Mlp(options).Fit(data);
        var trainer = _ml.BinaryClassification.Trainers.Mlp(options with { NumberOfEpochs = 1, ScheduleEpochs = 12, Continuation = Continuation.Extend });
        var model = trainer.Fit(data);
        for (int call = 1; call < 12; call++)
            model = trainer.Fit(data, model.Model.SubModel);
        Assert.Equal(
            one.Model.SubModel.History.Epochs.Select(epoch => (epoch.Epoch, epoch.LearningRate, epoch.LastLearningRate)),
            model.Model.SubModel.History.Epochs.Select(epoch => (epoch.Epoch, epoch.LearningRate, epoch.LastLearningRate)));
    }

    [Fact]
    public void A_rate_is_found_and_the_fit_after_it_is_the_fit_without_it()
    {
        var data = Rows.LoadBinary(_ml);
        var trainer = _ml.BinaryClassification.Trainers.Mlp(_options);
        var before = trainer.Fit(data);
        var found = trainer.FindLearningRate(data);
        Assert.Null(found.Refusal);
        Assert.InRange(found.Valley!.Value.LearningRate, 1e-5, 10);
        Assert.Equal(
            before.Model.SubModel.Layers.SelectMany(layer => layer.Weights.ToArray()),
            trainer.Fit(data).Model.SubModel.Layers.SelectMany(layer => layer.Weights.ToArray()));
    }

    private sealed class CancelAt(int step, CancellationTokenSource source) : ITrainingCallback
    {
        public void OnStep(in StepRecord record)
        {
            if (record.Step == step)
                source.Cancel();
        }
    }
}
