using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

// The loops, for vectors of any width.
internal static unsafe partial class BatchNormalizationKernels
{
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
