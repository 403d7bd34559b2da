using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;

namespace MLNet.LrSchedule.Training;

/// <summary>Which weights of a run are updated by the products that make their gradients, and which groups that leaves to the optimizer. It decides no bit.</summary>
internal sealed class ProductUpdates
{
    private readonly SgdOptimizer _optimizer;

    // For each group, the layer whose weights it is, where a product may update them; otherwise null.
    private readonly DenseLayer?[] _layers;
    private readonly ParameterGroup[] _left;

    private ProductUpdates(MlpNetwork network, SgdOptimizer optimizer, DenseLayer?[] layers)
    {
        _optimizer = optimizer;
        _layers = layers;
        _left = new ParameterGroup[layers.Length];
        OfStep = new MomentumUpdates(network.Parameters, optimizer.Slots[0]);
    }

    /// <summary>The updates of the step that has begun, for the network's way back.</summary>
    public MomentumUpdates OfStep { get; }

    /// <summary>The updates of a run; null where none pay or the optimizer has no rule for them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kernels">What multiplies.</param>
    /// <param name="optimizer">What updates; it must have its <see cref="ParameterOptimizer.Memory"/>.</param>
    /// <param name="groups">The groups of the network's parameters.</param>
    /// <param name="batchRows">The most rows of a batch.</param>
    public static ProductUpdates? For(MlpNetwork network, KernelContext kernels, ParameterOptimizer optimizer, ReadOnlySpan<ParameterGroup> groups, int batchRows)
    {
        if (optimizer is not SgdOptimizer sgd)
            return null;
        var layers = new DenseLayer?[groups.Length];
        foreach (var dense in network.Layers.OfType<DenseLayer>())
        {
            if (!DenseKernels.UpdatesWeights(kernels, batchRows, dense.Inputs, dense.Outputs))
                continue;
            for (int i = 0; i < groups.Length; i++)
            {
                bool isWeights = groups[i].Offset == dense.ParameterOffset && groups[i].Length == dense.Inputs * dense.Outputs;
                if (isWeights && !groups[i].HasSparseGradient)
                    layers[i] = dense;
            }
        }

        return layers.Any(layer => layer is not null) ? new ProductUpdates(network, sgd, layers) : null;
    }

    /// <summary>Begins a step: decides what its products update.</summary>
    /// <param name="groups">The groups, with the multipliers of the step.</param>
    /// <param name="values">The numbers of the step.</param>
    /// <returns>The groups that are left to the optimizer.</returns>
    public ReadOnlySpan<ParameterGroup> Begin(ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        OfStep.AreFinite = true;
        int left = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            MomentumRule? rule = null;
            if (_layers[i] is { } layer)
            {
                rule = _optimizer.MomentumRuleOf(groups[i], values);
                OfStep.SetRule(layer, rule);
            }

            if (rule is null)
                _left[left++] = groups[i];
        }

        return _left.AsSpan(0, left);
    }
}
