using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>The specification of the products: what every fast kernel must equal bit for bit.</summary>
internal static class ReferenceKernels
{
    /// <summary>sums[rows x outputs] = biases + inputs * weights; empty biases are zeros.</summary>
    public static void Forward(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, Span<float> sums, int rows, int inputCount, int outputCount)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < outputCount; output++)
            {
                float sum = biases.IsEmpty ? 0 : biases[output];
                for (int input = 0; input < inputCount; input++)
                {
                    sum = MathF.FusedMultiplyAdd(inputs[(row * inputCount) + input], weights[(input * outputCount) + output], sum);
                }

                sums[(row * outputCount) + output] = sum;
            }
        }
    }

    /// <summary>weightGradient[inputs x outputs] = inputs^T * outputGradient; biasGradient[outputs] = the sum of its rows.</summary>
    public static void WeightGradient(
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> outputGradient,
        Span<float> weightGradient,
        Span<float> biasGradient,
        int rows,
        int inputCount,
        int outputCount)
    {
        for (int output = 0; output < outputCount; output++)
        {
            for (int input = 0; input < inputCount; input++)
            {
                float sum = 0;
                for (int row = 0; row < rows; row++)
                {
                    sum = MathF.FusedMultiplyAdd(inputs[(row * inputCount) + input], outputGradient[(row * outputCount) + output], sum);
                }

                weightGradient[(input * outputCount) + output] = sum;
            }

            float biasSum = 0;
            for (int row = 0; row < rows; row++)
            {
                biasSum += outputGradient[(row * outputCount) + output];
            }

            biasGradient[output] = biasSum;
        }
    }

    /// <summary>inputGradient[rows x inputs] = outputGradient * weights^T.</summary>
    public static void InputGradient(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> weights, Span<float> inputGradient, int rows, int inputCount, int outputCount)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int input = 0; input < inputCount; input++)
            {
                float sum = 0;
                for (int output = 0; output < outputCount; output++)
                {
                    sum = MathF.FusedMultiplyAdd(outputGradient[(row * outputCount) + output], weights[(input * outputCount) + output], sum);
                }

                inputGradient[(row * inputCount) + input] = sum;
            }
        }
    }
}
