using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>Stochastic gradient descent with momentum; see <see cref="MomentumConvention"/> for its two forms.</summary>
internal sealed class SgdOptimizer(MomentumConvention convention, bool nesterov, int parameterCount)
    : ParameterOptimizer(parameterCount, [convention == MomentumConvention.Velocity ? "velocity" : "gradient buffer"], ("steps", 0))
{
    private bool IsFirst => Scalars[0] == 0;

    /// <summary>The rule by which the next step updates a group, where it is one that a product can apply to the gradients that it makes; null where it is not. It is the same wherever it is applied.</summary>
    /// <param name="group">The group.</param>
    /// <param name="values">The numbers of that step.</param>
    public MomentumRule? MomentumRuleOf(in ParameterGroup group, in StepValues values)
    {
        if (nesterov || values.PenaltyOf(group) != 0 || values.KeptShareOf(group) != 1)
            return null;
        double rate = values.RateOf(group);
        return convention == MomentumConvention.Velocity
            ? new MomentumRule(values.Momentum, -rate, 1)
            : new MomentumRule(values.Momentum, IsFirst ? 1 : 1 - values.Dampening, -rate);
    }

    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        foreach (ref readonly var group in groups)
        {
            if (MomentumRuleOf(group, values) is { } rule)
                target.Apply(rule, group);
            else if (convention == MomentumConvention.Velocity)
                target.Apply(new VelocityRule(values, group, nesterov), group);
            else
                target.Apply(new GradientBufferRule(values, group, nesterov, IsFirst), group);
        }

        Scalars[0]++;
    }
}
