using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>output = input + output of an earlier layer of the same width (He et al., CVPR 2016).</summary>
/// <remarks>On the way back the gradient goes both ways: on to the input, and, through <see cref="BackwardPass.Kept"/>, to the earlier layer.</remarks>
internal sealed class ResidualLayer(int width, int source, int parameterOffset) : Layer(width, width, parameterOffset)
{
    public override int ParameterCount => 0;

    public override IReadOnlyList<ParameterBlock> Parameters => [];

    public override int? SkipSource => source;

    public override int KeptPerRow => Outputs;

    public override void Forward(in ForwardPass pass) => SumKernels.Add(pass.Kernels, pass.Input, pass.Skipped, pass.Output);

    public override void Backward(in BackwardPass pass)
    {
        pass.OutputGradient.CopyTo(pass.Kept);
        if (!pass.InputGradient.IsEmpty)
            pass.OutputGradient.CopyTo(pass.InputGradient);
    }
}
