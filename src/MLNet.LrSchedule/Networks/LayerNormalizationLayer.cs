using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>Each row by its own mean and variance, then scale and shift (Ba, Kiros and Hinton 2016). Parameters: [scale, shift].</summary>
internal sealed class LayerNormalizationLayer : Layer
{
    /// <summary>What is added to variances, as in PyTorch.</summary>
    public const float Epsilon = 1e-5f;

    public LayerNormalizationLayer(int width, int parameterOffset)
        : base(width, width, parameterOffset) => Parameters =
        [
            new ParameterBlock(ParameterKind.Scale, parameterOffset, width),
            new ParameterBlock(ParameterKind.Bias, checked(parameterOffset + width), width),
        ];

    public override int ParameterCount => checked(2 * Outputs);

    public override IReadOnlyList<ParameterBlock> Parameters { get; }

    // The normalised row, and after all of them the rows' inverse deviations.
    public override int KeptPerRow => Outputs + 1;

    public override void Reset(Span<float> parameters) => parameters.Slice(ParameterOffset, Outputs).Fill(1f);

    public override void Forward(in ForwardPass pass)
    {
        int size = pass.Kept.IsEmpty ? 0 : pass.Rows * Outputs;
        LayerNormalizationKernels.Forward(
            pass.Input,
            pass.Output,
            pass.Kept[..size],
            pass.Kept[size..],
            pass.Parameters.Slice(ParameterOffset, Outputs),
            pass.Parameters.Slice(ParameterOffset + Outputs, Outputs),
            Epsilon);
    }

    public override void Backward(in BackwardPass pass)
    {
        int size = pass.Rows * Outputs;
        LayerNormalizationKernels.Backward(
            pass.OutputGradient,
            pass.Kept[..size],
            pass.Kept[size..],
            pass.Parameters.Slice(ParameterOffset, Outputs),
            pass.Gradients.Slice(ParameterOffset, Outputs),
            pass.Gradients.Slice(ParameterOffset + Outputs, Outputs),
            pass.InputGradient);
    }
}
