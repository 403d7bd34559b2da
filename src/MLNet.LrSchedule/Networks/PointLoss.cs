using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>A loss of one number and its label, for regression.</summary>
internal sealed record PointLoss(string Name, double Parameter) : Loss
{
    internal override string Text => Named(Name, Parameter);

    internal override bool HasAccuracy => false;

    internal override unsafe void ToPredictions(KernelContext kernels, Span<float> outputs)
    {
        if (Name != "poisson")
            return;
        fixed (float* values = outputs)
            ElementLoop.Map(kernels.VectorWidth, new Exponential(), values, values, outputs.Length);
    }

    private protected override LossSum Evaluate(
        KernelContext kernels, ReadOnlySpan<float> outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<float> gradient, float scale) =>
        Name switch
        {
            "squared" => PointLossKernels.Evaluate(kernels, new SquaredError(), outputs, labels, weights, gradient, scale),
            "absolute" => PointLossKernels.Evaluate(kernels, new AbsoluteError(), outputs, labels, weights, gradient, scale),
            "huber" => PointLossKernels.Evaluate(kernels, new HuberError(Parameter), outputs, labels, weights, gradient, scale),
            "quantile" => PointLossKernels.Evaluate(kernels, new PinballError(Parameter), outputs, labels, weights, gradient, scale),
            "poisson" => PointLossKernels.Evaluate(kernels, new PoissonLikelihood(), outputs, labels, weights, gradient, scale),
            _ => throw new InvalidOperationException($"There is no loss '{Name}'."),
        };

    private readonly struct Exponential : IElementFunction
    {
        public TVector Apply<TSimd, TVector, TElement>(TVector x)
            where TSimd : ISimd<TVector, TElement>
            where TVector : struct
            where TElement : unmanaged => VectorMath.Exp<TSimd, TVector, TElement>(x);
    }
}
