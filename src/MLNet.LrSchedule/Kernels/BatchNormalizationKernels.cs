using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Normalisation of every column of a batch [rows x columns]. Lanes run along the columns and each column sums its rows in ascending order, so the bits
/// depend neither on the vector width nor on the columns around.
/// </summary>
internal static unsafe class BatchNormalizationKernels
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

    private readonly struct TrainingProgram : IVectorProgram
    {
        public required float* X { get; init; }

        public required float* Y { get; init; }

        public required float* N { get; init; }

        public required float* InverseDeviation { get; init; }

        public required float* Scale { get; init; }

        public required float* Shift { get; init; }

        public required float* RunningMean { get; init; }

        public required float* RunningVariance { get; init; }

        public required int Rows { get; init; }

        public required int Columns { get; init; }

        public required double Epsilon { get; init; }

        public required double Kept { get; init; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            TVector one = TSimd.Constant(1);
            TVector rows = TSimd.Constant(Rows);
            for (int column = 0; column < Columns; column += TSimd.Width)
            {
                TVector mask = TSimd.Mask(Columns - column);
                TVector sum = TSimd.Constant(0);
                for (int i = 0; i < Rows; i++)
                {
                    sum = TSimd.Add(sum, TSimd.LoadMasked(X + ((nint)i * Columns) + column, mask));
                }

                TVector mean = TSimd.Divide(sum, rows);
                TVector squares = TSimd.Constant(0);
                for (int i = 0; i < Rows; i++)
                {
                    TVector difference = TSimd.Subtract(TSimd.LoadMasked(X + ((nint)i * Columns) + column, mask), mean);
                    squares = TSimd.FusedMultiplyAdd(difference, difference, squares);
                }

                TVector variance = TSimd.Divide(squares, rows);
                TVector inverse = TSimd.Divide(one, TSimd.SquareRoot(TSimd.Add(variance, TSimd.Constant(Epsilon))));
                TVector scale = TSimd.LoadMasked(Scale + column, mask);
                TVector shift = TSimd.LoadMasked(Shift + column, mask);
                for (int i = 0; i < Rows; i++)
                {
                    nint place = ((nint)i * Columns) + column;
                    TVector normalized = TSimd.Multiply(TSimd.Subtract(TSimd.LoadMasked(X + place, mask), mean), inverse);
                    TSimd.StoreMasked(N + place, mask, normalized);
                    TSimd.StoreMasked(Y + place, mask, TSimd.FusedMultiplyAdd(normalized, scale, shift));
                }

                TSimd.StoreMasked(InverseDeviation + column, mask, inverse);
                if (Rows > 1)
                {
                    Move<TSimd, TVector>(RunningMean + column, mask, mean);
                    Move<TSimd, TVector>(RunningVariance + column, mask, TSimd.Divide(squares, TSimd.Constant(Rows - 1)));
                }
            }
        }

        private void Move<TSimd, TVector>(float* running, TVector mask, TVector towards)
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            TVector share = TSimd.Multiply(TSimd.Constant(1 - Kept), towards);
            TSimd.StoreMasked(running, mask, TSimd.FusedMultiplyAdd(TSimd.Constant(Kept), TSimd.LoadMasked(running, mask), share));
        }
    }

    private readonly struct EvaluationProgram : IVectorProgram
    {
        public required float* X { get; init; }

        public required float* Y { get; init; }

        public required float* Scale { get; init; }

        public required float* Shift { get; init; }

        public required float* Mean { get; init; }

        public required float* Variance { get; init; }

        public required int Rows { get; init; }

        public required int Columns { get; init; }

        public required double Epsilon { get; init; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            for (int column = 0; column < Columns; column += TSimd.Width)
            {
                TVector mask = TSimd.Mask(Columns - column);
                TVector mean = TSimd.LoadMasked(Mean + column, mask);
                TVector variance = TSimd.LoadMasked(Variance + column, mask);
                TVector inverse = TSimd.Divide(TSimd.Constant(1), TSimd.SquareRoot(TSimd.Add(variance, TSimd.Constant(Epsilon))));
                TVector scale = TSimd.LoadMasked(Scale + column, mask);
                TVector shift = TSimd.LoadMasked(Shift + column, mask);
                for (int i = 0; i < Rows; i++)
                {
                    nint place = ((nint)i * Columns) + column;
                    TVector normalized = TSimd.Multiply(TSimd.Subtract(TSimd.LoadMasked(X + place, mask), mean), inverse);
                    TSimd.StoreMasked(Y + place, mask, TSimd.FusedMultiplyAdd(normalized, scale, shift));
                }
            }
        }
    }

    private readonly struct BackwardProgram : IVectorProgram
    {
        public required float* G { get; init; }

        public required float* N { get; init; }

        public required float* InverseDeviation { get; init; }

        public required float* Scale { get; init; }

        public required float* ScaleGradient { get; init; }

        public required float* ShiftGradient { get; init; }

        public required float* InputGradient { get; init; }

        public required int Rows { get; init; }

        public required int Columns { get; init; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            TVector rows = TSimd.Constant(Rows);
            for (int column = 0; column < Columns; column += TSimd.Width)
            {
                TVector mask = TSimd.Mask(Columns - column);
                TVector shift = TSimd.Constant(0);
                TVector scale = TSimd.Constant(0);
                for (int i = 0; i < Rows; i++)
                {
                    nint place = ((nint)i * Columns) + column;
                    TVector g = TSimd.LoadMasked(G + place, mask);
                    shift = TSimd.Add(shift, g);
                    scale = TSimd.FusedMultiplyAdd(g, TSimd.LoadMasked(N + place, mask), scale);
                }

                TSimd.StoreMasked(ShiftGradient + column, mask, shift);
                TSimd.StoreMasked(ScaleGradient + column, mask, scale);
                if (InputGradient == null)
                {
                    continue;
                }

                TVector factor = TSimd.Multiply(TSimd.LoadMasked(Scale + column, mask), TSimd.LoadMasked(InverseDeviation + column, mask));
                TVector meanShift = TSimd.Divide(shift, rows);
                TVector meanScale = TSimd.Subtract(TSimd.Constant(0), TSimd.Divide(scale, rows));
                for (int i = 0; i < Rows; i++)
                {
                    nint place = ((nint)i * Columns) + column;
                    TVector centered = TSimd.Subtract(TSimd.LoadMasked(G + place, mask), meanShift);
                    TVector gradient = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(N + place, mask), meanScale, centered);
                    TSimd.StoreMasked(InputGradient + place, mask, TSimd.Multiply(factor, gradient));
                }
            }
        }
    }
}
