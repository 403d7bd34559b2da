using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>output = f(input W + b), with W [inputs x outputs] and one bias per output, or none.</summary>
internal sealed class DenseLayer : Layer
{
    private readonly int _biasOffset;
    private readonly int _biasCount;
    private readonly bool _keepsSums;

    public DenseLayer(int inputs, int outputs, Activation activation, bool hasBias, int parameterOffset)
        : base(inputs, outputs, parameterOffset)
    {
        Activation = activation;
        int weights = checked(inputs * outputs);
        _biasOffset = parameterOffset + weights;
        _keepsSums = ActivationKernels.NeedsPreActivation(activation.Kind);
        _biasCount = hasBias ? outputs : 0;
        ParameterBlock block = new(ParameterKind.Weight, parameterOffset, weights);
        Parameters = hasBias ? [block, new ParameterBlock(ParameterKind.Bias, _biasOffset, outputs)] : [block];
    }

    public Activation Activation { get; }

    public override Activation? Function => Activation;

    public override int ParameterCount => checked(Inputs * Outputs + _biasCount);

    public override IReadOnlyList<ParameterBlock> Parameters { get; }

    // Most derivatives follow from the output; the others need the sums that went into the function.
    public override int KeptPerRow => _keepsSums ? Outputs : 0;

    public override bool TakesSparse => true;

    public override bool JoinsSlope => true;

    /// <summary>The outputs of some units for dense rows, [rows x units], with the bits that <see cref="Forward"/> gives them, without reading the weights of the others.</summary>
    /// <param name="kernels">What multiplies.</param>
    /// <param name="units">The units, from 0.</param>
    /// <param name="parameters">All parameters of the network.</param>
    /// <param name="input">The layer's input, [rows x Inputs].</param>
    public float[] OutputsOf(KernelContext kernels, ReadOnlySpan<int> units, ReadOnlySpan<float> parameters, ReadOnlySpan<float> input)
    {
        int count = units.Length, rows = input.Length / Inputs;
        float[] weights = new float[Inputs * count], biases = new float[_biasCount > 0 ? count : 0], outputs = new float[rows * count];
        for (int i = 0; i < biases.Length; i++)
            biases[i] = parameters[_biasOffset + units[i]];
        for (int i = 0; i < Inputs; i++)
        {
            var row = parameters.Slice(ParameterOffset + i * Outputs, Outputs);
            for (int k = 0; k < count; k++)
                weights[i * count + k] = row[units[k]];
        }

        DenseKernels.Forward(kernels, input, weights, biases, outputs, rows, Inputs, count, Activation.Kind, Activation.Parameter);
        return outputs;
    }

    public override bool SharesRows(int rows) => Products.SharesRowsOfResult(rows, Outputs, Inputs);

    public override Span<float> BiasesIn(Span<float> parameters) => parameters.Slice(_biasOffset, _biasCount);

    public override void Forward(in ForwardPass pass)
    {
        var weights = pass.Parameters.Slice(ParameterOffset, _biasOffset - ParameterOffset);
        var biases = pass.Parameters.Slice(_biasOffset, _biasCount);
        var sums = pass.Kept.IsEmpty ? pass.Output : pass.Kept;
        if (!pass.HasSparseInput)
        {
            DenseKernels.Forward(
                pass.Kernels, pass.Input, weights, biases, sums, pass.Output, pass.Rows, Inputs, Outputs, Activation.Kind, Activation.Parameter, pass.HasSharedRows);
            return;
        }

        SparseKernels.Forward(
            pass.Kernels, pass.SparseInput, weights, biases, sums, pass.Output, Inputs, Outputs, Activation.Kind, Activation.Parameter, pass.IsTraining);
    }

    public override void Backward(in BackwardPass pass)
    {
        if (!pass.HasSlope)
            ActivationKernels.Backward(pass.Kernels, Activation.Kind, Activation.Parameter, _keepsSums ? pass.Kept : pass.Output, pass.OutputGradient);
        if (pass.Updates?.RuleOf(this) is { } rule)
        {
            // Before the weights change.
            SetInputGradient(pass);
            UpdateWeights(pass, pass.Updates, rule);
            return;
        }

        SetWeightGradient(pass);
        SetInputGradient(pass);
    }

    private void SetWeightGradient(in BackwardPass pass)
    {
        var weightGradient = pass.Gradients.Slice(ParameterOffset, _biasOffset - ParameterOffset);
        var biasGradient = pass.HasSlope ? [] : BiasesIn(pass.Gradients);
        if (pass.HasSparseInput)
        {
            pass.SparseGradient!.Set(pass.Kernels, pass.SparseInput, pass.OutputGradient, weightGradient, biasGradient, Outputs);
            return;
        }

        pass.SparseGradient?.MarkWritten();
        DenseKernels.WeightGradient(pass.Kernels, pass.Input, pass.OutputGradient, weightGradient, biasGradient, pass.Rows, Inputs, Outputs, pass.HasSharedRows);
    }

    private void UpdateWeights(in BackwardPass pass, MomentumUpdates updates, in MomentumRule rule)
    {
        if (pass.HasSparseInput)
            throw new NotSupportedException("Weights that multiply sparse rows are updated by the optimizer alone.");
        int weights = _biasOffset - ParameterOffset;
        bool areFinite = DenseKernels.UpdateWeights(
            pass.Kernels,
            pass.Input,
            pass.OutputGradient,
            pass.Gradients.Slice(ParameterOffset, weights),
            pass.HasSlope ? [] : BiasesIn(pass.Gradients),
            updates.Parameters.Span.Slice(ParameterOffset, weights),
            updates.Slot.Span.Slice(ParameterOffset, weights),
            rule,
            pass.Rows,
            Inputs,
            Outputs);
        updates.AreFinite &= areFinite;
    }

    private void SetInputGradient(in BackwardPass pass)
    {
        if (pass.InputGradient.IsEmpty)
            return;
        var (kind, parameter) = pass.InputFunction is { } function ? (function.Kind, function.Parameter) : (ActivationKind.Identity, 0f);
        var stored = pass.InputFunction is null ? pass.InputGradient : pass.InputFunctionStored;
        int asked = Inputs - pass.InputsWithoutGradient;
        var weights = pass.Parameters.Slice(ParameterOffset, _biasOffset - ParameterOffset);
        DenseKernels.InputGradient(
            pass.Kernels, pass.OutputGradient, weights[^(asked * Outputs)..], pass.InputGradient, pass.Rows, asked, Outputs, kind, parameter, stored,
            pass.InputBiasGradient, pass.HasSharedRows);
    }
}
