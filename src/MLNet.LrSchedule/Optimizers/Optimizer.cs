using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>A run of parameters that are updated alike.</summary>
/// <param name="Offset">Where they begin in the parameters' buffer.</param>
/// <param name="Length">How many they are.</param>
/// <param name="IsDecayed">Whether weight decay and the L2 penalty act on them.</param>
internal readonly record struct ParameterGroup(int Offset, int Length, bool IsDecayed = true);

/// <summary>Changes parameters by their gradients. What it remembers between steps lies in slots, as long as the parameters.</summary>
internal abstract class Optimizer
{
    protected Optimizer(int parameterCount, int slotCount) =>
        Slots = [.. Enumerable.Range(0, slotCount).Select(_ => new FloatBuffer(parameterCount))];

    /// <summary>What the optimizer remembers of each parameter; zeros before the first step.</summary>
    public IReadOnlyList<FloatBuffer> Slots { get; }

    /// <summary>One update of all parameters.</summary>
    /// <param name="kernels">The run's kernels.</param>
    /// <param name="parameters">All parameters of the network.</param>
    /// <param name="gradient">Their gradients.</param>
    /// <param name="groups">The parts of the buffer that are updated alike.</param>
    /// <param name="values">The numbers of this step.</param>
    public abstract void Step(
        KernelContext kernels, Span<float> parameters, ReadOnlySpan<float> gradient, ReadOnlySpan<ParameterGroup> groups, in StepValues values);
}
