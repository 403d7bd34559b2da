using System;

namespace MLNet.LrSchedule.Kernels;

// Weights that are updated by the product that makes their gradient.
internal static unsafe partial class DenseKernels
{
    // Fewer weights than this a near cache holds, and an update of them by itself takes next to nothing.
    private const int MinUpdatedWeights = 1 << 15;

    /// <summary>
    /// Whether <see cref="UpdateWeights"/> usually takes less time than <see cref="WeightGradient"/> and an update of the weights: the gradient is neither written nor read, and while the product multiplies, the
    /// weights and their slot come from the far caches. Not where the steps of a product come in several blocks, between which the gradient is in memory in any case. It decides no bit.
    /// </summary>
    /// <param name="context">What multiplies.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="inputCount">Inputs of the layer.</param>
    /// <param name="outputCount">Outputs of the layer.</param>
    public static bool UpdatesWeights(KernelContext context, int rows, int inputCount, int outputCount) =>
        rows <= context.Blocking.MaxDepth && (long)inputCount * outputCount >= MinUpdatedWeights && MayUpdate(rows, inputCount, outputCount);

    /// <summary>
    /// As <see cref="WeightGradient"/>, and then an update of the weights and their slot by that gradient, with the bits of the two one after the other. The gradient of the weights is undefined after it; that
    /// of the biases is set.
    /// </summary>
    /// <returns>Whether all weights are finite numbers now.</returns>
    /// <exception cref="ArgumentException">The layer has outputs that are multiplied apart, or no rows or inputs.</exception>
    public static bool UpdateWeights(
        KernelContext context,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> outputGradient,
        Span<float> weightGradient,
        Span<float> biasGradient,
        Span<float> weights,
        Span<float> slot,
        in MomentumRule rule,
        int rows,
        int inputCount,
        int outputCount)
    {
        CheckShape(inputs.Length, weightGradient.Length, outputGradient.Length, rows, inputCount, outputCount);
        CheckLength(nameof(weights), weights.Length, weightGradient.Length);
        CheckLength(nameof(slot), slot.Length, weightGradient.Length);
        if (!MayUpdate(rows, inputCount, outputCount))
        {
            throw new ArgumentException($"The gradient of {inputCount} x {outputCount} weights by {rows} rows is not made by one product of tiles, which could update them.");
        }

        BiasGradient(context, outputGradient, biasGradient, rows, outputCount);
        fixed (float* input = inputs, gradient = outputGradient, result = weightGradient, w = weights, s = slot)
        {
            TileUpdate update = new() { ToSlot = (nint)(s - w) };
            update.Factors[0] = (float)rule.Momentum;
            update.Factors[1] = (float)rule.GradientFactor;
            update.Factors[2] = (float)rule.SlotFactor;
            GemmProblem problem = GradientProblem(context, input, gradient, result, rows, inputCount, outputCount, outputCount);
            problem.Finish = new ProductFinish { Origin = result, Operand = w, End = TileEnd.Momentum, Update = &update };
            Products.Multiply(context, problem);
            return update.IsDivergent == 0;
        }
    }

    // One input has a product of its own, and so have few outputs and narrow rests of them.
    private static bool MayUpdate(int rows, int inputCount, int outputCount) =>
        rows > 0 && inputCount > 1 && outputCount > NarrowOutputs && NarrowRest(outputCount) == 0;
}
