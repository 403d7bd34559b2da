using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The products of a dense layer. Matrices are row-major without gaps: inputs [rows x inputs], weights [inputs x outputs], outputs [rows x outputs].
/// Every element accumulates in one ascending chain of single-precision fused multiply-adds, so its bits depend neither on the vector width nor on the
/// number of threads nor on the size of the batch around it. Results must not overlap operands.
/// </summary>
internal static unsafe partial class DenseKernels
{
    // So many outputs or fewer fill less than a vector of the widest kind.
    private const int NarrowOutputs = 12;

    /// <summary>outputs = f(biases + inputs * weights), each chain started at the bias, or at zero if <paramref name="biases"/> is empty.</summary>
    public static void Forward(
        KernelContext context,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> biases,
        Span<float> outputs,
        int rows,
        int inputCount,
        int outputCount,
        ActivationKind activation,
        float activationParameter) =>
        Forward(context, inputs, weights, biases, outputs, outputs, rows, inputCount, outputCount, activation, activationParameter);

    /// <summary>
    /// As above, keeping the arguments of the activation function in <paramref name="preActivations"/>, for the functions whose slope needs them. For <paramref name="hasSharedRows"/>, here and elsewhere, see
    /// <see cref="Products.SharesRowsOfResult"/>: it decides no bit.
    /// </summary>
    public static void Forward(
        KernelContext context,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> biases,
        Span<float> preActivations,
        Span<float> outputs,
        int rows,
        int inputCount,
        int outputCount,
        ActivationKind activation,
        float activationParameter,
        bool hasSharedRows = false)
    {
        int size = CheckShape(inputs.Length, weights.Length, outputs.Length, rows, inputCount, outputCount);
        CheckLength(nameof(preActivations), preActivations.Length, size);
        if (!biases.IsEmpty)
        {
            CheckLength(nameof(biases), biases.Length, outputCount);
        }

        fixed (float* left = inputs, right = weights, bias = biases, sum = preActivations, output = outputs)
        {
            GemmProblem problem = new()
            {
                Left = left,
                LeftRowStride = inputCount,
                LeftStepStride = 1,
                Right = right,
                RightStride = outputCount,
                Start = biases.IsEmpty ? context.Zeros(outputCount) : bias,
                Result = sum,
                ResultStride = outputCount,
                Rows = rows,
                Columns = outputCount,
                Depth = inputCount,
                HasSharedRows = hasSharedRows,
            };
            ActivationKernels.MultiplyForward(context, ref problem, activation, activationParameter, output);
        }
    }

    /// <summary>
    /// weightGradient = inputs^T * outputGradient, and biasGradient = the column sums of outputGradient (left out if empty), both accumulated over the
    /// rows in ascending order.
    /// </summary>
    public static void WeightGradient(
        KernelContext context,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> outputGradient,
        Span<float> weightGradient,
        Span<float> biasGradient,
        int rows,
        int inputCount,
        int outputCount,
        bool hasSharedRows = false)
    {
        CheckShape(inputs.Length, weightGradient.Length, outputGradient.Length, rows, inputCount, outputCount);
        BiasGradient(context, outputGradient, biasGradient, rows, outputCount);
        fixed (float* input = inputs, gradient = outputGradient, result = weightGradient)
        {
            int narrow = inputCount > NarrowOutputs ? NarrowRest(outputCount) : 0;
            int whole = outputCount - narrow;
            if (whole > 0)
            {
                Products.Multiply(context, GradientProblem(context, input, gradient, result, rows, inputCount, outputCount, whole, hasSharedRows));
            }

            if (narrow > 0)
            {
                TransposedWeightGradient(context, input, gradient + whole, result + whole, rows, inputCount, narrow, outputCount, hasSharedRows);
            }
        }
    }

    private static void BiasGradient(KernelContext context, ReadOnlySpan<float> outputGradient, Span<float> biasGradient, int rows, int outputCount)
    {
        if (biasGradient.IsEmpty)
        {
            return;
        }

        CheckLength(nameof(biasGradient), biasGradient.Length, outputCount);
        ReductionKernels.ColumnSums(context, outputGradient, biasGradient, rows, outputCount);
    }

    private static GemmProblem GradientProblem(
        KernelContext context, float* input, float* gradient, float* result, int rows, int inputCount, int outputCount, int columns, bool hasSharedRows = false) =>
        new()
        {
            Left = input,
            LeftRowStride = 1,
            LeftStepStride = inputCount,
            Right = gradient,
            RightStride = outputCount,
            Start = context.Zeros(columns),
            Result = result,
            ResultStride = outputCount,
            Rows = inputCount,
            Columns = columns,
            Depth = rows,
            FollowsColumns = Products.DividesColumns(rows, outputCount),
            HasSharedRows = hasSharedRows,
        };

    // Few outputs, or few beyond whole vectors of them, would leave most lanes of a vector empty.
    private static int NarrowRest(int outputCount)
    {
        const int NarrowRemainder = 4;
        const int ManyOutputs = 128;
        if (outputCount <= NarrowOutputs)
        {
            return outputCount;
        }

        int remainder = outputCount % Simd512.Width;
        return remainder <= NarrowRemainder && outputCount < ManyOutputs ? remainder : 0;
    }

    // The transposed gradient has the inputs along the lanes, and with one output it is the gradient itself.
    private static void TransposedWeightGradient(
        KernelContext context, float* input, float* gradient, float* result, int rows, int inputCount, int outputCount, int stride, bool hasSharedRows)
    {
        bool inPlace = outputCount == 1 && stride == 1;
        fixed (float* scratch = inPlace ? default : context.Scratch(outputCount * inputCount))
        {
            GemmProblem transposed = new()
            {
                Left = gradient,
                LeftRowStride = 1,
                LeftStepStride = stride,
                Right = input,
                RightStride = inputCount,
                Start = context.Zeros(inputCount),
                Result = inPlace ? result : scratch,
                ResultStride = inputCount,
                Rows = outputCount,
                Columns = inputCount,
                Depth = rows,
                HasSharedRows = hasSharedRows,
            };
            Products.Multiply(context, transposed);
            if (!inPlace)
            {
                GemmPacking.Transpose(scratch, inputCount, result, stride, outputCount, inputCount);
            }
        }
    }

    /// <summary>inputGradient = outputGradient * weights^T, accumulated over the outputs in ascending order.</summary>
    public static void InputGradient(
        KernelContext context,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> weights,
        Span<float> inputGradient,
        int rows,
        int inputCount,
        int outputCount) =>
        InputGradient(context, outputGradient, weights, inputGradient, rows, inputCount, outputCount, ActivationKind.Identity, 0f, inputGradient);

    /// <summary>
    /// As above, times the slope of the function that made the inputs: <paramref name="stored"/> holds the inputs, or the function's arguments if
    /// <see cref="ActivationKernels.NeedsPreActivation"/>. Where <paramref name="sums"/> is not empty it receives the column sums of the result, accumulated over the rows in ascending
    /// order: the gradient of the biases before the function.
    /// </summary>
    public static void InputGradient(
        KernelContext context,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> weights,
        Span<float> inputGradient,
        int rows,
        int inputCount,
        int outputCount,
        ActivationKind activation,
        float activationParameter,
        ReadOnlySpan<float> stored,
        Span<float> sums = default,
        bool hasSharedRows = false)
    {
        CheckShape(inputGradient.Length, weights.Length, outputGradient.Length, rows, inputCount, outputCount);
        CheckLength(nameof(stored), stored.Length, inputGradient.Length);
        if (!sums.IsEmpty)
        {
            CheckLength(nameof(sums), sums.Length, inputCount);
        }

        fixed (float* gradient = outputGradient, right = weights, result = inputGradient, slopes = stored, columnSums = sums)
        {
            GemmProblem problem = new()
            {
                Left = gradient,
                LeftRowStride = outputCount,
                LeftStepStride = 1,
                Right = right,

                // One column of weights is one row of its transpose as it lies.
                RightStride = outputCount == 1 ? inputCount : outputCount,
                RightTransposed = outputCount != 1,
                Start = context.Zeros(inputCount),
                Result = result,
                ResultStride = inputCount,
                Rows = rows,
                Columns = inputCount,
                Depth = outputCount,
                HasSharedRows = hasSharedRows,
            };
            problem.Finish.Sums = columnSums;
            ActivationKernels.MultiplyBackward(context, ref problem, activation, activationParameter, slopes);
        }
    }

    private static int CheckShape(int inputs, int weights, int outputs, int rows, int inputCount, int outputCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(inputCount);
        ArgumentOutOfRangeException.ThrowIfNegative(outputCount);
        CheckLength("[rows x inputs]", inputs, checked(rows * inputCount));
        CheckLength("[inputs x outputs]", weights, checked(inputCount * outputCount));
        int size = checked(rows * outputCount);
        CheckLength("[rows x outputs]", outputs, size);
        return size;
    }

    private static void CheckLength(string matrix, int actual, int expected)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{matrix} must have {expected} elements, but has {actual}.");
        }
    }
}
