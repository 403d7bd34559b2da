using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.InteropServices;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Benchmarks.Peers;

/// <summary>
/// This package's training loop. Its time is that of all of <see cref="Trainer.Train"/>: network and buffers are made anew in each run, and the
/// first weights, which are given, are copied, as they are by the others.
/// </summary>
internal sealed class OwnTraining(IReadOnlyDictionary<PeerWorkload, TrainingData> data, int threads) : IContestant
{
    public string Name => "here";

    public string Version => $"MLNet.LrSchedule, {RuntimeInformation.FrameworkDescription}, {(int)KernelContext.AvailableWidths[^1]}-bit vectors";

    public int Threads => threads;

    public PeerRun Run(PeerWorkload workload, int times)
    {
        var first = RecipeNetwork.Create(workload.Recipe, data[workload].FeatureCount, workload.Outputs, workload.Control(threads).Seed);
        var task = new TrainingTask(workload.Loss, workload.Outputs, data[workload], Start: first);
        TrainedNetwork trained = null!;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
            trained = Trainer.Train(workload.Recipe, task, workload.Control(threads));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / times;
        return new PeerRun(seconds, MeanLoss(workload, trained.Network));
    }

    public void Dispose()
    {
    }

    private double MeanLoss(PeerWorkload workload, MlpNetwork network)
    {
        using var kernels = new KernelContext(1);
        var batch = new Batch(workload.Batch, network.Inputs, hasWeights: false);
        using var evaluation = new Evaluation(
            data[workload].All.Batches(workload.Batch, null, null), batch, Workspace.ForEvaluation(network, kernels, workload.Batch), workload.Loss);
        var sum = evaluation.Measure(network);
        return sum.Loss / sum.Weight;
    }
}
