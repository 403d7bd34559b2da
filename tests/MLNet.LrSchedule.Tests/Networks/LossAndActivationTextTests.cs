using System;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using Xunit;

namespace MLNet.LrSchedule.Tests.Networks;

public sealed class LossAndActivationTextTests
{
    [Fact]
    public void Losses_are_read_back_from_their_text()
    {
        Loss[] losses =
        [
            Loss.BinaryCrossEntropy, Loss.BinaryCrossEntropy with { LabelSmoothing = 0.1 }, Loss.SoftmaxCrossEntropy,
            Loss.SoftmaxCrossEntropy with { LabelSmoothing = 0.25 }, Loss.Squared, Loss.Absolute, Loss.Huber(), Loss.Huber(0.3), Loss.Quantile(),
            Loss.Quantile(0.95), Loss.Poisson,
        ];
        Assert.All(losses, loss => Assert.Equal(loss, Loss.Parse(loss.ToString())));
        Assert.Equal(losses.Length, losses.Distinct().Count());
        foreach (string text in new[] { "", "huber", "squared(1)", "quantile(x)", "hinge" })
            Assert.Throws<FormatException>(() => Loss.Parse(text));
    }

    [Fact]
    public void Activations_are_read_back_from_their_name()
    {
        Activation[] activations =
        [
            Activation.Identity, Activation.Relu, Activation.LeakyRelu(), Activation.LeakyRelu(0.3), Activation.Elu(), Activation.Elu(0.5), Activation.Selu,
            Activation.Gelu, Activation.GeluTanh, Activation.Silu, Activation.Mish, Activation.Softplus, Activation.Tanh, Activation.Sigmoid,
        ];
        Assert.All(activations, activation => Assert.Equal(activation, Activation.Parse(activation.ToString())));
        Assert.Equal(Enum.GetValues<ActivationKind>().Length, activations.Select(activation => activation.Kind).Distinct().Count());
        foreach (string text in new[] { "", "relu(1)", "elu", "elu(x)", "swish" })
            Assert.Throws<FormatException>(() => Activation.Parse(text));
    }

    [Fact]
    public void Parameters_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.Huber(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.Quantile(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.BinaryCrossEntropy with { LabelSmoothing = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SoftmaxCrossEntropy with { LabelSmoothing = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Activation.LeakyRelu(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Activation.Elu(0));
    }

    [Fact]
    public void Predictions_of_Poisson_regression_are_exponentials_and_of_others_the_outputs()
    {
        using var kernels = new KernelContext();
        float[] outputs = [0, 1, -2];
        Loss.Squared.ToPredictions(kernels, outputs);
        Assert.Equal([0, 1, -2], outputs);
        Loss.Poisson.ToPredictions(kernels, outputs);
        Assert.Equal(1, outputs[0]);
        Assert.Equal(Math.E, outputs[1], 1e-6);
        Assert.Equal(Math.Exp(-2), outputs[2], 1e-7);
    }
}
