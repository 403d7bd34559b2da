using System;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>Stochastic gradient descent with momentum; see <see cref="MomentumConvention"/> for its two forms.</summary>
internal sealed class SgdOptimizer(MomentumConvention convention, bool nesterov, int parameterCount)
    : ParameterOptimizer(parameterCount, [convention == MomentumConvention.Velocity ? "velocity" : "gradient buffer"], ("steps", 0))
{
    protected override void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        bool isFirst = Scalars[0] == 0;
        Scalars[0]++;
        foreach (ref readonly var group in groups)
        {
            if (convention == MomentumConvention.Velocity)
                target.Apply(new VelocityRule(values, group, nesterov), group);
            else
                target.Apply(new GradientBufferRule(values, group, nesterov, isFirst), group);
        }
    }
}
