using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Losses of networks with one output: sums over a batch and derivatives by each prediction.</summary>
internal static unsafe class PointLossKernels
{
    private const int Chunk = 256;

    /// <summary>
    /// Sums the losses of a batch, row after row in double precision, and, unless <paramref name="gradient"/> is empty, writes the derivatives.
    /// </summary>
    /// <param name="context">The run's context.</param>
    /// <param name="lossFunction">The loss.</param>
    /// <param name="predictions">One per row; the logit where the loss is on the logit.</param>
    /// <param name="targets">One per row.</param>
    /// <param name="weights">One per row, or empty: all 1.</param>
    /// <param name="gradient">Receives derivative * (weight * gradientScale). May be the memory of the predictions.</param>
    /// <param name="gradientScale">For a mean over the batch: one over the sum of its weights.</param>
    public static LossSum Evaluate<TLoss>(
        KernelContext context,
        in TLoss lossFunction,
        ReadOnlySpan<float> predictions,
        ReadOnlySpan<float> targets,
        ReadOnlySpan<float> weights,
        Span<float> gradient,
        float gradientScale)
        where TLoss : struct, IPointLoss
    {
        CheckLengths(predictions.Length, targets.Length, weights.Length, gradient.Length);
        fixed (float* p = predictions, t = targets, w = weights, g = gradient)
        {
            return context.VectorWidth switch
            {
                VectorWidth.Bits512 => Single<Simd512, Vector512<float>, TLoss>(lossFunction, p, t, w, g, gradientScale, predictions.Length),
                VectorWidth.Bits256 => Single<Simd256, Vector256<float>, TLoss>(lossFunction, p, t, w, g, gradientScale, predictions.Length),
                VectorWidth.Bits128 => Single<Simd128, Vector128<float>, TLoss>(lossFunction, p, t, w, g, gradientScale, predictions.Length),
                _ => Single<ScalarSingle, float, TLoss>(lossFunction, p, t, w, g, gradientScale, predictions.Length),
            };
        }
    }

    /// <summary>The same loss in double precision, for reference networks.</summary>
    public static LossSum Evaluate<TLoss>(
        in TLoss lossFunction,
        ReadOnlySpan<double> predictions,
        ReadOnlySpan<double> targets,
        ReadOnlySpan<double> weights,
        Span<double> gradient,
        double gradientScale)
        where TLoss : struct, IPointLoss
    {
        CheckLengths(predictions.Length, targets.Length, weights.Length, gradient.Length);
        LossSum sum = default;
        for (int i = 0; i < predictions.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            lossFunction.Apply<ScalarDouble, double, double>(predictions[i], targets[i], out double loss, out double slope);
            double correct = TLoss.Correct<ScalarDouble, double, double>(predictions[i], targets[i]);
            sum += new LossSum(loss * weight, weight, correct * weight);
            if (!gradient.IsEmpty)
            {
                gradient[i] = slope * (weight * gradientScale);
            }
        }

        return sum;
    }

    // A null pointer stands for an empty span. Losses of a chunk go through memory so that their sum has the order of the rows on every width.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static LossSum Single<TSimd, TVector, TLoss>(
        TLoss lossFunction, float* predictions, float* targets, float* weights, float* gradient, float gradientScale, int rows)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TLoss : struct, IPointLoss
    {
        float* losses = stackalloc float[Chunk];
        float* hits = stackalloc float[Chunk];
        double lossSum = 0;
        double weightSum = 0;
        double correctSum = 0;
        TVector scale = TSimd.Broadcast(gradientScale);
        for (int first = 0; first < rows; first += Chunk)
        {
            int count = Math.Min(Chunk, rows - first);

            for (int i = 0; i < count; i += TSimd.Width)
            {
                TVector mask = TSimd.Mask(count - i);
                TVector prediction = TSimd.LoadMasked(predictions + first + i, mask);
                TVector target = TSimd.LoadMasked(targets + first + i, mask);
                lossFunction.Apply<TSimd, TVector, float>(prediction, target, out TVector loss, out TVector slope);
                TSimd.StoreMasked(losses + i, mask, loss);
                TSimd.StoreMasked(hits + i, mask, TLoss.Correct<TSimd, TVector, float>(prediction, target));
                if (gradient != null)
                {
                    TVector factor = weights == null ? scale : TSimd.Multiply(TSimd.LoadMasked(weights + first + i, mask), scale);
                    TSimd.StoreMasked(gradient + first + i, mask, TSimd.Multiply(slope, factor));
                }
            }

            if (weights == null)
            {
                // Small whole numbers, whose sum is exact.
                float correct = 0;
                for (int i = 0; i < count; i++)
                {
                    lossSum += losses[i];
                    correct += hits[i];
                }

                weightSum += count;
                correctSum += correct;
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                double weight = weights[first + i];
                lossSum += weight * losses[i];
                weightSum += weight;
                correctSum += weight * hits[i];
            }
        }

        return new LossSum(lossSum, weightSum, correctSum);
    }

    private static void CheckLengths(int predictions, int targets, int weights, int gradient)
    {
        if (targets != predictions || (weights != 0 && weights != predictions) || (gradient != 0 && gradient != predictions))
        {
            throw new ArgumentException(
                $"{predictions} predictions do not fit {targets} targets, {weights} weights and a gradient of {gradient}.");
        }
    }
}
