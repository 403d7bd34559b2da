using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>output = f(input), number by number.</summary>
internal sealed class ActivationLayer(int width, Activation activation, int parameterOffset) : Layer(width, width, parameterOffset)
{
    public override Activation? Function => activation;

    public override int ParameterCount => 0;

    public override IReadOnlyList<ParameterBlock> Parameters => [];

    public override void Forward(in ForwardPass pass) =>
        ActivationKernels.Forward(pass.Kernels, activation.Kind, activation.Parameter, pass.Input, pass.Output);

    public override void Backward(in BackwardPass pass)
    {
        if (pass.InputGradient.IsEmpty)
            return;
        pass.OutputGradient.CopyTo(pass.InputGradient);
        var stored = ActivationKernels.NeedsPreActivation(activation.Kind) ? pass.Input : pass.Output;
        ActivationKernels.Backward(pass.Kernels, activation.Kind, activation.Parameter, stored, pass.InputGradient);
    }
}
