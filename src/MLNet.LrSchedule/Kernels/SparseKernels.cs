using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The first layer on sparse rows: only stored elements are multiplied. A zero would add nothing to a chain, so the results have the bits of
/// <see cref="DenseKernels"/> on the same rows made dense, as long as the weights are finite (and but for the sign of a zero).
/// </summary>
internal static unsafe class SparseKernels
{
    /// <summary>
    /// outputs[rows x outputs] = f(sums), with sums = biases + inputs * weights, each chain started at the bias, or at zero without biases. Sums may be the same memory as the outputs where
    /// nobody asks for them. In training threads divide a batch by its <see cref="Division"/>.
    /// </summary>
    public static void Forward(
        KernelContext context,
        SparseRows inputs,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> biases,
        Span<float> sums,
        Span<float> outputs,
        int inputCount,
        int outputCount,
        ActivationKind activation,
        float activationParameter,
        bool isTraining = false)
    {
        CheckShape(inputs, weights.Length, sums.Length, inputCount, outputCount);
        if ((!biases.IsEmpty && biases.Length != outputCount) || outputs.Length != sums.Length)
        {
            throw new ArgumentException($"{outputCount} outputs of {inputs.Rows} rows do not fit {biases.Length} biases and {outputs.Length} results.");
        }

        fixed (int* offsets = inputs.Offsets, columns = inputs.Columns)
        fixed (float* values = inputs.Values, w = weights, b = biases, s = sums, y = outputs)
        {
            float* start = biases.IsEmpty ? context.Zeros(outputCount) : b;
            SparseDivision division = isTraining ? Division(context, inputs, inputCount, outputCount)
                : Steps(inputs, outputCount) >= MinParallelSteps ? SparseDivision.Elements
                : SparseDivision.None;
            if (division == SparseDivision.Outputs)
            {
                OutputWork work = new(offsets, columns, values, w, start, s, inputs.Rows, outputCount);
                ParallelRanges.Run(context, work, outputCount, minCount: 0, UpdateKernels.ColumnAlignment);
                ActivationKernels.Forward(context, activation, activationParameter, s, y, outputs.Length);
            }
            else
            {
                RowWork work = new(offsets, columns, values, w, start, s, y, outputCount, activation, activationParameter);
                ParallelRanges.Run(context, work, inputs.Rows, division == SparseDivision.Elements ? 2 : int.MaxValue);
            }
        }
    }

    /// <summary>How threads divide a batch among themselves in training, on the way forward and back. It decides no bit.</summary>
    public static SparseDivision Division(KernelContext context, SparseRows inputs, int inputCount, int outputCount)
    {
        if (context.MaxThreads == 1)
        {
            return SparseDivision.None;
        }

        bool areFar = context.ThreadsAreFar;
        long steps = Steps(inputs, outputCount);
        if (MayDivideOutputs(context.MaxThreads, areFar, inputCount, outputCount) && (!areFar || steps >= MinFarSteps))
        {
            return SparseDivision.Outputs;
        }

        return steps >= MinTrainingSteps && !areFar ? SparseDivision.Elements : SparseDivision.None;
    }

    /// <summary>
    /// Whether each thread has outputs enough of its own. With fewer, its part of a row of weights lies so close to that of the next thread that the processor fetches lines of both, and
    /// each waits for what the other has written: the longer, the farther the threads are from each other.
    /// </summary>
    public static bool MayDivideOutputs(int threads, bool areFar, int inputCount, int outputCount) =>
        outputCount >= (long)threads * (areFar ? MinFarOutputsPerThread : MinOutputsPerThread) && (long)inputCount * outputCount >= UpdateKernels.MinParallelCount;

    private static long Steps(SparseRows inputs, int outputCount) => (long)(inputs.Offsets[^1] - inputs.Offsets[0]) * outputCount;

    // A part of half a kilobyte, or of a whole one, of each row.
    private const int MinOutputsPerThread = 128, MinFarOutputsPerThread = 256;

    // Below about ten microseconds of one thread, handing out work costs more than it saves.
    private const int MinParallelSteps = 1 << 17;

    // In training lines change hands: with 64 outputs, batches of 128 rows of 40 elements gained where the matrix was wide and lost where it was not; of 256 rows none lost.
    private const int MinTrainingSteps = 1 << 19;

    // With 512 outputs two threads that are far from each other needed 1.6 to 1.9 times the time of one for batches of 32 rows of 40 elements, the same for 256, and three quarters for 1,024.
    private const int MinFarSteps = 1 << 22;

    internal static void CheckShape(SparseRows inputs, int weights, int outputs, int inputCount, int outputCount)
    {
        if (weights != (long)inputCount * outputCount || outputs != (long)inputs.Rows * outputCount)
        {
            throw new ArgumentException(
                $"{inputs.Rows} rows, {inputCount} inputs and {outputCount} outputs do not fit {weights} weights and {outputs} results.");
        }

        // The kernels below index by these without a further look.
        int previousOffset = inputs.Offsets[0];
        foreach (int offset in inputs.Offsets)
        {
            if (offset < previousOffset)
            {
                throw new ArgumentException("The offsets of sparse rows must ascend.");
            }

            previousOffset = offset;
        }

        uint largest = LargestColumn(MemoryMarshal.Cast<int, uint>(inputs.Columns[inputs.Offsets[0]..inputs.Offsets[^1]]));
        if (largest >= (uint)inputCount && inputs.Offsets[^1] > inputs.Offsets[0])
        {
            throw new ArgumentException($"A sparse row has an element in column {(int)largest}, but there are {inputCount} columns.");
        }
    }

    // A negative column is a very large one.
    private static uint LargestColumn(ReadOnlySpan<uint> columns)
    {
        Vector<uint> vector = Vector<uint>.Zero;
        ReadOnlySpan<Vector<uint>> vectors = MemoryMarshal.Cast<uint, Vector<uint>>(columns);
        foreach (Vector<uint> next in vectors)
        {
            vector = Vector.Max(vector, next);
        }

        uint largest = 0;
        for (int lane = 0; lane < Vector<uint>.Count; lane++)
        {
            largest = Math.Max(largest, vector[lane]);
        }

        foreach (uint column in columns[(vectors.Length * Vector<uint>.Count)..])
        {
            largest = Math.Max(largest, column);
        }

        return largest;
    }

    // The function follows while the thread has the sums in its cache.
    private readonly struct RowWork(
        int* offsets,
        int* columns,
        float* values,
        float* weights,
        float* start,
        float* sums,
        float* outputs,
        int outputCount,
        ActivationKind activation,
        float activationParameter) : IRangeWork
    {
        public void Run(KernelContext context, int first, int count)
        {
            nint at = (nint)first * outputCount;
            WidthDispatch.Run(
                context.VectorWidth, new ForwardProgram(offsets + first, columns, values, weights, start, sums + at, count, outputCount, outputCount));
            ActivationKernels.Forward(context.VectorWidth, activation, activationParameter, sums + at, outputs + at, count * outputCount);
        }
    }

    private readonly struct OutputWork(
        int* offsets, int* columns, float* values, float* weights, float* start, float* outputs, int rows, int outputCount) : IRangeWork
    {
        public void Run(KernelContext context, int first, int count) => WidthDispatch.Run(
            context.VectorWidth,
            new ForwardProgram(offsets, columns, values, weights + first, start + first, outputs + first, rows, count, outputCount));
    }

    private readonly struct ForwardProgram(
        int* offsets, int* columns, float* values, float* weights, float* start, float* outputs, int rows, int outputCount, nint stride) : IVectorProgram
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            int width = TSimd.Width;
            int column = 0;
            for (; column <= outputCount - (4 * width); column += 4 * width)
            {
                Accumulate<TSimd, TVector, FourVectors>(column);
            }

            if (column < outputCount)
            {
                Accumulate<TSimd, TVector, FourPartialVectors>(column);
            }
        }

        // Four column vectors of a row stay in registers while its elements are accumulated. An empty mask touches no memory.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Accumulate<TSimd, TVector, TColumns>(int column)
            where TSimd : ISimd<TVector, float>
            where TVector : struct
            where TColumns : struct, ITileColumns
        {
            int width = TSimd.Width;
            TVector mask0 = TSimd.Mask(outputCount - column);
            TVector mask1 = TSimd.Mask(outputCount - column - width);
            TVector mask2 = TSimd.Mask(outputCount - column - (2 * width));
            TVector mask3 = TSimd.Mask(outputCount - column - (3 * width));
            float* panel = weights + column;
            float* bias = start + column;
            float* result = outputs + column;
            nint rowStride = stride;
            int* element = columns + offsets[0];
            float* value = values + offsets[0];
            for (int row = 0; row < rows; row++)
            {
                TVector x0 = TileVectors<TSimd, TVector, TColumns>.LoadLast(bias, mask0);
                TVector x1 = TileVectors<TSimd, TVector, TColumns>.LoadLast(bias + width, mask1);
                TVector x2 = TileVectors<TSimd, TVector, TColumns>.LoadLast(bias + (2 * width), mask2);
                TVector x3 = TileVectors<TSimd, TVector, TColumns>.LoadLast(bias + (3 * width), mask3);
                for (int i = offsets[row + 1] - offsets[row]; i > 0; i--)
                {
                    float* w = panel + (*element * rowStride);
                    TVector factor = TSimd.LoadBroadcast(value);
                    x0 = TSimd.FusedMultiplyAdd(TileVectors<TSimd, TVector, TColumns>.LoadLast(w, mask0), factor, x0);
                    x1 = TSimd.FusedMultiplyAdd(TileVectors<TSimd, TVector, TColumns>.LoadLast(w + width, mask1), factor, x1);
                    x2 = TSimd.FusedMultiplyAdd(TileVectors<TSimd, TVector, TColumns>.LoadLast(w + (2 * width), mask2), factor, x2);
                    x3 = TSimd.FusedMultiplyAdd(TileVectors<TSimd, TVector, TColumns>.LoadLast(w + (3 * width), mask3), factor, x3);
                    element++;
                    value++;
                }

                TileVectors<TSimd, TVector, TColumns>.StoreLast(result, mask0, x0);
                TileVectors<TSimd, TVector, TColumns>.StoreLast(result + width, mask1, x1);
                TileVectors<TSimd, TVector, TColumns>.StoreLast(result + (2 * width), mask2, x2);
                TileVectors<TSimd, TVector, TColumns>.StoreLast(result + (3 * width), mask3, x3);
                result += rowStride;
            }
        }
    }
}
