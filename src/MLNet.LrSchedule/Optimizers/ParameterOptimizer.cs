using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>
/// Changes parameters by their gradients. What it remembers between steps lies in slots, as long as the parameters, and in a few scalars;
/// an optimizer of the same kind that is given both goes on as this one would.
/// </summary>
internal abstract class ParameterOptimizer
{
    private readonly int _parameterCount;
    private FloatBuffer[]? _slots;
    private ParameterGroup[] _joined = [];

    /// <param name="parameterCount">Length of the parameters' buffer.</param>
    /// <param name="slots">Names of the slots, in order.</param>
    /// <param name="scalars">Names of the scalars, with their values before the first step.</param>
    protected ParameterOptimizer(int parameterCount, string[] slots, params (string Name, double Start)[] scalars)
    {
        SlotNames = slots;
        ScalarNames = [.. scalars.Select(scalar => scalar.Name)];
        Scalars = [.. scalars.Select(scalar => scalar.Start)];
        _parameterCount = parameterCount;
    }

    public IReadOnlyList<string> SlotNames { get; }

    /// <summary>What the optimizer remembers of each parameter; zeros before the first step.</summary>
    public IReadOnlyList<FloatBuffer> Slots => AllSlots;

    /// <summary>Where the slots are to lie; the collected heap unless given before they are first asked for.</summary>
    public RunMemory? Memory { get; set; }

    private FloatBuffer[] AllSlots => _slots ??= [.. SlotNames.Select(_ => Memory?.Zeros(_parameterCount) ?? new FloatBuffer(_parameterCount))];

    public IReadOnlyList<string> ScalarNames { get; }

    /// <summary>What it remembers besides, such as the products of its betas.</summary>
    public double[] Scalars { get; }

    /// <summary>Whether evaluation, saving and keeping the best model want other weights than training, those of <see cref="WriteEvaluationWeights"/>.</summary>
    public virtual bool EvaluatesOtherWeights => false;

    /// <summary>Whether parameters have step sizes of their own, that of <see cref="StepSize"/>.</summary>
    public virtual bool IsAdaptive => false;

    /// <summary>One update of all parameters.</summary>
    /// <param name="kernels">The run's kernels.</param>
    /// <param name="parameters">All parameters of the network; those in no group stay as they are.</param>
    /// <param name="gradient">Their gradients.</param>
    /// <param name="groups">The parts of the buffer that are updated alike.</param>
    /// <param name="values">The numbers of this step.</param>
    /// <param name="sparseGradient">The gradient of the group that has a sparse one.</param>
    /// <param name="clears">Whether that is zero after the update, as is the gradient of groups that are joined with this one.</param>
    /// <returns>Whether all parameters of the groups are finite numbers after it.</returns>
    public bool Step(
        KernelContext kernels,
        Span<float> parameters,
        Span<float> gradient,
        ReadOnlySpan<ParameterGroup> groups,
        in StepValues values,
        SparseGradient? sparseGradient = null,
        bool clears = false)
    {
        if (_joined.Length < groups.Length)
            _joined = new ParameterGroup[groups.Length];
        var joined = _joined.AsSpan(0, ParameterGroup.Join(groups, values, kernels.MaxThreads, _joined));
        bool isFinite = true;
        Update(new SingleTarget(kernels, parameters, gradient, AllSlots, sparseGradient, clears, ref isFinite), joined, values);
        return isFinite;
    }

    /// <summary>The same update in double precision, for reference runs; the caller keeps the slots.</summary>
    public void Step(
        Span<double> parameters, ReadOnlySpan<double> gradient, double[][] slots, ReadOnlySpan<ParameterGroup> groups, in StepValues values) =>
        Update(new DoubleTarget(parameters, gradient, slots), groups, values);

    /// <summary>Writes the weights to evaluate and save: the parameters themselves unless <see cref="EvaluatesOtherWeights"/>.</summary>
    /// <param name="parameters">The parameters as training has them.</param>
    /// <param name="groups">The parts of the buffer that are trained; what is in none is copied.</param>
    /// <param name="destination">Receives all parameters.</param>
    public virtual void WriteEvaluationWeights(ReadOnlySpan<float> parameters, ReadOnlySpan<ParameterGroup> groups, Span<float> destination) =>
        parameters.CopyTo(destination);

    /// <summary>
    /// What a parameter's gradient (or its running mean) was multiplied by in the step just taken: the learning rate over the parameter's own
    /// denominator, by the slots as the step left them. Only where <see cref="IsAdaptive"/>.
    /// </summary>
    /// <param name="index">Place of the parameter in the buffer.</param>
    /// <param name="rate">The learning rate of the parameter's group.</param>
    /// <param name="values">The numbers of that step.</param>
    public virtual double StepSize(int index, double rate, in StepValues values) => throw new NotSupportedException();

    protected abstract void Update<TTarget>(in TTarget target, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
        where TTarget : IUpdateTarget, allows ref struct;
}
