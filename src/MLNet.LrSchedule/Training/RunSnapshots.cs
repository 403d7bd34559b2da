using System;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Optimizers;

namespace MLNet.LrSchedule.Training;

/// <summary>The copies of a run's numbers: those of the best epoch, those to roll back to, and checkpoints on disk.</summary>
internal sealed class RunSnapshots
{
    private readonly TrainingControl _control;
    private readonly TrainingSetup _setup;
    private readonly Lazy<string> _data;
    private readonly int _bestLength;
    private FloatBuffer? _best;
    private bool _bestIsCurrent;
    private RunState? _good;
    private FloatBuffer[] _goodNumbers = [];
    private double[] _goodScalars = [];

    public RunSnapshots(TrainingRecipe recipe, TrainingTask task, TrainingControl control, TrainingSetup setup)
    {
        _control = control;
        _setup = setup;
        _data = new(() => DataDigest.Of(task.Training, task.Validation));
        // A cancelled run may want the best epoch too, whatever the recipe returns at its regular end.
        bool keepsBest = recipe.ReturnedWeights == ReturnedWeights.Best || control.OnCancel == CancellationResult.ReturnBest;
        _bestLength = keepsBest ? setup.Network.Parameters.Length : 0;
    }

    public bool HasBest { get; private set; }

    private FloatBuffer Best => _best ??= _setup.Kernels.Memory.Undefined(_bestLength);

    private ParameterOptimizer Optimizer => _setup.Optimizer;

    /// <summary>The state to start with: that of the checkpoint, whose numbers are put in place, or a new one.</summary>
    /// <exception cref="InvalidOperationException">The checkpoint belongs to another recipe, network or data.</exception>
    public RunState Start()
    {
        if (_control.ResumeFrom is not { } checkpoint)
        {
            var earlier = _setup.FirstEpoch > 0 ? _control.EarlierHistory! : null;
            return new RunState
            {
                Epoch = _setup.FirstEpoch,
                Epochs = earlier?.Epochs ?? [],
                Warnings = earlier?.Warnings ?? [],
                Elapsed = earlier?.Epochs[^1].Elapsed ?? TimeSpan.Zero,
            };
        }

        var header = checkpoint.Header;
        MustMatch("recipe", header.Recipe, _control.RecipeText ?? "");
        MustMatch("seed", header.Seed.ToString(), _control.Seed.ToString());
        MustMatch("network", header.Network, _setup.Network.ToString());
        MustMatch("data", header.Data, _data.Value);
        if (checkpoint.Parameters.Length != _setup.Network.Parameters.Length || checkpoint.Slots.Length != Optimizer.Slots.Count ||
            checkpoint.Scalars.Length != Optimizer.Scalars.Length || checkpoint.Slots.Any(slot => slot.Length != _setup.Network.Parameters.Length) ||
            (checkpoint.Best.Length != 0 && checkpoint.Best.Length != _bestLength))
        {
            throw new InvalidOperationException("The checkpoint cannot be resumed from: its numbers do not fit the network and the optimizer.");
        }

        checkpoint.Parameters.CopyTo(_setup.Network.Parameters.Span);
        for (int i = 0; i < checkpoint.Slots.Length; i++)
            checkpoint.Slots[i].CopyTo(Optimizer.Slots[i].Span);
        checkpoint.Scalars.CopyTo(Optimizer.Scalars, 0);
        HasBest = checkpoint.Best.Length > 0;
        if (HasBest)
            checkpoint.Best.CopyTo(Best.Span);
        return header.State;
    }

    /// <summary>Keeps the weights as they are now.</summary>
    /// <param name="willChange">Whether the run goes on; the weights of its last epoch are kept by leaving them as they are.</param>
    public void RememberBest(bool willChange)
    {
        if (_bestLength == 0)
            return;
        HasBest = true;
        _bestIsCurrent = !willChange;
        if (willChange)
            _setup.Evaluated.Parameters.Span.CopyTo(Best.Span);
    }

    public void RestoreBest()
    {
        if (!_bestIsCurrent)
            Best.Span.CopyTo(_setup.Evaluated.Parameters.Span);
    }

    /// <summary>Whether there is a state to go back to.</summary>
    public bool HasGood => _good is not null;

    /// <summary>Keeps the state before an epoch, or where the run was resumed inside of one, to go back to when the epoch diverges.</summary>
    public void RememberGood(RunState state)
    {
        if (_goodNumbers.Length == 0)
            _goodNumbers = [.. Enumerable.Range(0, Optimizer.Slots.Count + 1).Select(_ => _setup.Kernels.Memory.Undefined(_setup.Network.Parameters.Length))];
        _setup.Network.Parameters.Span.CopyTo(_goodNumbers[0].Span);
        for (int i = 0; i < Optimizer.Slots.Count; i++)
            Optimizer.Slots[i].Span.CopyTo(_goodNumbers[i + 1].Span);
        _goodScalars = [.. Optimizer.Scalars];
        _good = state;
    }

    /// <summary>Puts the numbers of <see cref="RememberGood"/> back.</summary>
    public RunState RollBack()
    {
        _goodNumbers[0].Span.CopyTo(_setup.Network.Parameters.Span);
        for (int i = 0; i < Optimizer.Slots.Count; i++)
            _goodNumbers[i + 1].Span.CopyTo(Optimizer.Slots[i].Span);
        _goodScalars.CopyTo(Optimizer.Scalars, 0);
        return _good!;
    }

    /// <summary>Writes a checkpoint, where the run is to have any.</summary>
    /// <exception cref="IOException">The file cannot be written; the checkpoint before it is as it was.</exception>
    public void Save(RunState state)
    {
        if (_control.Checkpoint is not { } options)
            return;
        var header = new CheckpointHeader
        {
            State = state,
            Seed = _control.Seed,
            Recipe = _control.RecipeText ?? "",
            Network = _setup.Network.ToString(),
            Data = _data.Value,
            Slots = Optimizer.Slots.Count,
        };
        CheckpointFile.Write(options, new Checkpoint(
            header,
            _setup.Network.Parameters.Span.ToArray(),
            [.. Optimizer.Slots.Select(slot => slot.Span.ToArray())],
            Optimizer.Scalars,
            HasBest ? Best.Span.ToArray() : []));
    }

    private static void MustMatch(string what, string saved, string given)
    {
        if (saved == given)
            return;
        string shown = saved.Length + given.Length < 400 ? $": it has {saved}, the run has {given}" : "";
        throw new InvalidOperationException(
            $"The checkpoint cannot be resumed from: it belongs to another {what}{shown}. Resuming goes on with the very same run; to go on with another, continue from a model.");
    }
}
