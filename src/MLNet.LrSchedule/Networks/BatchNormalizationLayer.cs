using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>
/// Each unit by its mean and variance over the batch, then scale and shift; in evaluation by running statistics (Ioffe and Szegedy, ICML 2015).
/// Parameters: [scale, shift, running mean, running variance].
/// </summary>
/// <remarks>
/// The statistics lie among the parameters, so that whatever copies, saves or restores the parameters has them too; they are in no group of an
/// optimizer, and their gradients stay zero.
/// </remarks>
internal sealed class BatchNormalizationLayer : Layer
{
    /// <summary>What is added to variances, as in PyTorch.</summary>
    public const double Epsilon = 1e-5;

    /// <summary>The share of the running statistics that stays in each step, as in PyTorch.</summary>
    public const double Kept = 0.9;

    public BatchNormalizationLayer(int width, int parameterOffset)
        : base(width, width, parameterOffset) => Parameters =
        [
            new ParameterBlock(ParameterKind.Scale, parameterOffset, width),
            new ParameterBlock(ParameterKind.Bias, checked(parameterOffset + width), width),
            new ParameterBlock(ParameterKind.Statistic, checked(parameterOffset + 2 * width), checked(2 * width)),
        ];

    public override int ParameterCount => checked(4 * Outputs);

    public override IReadOnlyList<ParameterBlock> Parameters { get; }

    // The normalised numbers, and after them the units' inverse deviations.
    public override int KeptPerRow => Outputs;

    public override int KeptPerBatch => Outputs;

    public override void Reset(Span<float> parameters)
    {
        Part(parameters, 0).Fill(1f);
        Part(parameters, 3).Fill(1f);
    }

    public override void Forward(in ForwardPass pass)
    {
        if (!pass.IsTraining)
        {
            BatchNormalizationKernels.ForwardEvaluation(
                pass.Kernels,
                pass.Input,
                pass.Output,
                Part(pass.Parameters, 0),
                Part(pass.Parameters, 1),
                Part(pass.Parameters, 2),
                Part(pass.Parameters, 3),
                Epsilon);
            return;
        }

        int size = pass.Rows * Outputs;
        BatchNormalizationKernels.ForwardTraining(
            pass.Kernels,
            pass.Input,
            pass.Output,
            pass.Kept[..size],
            pass.Kept[size..],
            Part(pass.Parameters, 0),
            Part(pass.Parameters, 1),
            Part(pass.Statistics, 2),
            Part(pass.Statistics, 3),
            Epsilon,
            Kept);
    }

    public override void Backward(in BackwardPass pass)
    {
        int size = pass.Rows * Outputs;
        BatchNormalizationKernels.Backward(
            pass.Kernels,
            pass.OutputGradient,
            pass.Kept[..size],
            pass.Kept[size..],
            Part(pass.Parameters, 0),
            Part(pass.Gradients, 0),
            Part(pass.Gradients, 1),
            pass.InputGradient);
    }

    private Span<float> Part(Span<float> all, int index) => all.Slice(ParameterOffset + index * Outputs, Outputs);

    private ReadOnlySpan<float> Part(ReadOnlySpan<float> all, int index) => all.Slice(ParameterOffset + index * Outputs, Outputs);
}
