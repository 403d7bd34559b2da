using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>
/// Inverted dropout: in training each number is 0 with the step's rate p and else divided by 1 - p, so that evaluation has nothing to do
/// (Srivastava et al., JMLR 2014).
/// </summary>
internal sealed class DropoutLayer(int width, int parameterOffset) : Layer(width, width, parameterOffset)
{
    public override int ParameterCount => 0;

    public override IReadOnlyList<ParameterBlock> Parameters => [];

    public override void Forward(in ForwardPass pass) =>
        DropoutKernels.Apply(pass.Input, pass.Output, pass.Dropout.Key, pass.IsTraining ? pass.Dropout.Rate : 0);

    public override void Backward(in BackwardPass pass)
    {
        if (!pass.InputGradient.IsEmpty)
            DropoutKernels.Apply(pass.OutputGradient, pass.InputGradient, pass.Dropout.Key, pass.Dropout.Rate);
    }
}
