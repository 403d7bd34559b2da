using System;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>Measures a network on rows that it does not learn from.</summary>
internal sealed class Evaluation(BatchSource source, Batch batch, Workspace workspace, Loss loss) : IDisposable
{
    public long RowCount => source.RowCount;

    public void Dispose() => source.Dispose();

    public LossSum Measure(MlpNetwork network)
    {
        var sum = default(LossSum);
        source.BeginEpoch(0);
        while (source.TryRead(batch))
        {
            var outputs = network.Forward(workspace, batch.Inputs, isTraining: false);
            sum += loss.Measure(workspace.Kernels, outputs, batch.Labels, batch.Weights);
        }

        return sum;
    }
}
