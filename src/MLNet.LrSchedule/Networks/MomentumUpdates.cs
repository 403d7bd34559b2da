using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>The updates of one step that dense layers do on the way back, with the gradients of their weights, which are not stored then.</summary>
/// <param name="parameters">All parameters of the network.</param>
/// <param name="slot">What the optimizer remembers of each.</param>
internal sealed class MomentumUpdates(FloatBuffer parameters, FloatBuffer slot)
{
    private readonly Dictionary<DenseLayer, MomentumRule?> _rules = [];

    public FloatBuffer Parameters => parameters;

    public FloatBuffer Slot => slot;

    /// <summary>Whether all weights that were updated since this was set are finite numbers.</summary>
    public bool AreFinite { get; set; } = true;

    /// <summary>Decides what updates the weights of a layer; null leaves them to the optimizer.</summary>
    public void SetRule(DenseLayer layer, MomentumRule? rule) => _rules[layer] = rule;

    /// <summary>What updates the weights of a layer in this step; null where that is the optimizer.</summary>
    public MomentumRule? RuleOf(DenseLayer layer) => _rules.GetValueOrDefault(layer);
}
