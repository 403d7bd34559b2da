using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Normalisation of every column of a batch [rows x columns]. Lanes run along the columns and each column sums its rows in ascending order, so the bits
/// depend neither on the vector width nor on the columns around.
/// </summary>
internal static unsafe partial class BatchNormalizationKernels
{
    /// <summary>
    /// n = (x - mean) / sqrt(variance + epsilon) by the batch's own mean and variance (divided by the rows), y = n scale + shift. Moves the running
    /// statistics by 1 - kept towards the batch's mean and its variance divided by rows - 1; a single row says nothing of the spread and moves neither.
    /// </summary>
    /// <param name="context">The run's context.</param>
    /// <param name="input">x, [rows x columns].</param>
    /// <param name="output">Receives y.</param>
    /// <param name="normalized">Receives n, for the way back.</param>
    /// <param name="inverseDeviations">Receives 1 / sqrt(variance + epsilon) of every column, for the way back.</param>
    /// <param name="scale">One per column.</param>
    /// <param name="shift">One per column.</param>
    /// <param name="runningMean">One per column, updated.</param>
    /// <param name="runningVariance">One per column, updated.</param>
    /// <param name="epsilon">What is added to variances.</param>
    /// <param name="kept">The share of the running statistics that stays, 0 to 1.</param>
    public static void ForwardTraining(
        KernelContext context,
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<float> normalized,
        Span<float> inverseDeviations,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> shift,
        Span<float> runningMean,
        Span<float> runningVariance,
        double epsilon,
        double kept)
    {
        int columns = scale.Length;
        int rows = CheckShape(columns, input.Length, output.Length, normalized.Length);
        CheckColumns(columns, inverseDeviations.Length, shift.Length, runningMean.Length, runningVariance.Length);
        fixed (float* x = input, y = output, n = normalized, d = inverseDeviations, s = scale, t = shift, m = runningMean, v = runningVariance)
        {
            WidthDispatch.Run(context.VectorWidth, new TrainingProgram
            {
                X = x,
                Y = y,
                N = n,
                InverseDeviation = d,
                Scale = s,
                Shift = t,
                RunningMean = m,
                RunningVariance = v,
                Rows = rows,
                Columns = columns,
                Epsilon = epsilon,
                Kept = kept,
            });
        }
    }

    /// <summary>y = (x - mean) / sqrt(variance + epsilon) scale + shift by given statistics: a row has the same bits in a batch of any size.</summary>
    public static void ForwardEvaluation(
        KernelContext context,
        ReadOnlySpan<float> input,
        Span<float> output,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> shift,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance,
        double epsilon)
    {
        int columns = scale.Length;
        int rows = CheckShape(columns, input.Length, output.Length, output.Length);
        CheckColumns(columns, columns, shift.Length, mean.Length, variance.Length);
        fixed (float* x = input, y = output, s = scale, t = shift, m = mean, v = variance)
        {
            WidthDispatch.Run(context.VectorWidth, new EvaluationProgram
            {
                X = x,
                Y = y,
                Scale = s,
                Shift = t,
                Mean = m,
                Variance = v,
                Rows = rows,
                Columns = columns,
                Epsilon = epsilon,
            });
        }
    }

    /// <summary>
    /// With g the gradient of y and r rows: shiftGradient = sum of g, scaleGradient = sum of g n, and the gradient of x is
    /// scale / sqrt(variance + epsilon) (g - shiftGradient / r - n scaleGradient / r), unless its span is empty.
    /// </summary>
    public static void Backward(
        KernelContext context,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> normalized,
        ReadOnlySpan<float> inverseDeviations,
        ReadOnlySpan<float> scale,
        Span<float> scaleGradient,
        Span<float> shiftGradient,
        Span<float> inputGradient)
    {
        int columns = scale.Length;
        int rows = CheckShape(columns, outputGradient.Length, normalized.Length, inputGradient.IsEmpty ? normalized.Length : inputGradient.Length);
        CheckColumns(columns, inverseDeviations.Length, scaleGradient.Length, shiftGradient.Length, columns);
        fixed (float* g = outputGradient, n = normalized, d = inverseDeviations, s = scale, ds = scaleGradient, dt = shiftGradient, dx = inputGradient)
        {
            WidthDispatch.Run(context.VectorWidth, new BackwardProgram
            {
                G = g,
                N = n,
                InverseDeviation = d,
                Scale = s,
                ScaleGradient = ds,
                ShiftGradient = dt,
                InputGradient = dx,
                Rows = rows,
                Columns = columns,
            });
        }
    }

    private static int CheckShape(int columns, int input, int output, int normalized)
    {
        if (columns == 0 || input % columns != 0 || output != input || normalized != input)
        {
            throw new ArgumentException($"Matrices of {input}, {output} and {normalized} elements do not fit {columns} columns.");
        }

        return input / columns;
    }

    private static void CheckColumns(int columns, int first, int second, int third, int fourth)
    {
        if (first != columns || second != columns || third != columns || fourth != columns)
        {
            throw new ArgumentException($"{columns} columns need vectors of that length, but these have {first}, {second}, {third} and {fourth}.");
        }
    }
}
