using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>
/// The parameters that an optimizer updates, with their gradients and slots. An optimizer is written once against this; training runs it
/// in single-precision vectors, a reference run in double precision.
/// </summary>
internal interface IUpdateTarget
{
    /// <summary>Applies a rule to every parameter of the group, in one pass over memory.</summary>
    void Apply<TRule>(in TRule rule, in ParameterGroup group)
        where TRule : struct, IUpdateRule;
}

/// <summary>The parameters of a network in training. <c>isFinite</c> becomes false when one of them is no finite number after its update.</summary>
internal readonly ref struct SingleTarget(
    KernelContext kernels, Span<float> parameters, Span<float> gradient, FloatBuffer[] slots, SparseGradient? sparseGradient, bool clears, ref bool isFinite) : IUpdateTarget
{
    private readonly Span<float> _parameters = parameters;
    private readonly Span<float> _gradient = gradient;
    private readonly ref bool _isFinite = ref isFinite;

    public void Apply<TRule>(in TRule rule, in ParameterGroup group)
        where TRule : struct, IUpdateRule =>
        _isFinite &= UpdateKernels.Apply(
            kernels,
            rule,
            _parameters.Slice(group.Offset, group.Length),
            _gradient.Slice(group.Offset, group.Length),
            Slot<TRule>(0, group),
            Slot<TRule>(1, group),
            Slot<TRule>(2, group),
            group.DividedColumns,
            group.HasSparseRows,
            group.HasSparseGradient ? sparseGradient : null,
            clears,
            group.StaysWithOneFarThread);

    private Span<float> Slot<TRule>(int index, in ParameterGroup group)
        where TRule : struct, IUpdateRule =>
        index < TRule.NumberOfSlots ? slots[index].Span.Slice(group.Offset, group.Length) : [];
}

/// <summary>The parameters of a reference run.</summary>
internal readonly ref struct DoubleTarget(Span<double> parameters, ReadOnlySpan<double> gradient, double[][] slots) : IUpdateTarget
{
    private readonly Span<double> _parameters = parameters;
    private readonly ReadOnlySpan<double> _gradient = gradient;

    public void Apply<TRule>(in TRule rule, in ParameterGroup group)
        where TRule : struct, IUpdateRule =>
        UpdateKernels.Apply(
            rule,
            _parameters.Slice(group.Offset, group.Length),
            _gradient.Slice(group.Offset, group.Length),
            Slot<TRule>(0, group),
            Slot<TRule>(1, group),
            Slot<TRule>(2, group));

    private Span<double> Slot<TRule>(int index, in ParameterGroup group)
        where TRule : struct, IUpdateRule =>
        index < TRule.NumberOfSlots ? slots[index].AsSpan(group.Offset, group.Length) : [];
}
