using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>Stochastic gradient descent with momentum; see <see cref="MomentumConvention"/> for its two forms.</summary>
internal sealed class SgdOptimizer(MomentumConvention convention, bool nesterov, int parameterCount) : Optimizer(parameterCount, slotCount: 1)
{
    public override void Step(
        KernelContext kernels, Span<float> parameters, ReadOnlySpan<float> gradient, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        foreach (var group in groups)
        {
            var weights = parameters.Slice(group.Offset, group.Length);
            var slopes = gradient.Slice(group.Offset, group.Length);
            var slot = Slots[0].Span.Slice(group.Offset, group.Length);
            if (convention == MomentumConvention.Velocity)
                UpdateKernels.Apply(kernels, new VelocityRule(values, group.IsDecayed, nesterov), weights, slopes, slot);
            else
                UpdateKernels.Apply(kernels, new GradientBufferRule(values, group.IsDecayed, nesterov), weights, slopes, slot);
        }
    }
}
